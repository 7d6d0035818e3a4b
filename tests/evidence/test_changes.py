"""The readable difference of two texts."""

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.evidence.changes import Change, diff

LINES = st.lists(st.sampled_from(["a", "b", "c d e", "c d f", "g h"]), max_size=10).map("\n".join)


def test_it_names_what_was_added_removed_and_changed() -> None:
    before = "Title\nThe rate is 4.5 %\nOld paragraph\nEnd"
    after = "Title\nNews today\nThe rate is 4.0 %\nEnd"
    assert diff(before, after) == (
        Change("removed", "Old paragraph", ""),
        Change("added", "", "News today"),
        Change("changed", "The rate is 4.5 %", "The rate is 4.0 %"),
    )


def test_the_same_text_has_no_changes() -> None:
    assert diff("a\nb", "a\nb") == ()
    assert diff("", "") == ()


def test_moved_lines_are_no_change() -> None:
    assert diff("a\nb\nc\nd", "c\nd\na\nb") == ()
    assert diff("a\nb\nc", "c\nnew\nb\na") == (Change("added", "", "new"),)


def test_what_is_gone_stands_where_it_was() -> None:
    assert [change.old or change.new for change in diff("a\nx\nb\ny", "n\na\nb\nm")] == ["n", "x", "y", "m"]


def test_from_nothing_everything_is_new() -> None:
    assert diff("", "a\nb") == (Change("added", "", "a"), Change("added", "", "b"))
    assert diff("a\nb", "") == (Change("removed", "a", ""), Change("removed", "b", ""))


def test_a_line_that_is_there_once_more_is_new_once() -> None:
    assert diff("a\nb", "a\nb\na") == (Change("added", "", "a"),)


@given(LINES, LINES)
def test_the_changes_turn_the_old_lines_into_the_new(before: str, after: str) -> None:
    changes = diff(before, after)
    gone = Counter(change.old for change in changes if change.kind != "added")
    come = Counter(change.new for change in changes if change.kind != "removed")
    lines = Counter(before.split("\n") if before else ())
    lines.subtract(gone)
    assert min(lines.values(), default=0) >= 0
    assert +lines + come == Counter(after.split("\n") if after else ())


HUGE = {
    "all new": ("\n".join(f"a {n}" for n in range(100_000)), "\n".join(f"b {n}" for n in range(100_000))),
    "all like each other": (
        "\n".join(f"a b c {n}" for n in range(100_000)),
        "\n".join(f"b c a {n}x" for n in range(100_000)),
    ),
    "turned round": ("\n".join(map(str, range(100_000))), "\n".join(map(str, reversed(range(100_000))))),
    "one line": ("a " * 500_000, "b " * 500_000),
    "one line again and again": ("a\n" * 100_000, "b\n" * 100_000),
    "every other line": ("\n".join(f"{n}" for n in range(100_000)), "\n".join(f"{n}" for n in range(0, 200_000, 2))),
}


@pytest.mark.parametrize(("before", "after"), HUGE.values(), ids=HUGE.keys())
def test_huge_texts_take_seconds_at_most(before: str, after: str) -> None:
    started = time.monotonic()
    changes = diff(before, after)
    assert 0 < len(changes) <= 40_002
    assert time.monotonic() - started < 4


def test_a_change_behind_the_last_block_that_is_told_apart_is_not_lost() -> None:
    lines = [str(n) for n in range(30_000)]
    (change,) = diff("\n".join(lines), "\n".join([*lines[:-1], "new"]))
    assert change.kind == "changed"
    assert change.new.endswith("\nnew")
