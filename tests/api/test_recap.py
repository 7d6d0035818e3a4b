"""/api/v1/recap: the recap of a week or a year"""

from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.api.conftest import Get
from tests.story import DAY, DEADLINE, Story

NOW = DEADLINE + 8 * DAY


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_it_works(get: Get, story: Story) -> None:
    row = story.settled(0.7, "no")
    found = get("recap")
    assert (found["name"], found["url"], found["is_over"]) == ("2026-W27", "/recap/2026-W27/", True)
    assert (found["since"], found["until"]) == ("2026-06-29T00:00:00Z", "2026-07-06T00:00:00Z")
    assert (found["n_resolved"], found["n_void"], found["n_misses"], found["n_hits"]) == (1, 0, 1, 0)
    assert found["resolved"][0]["url"] == f"/predictions/{row.slug}/"
    assert found["resolved"][0]["said"] == [{"name": "Policy desk", "words": "70\N{NO-BREAK SPACE}%", "leant": "miss"}]
    assert found["surprise"]["given"] == 3_000
    assert get("recap", week="2026-W27") == found
    year = get("recap", year="2026")
    assert (year["n_resolved"], year["n_new"], year["is_over"], year["following"]) == (1, 1, False, None)


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"week": "2026-W29"}, "week"),
        ({"week": ""}, "week"),
        ({"year": "2027"}, "year"),
        ({"week": "2026-W27", "year": "2026"}, "year"),
        ({"month": "2026-07"}, "month"),
    ],
)
def test_what_names_no_span_is_refused(get: Get, parameters: dict[str, str], field: str) -> None:
    assert get("recap", status=400, **parameters)["problems"][0]["field"] == field


def test_drafts_are_nowhere(get: Get, secret: str) -> None:
    assert secret not in str(get("recap", year="2026"))


def test_more_rows_cost_no_more_queries(count_queries: Callable[..., int], story: Story) -> None:
    def more() -> None:
        story.settled(0.7, "no")
        story.opened(resolves_by=DEADLINE + 10 * DAY)

    more()
    few = count_queries("recap")
    more()
    assert count_queries("recap") == few <= 16
