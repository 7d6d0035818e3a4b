"""The pages on wording and deadlines say what the code does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from forecasts.language.deadlines import Deadline, Unreadable, read_deadline
from forecasts.language.wording import TABLE, TABLE_VERSION

DOCS = Path(__file__).parents[2] / "docs"
PUBLISHED = datetime(2026, 11, 22, tzinfo=UTC)


def rows(page: str) -> list[tuple[str, ...]]:
    """The rows of the page's one table, without its head."""
    lines = [line for line in (DOCS / page).read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:]]


def test_the_page_shows_the_wording_table_entry_by_entry() -> None:
    assert rows("wording.md") == [(entry.expression, f"{entry.tick / 100:g} %", entry.source) for entry in TABLE]
    assert f"Version {TABLE_VERSION}." in (DOCS / "wording.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("wording", "meaning"), rows("deadlines.md"))
def test_each_example_of_a_deadline_is_read_as_the_page_says(wording: str, meaning: str) -> None:
    answer = read_deadline(wording, PUBLISHED)
    if meaning.startswith("refused: "):
        assert isinstance(answer, Unreadable)
        assert meaning.removeprefix("refused: ") in answer.reason
    else:
        assert isinstance(answer, Deadline)
        assert f"{answer.resolves_by:%Y-%m-%d %H:%M:%S}" == f"{meaning} 23:59:59"
