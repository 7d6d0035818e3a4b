"""Tests that `make test` runs once, because no database could change what they say."""

import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
DATABASE = re.compile(r"django_db|own_database|transactional_db|[(\s]story: Story|from tests\.story")


def test_no_test_that_runs_once_touches_a_database() -> None:
    """Without one of these words pytest-django lets none through."""
    named = re.search(r"^PURE := (.+)$", (TOP / "Makefile").read_text(), re.MULTILINE)
    assert named
    folders = [TOP / name for name in named[1].split()]
    assert len(folders) == 5
    files = [path for folder in folders for path in folder.rglob("*.py")]
    assert len(files) > 50
    assert [path.name for path in files if DATABASE.search(path.read_text())] == []
