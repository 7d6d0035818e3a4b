"""What every action has in common, read from its signature and its source."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from forecasts import actions, errors
from forecasts.errors import ReckonerError
from forecasts.models import EntryKind

ACTIONS: list[Callable[..., object]] = [
    function
    for function in (getattr(actions, name) for name in actions.__all__)
    if inspect.isfunction(function) and hasattr(function, "__wrapped__")
]
BOOKKEEPING = {
    "advance_cursor",
    "begin_answer",
    "drop_answer",
    "end_answer",
    "note_key_use",
    "begin_reading",
    "begin_trial",
    "end_visit",
    "check_now",
    "keep_filter",
    "keep_import_file",
    "keep_robots",
    "claim_link",
    "claim_source",
    "claim_delivery",
    "count_words",
    "drop_deliveries",
    "queue_event",
    "queue_test",
    "record_delivery",
    "release_webhook",
    "replay_delivery",
    "replay_events",
    "fit_threshold",
    "forget_filter",
    "save_filter",
    "drop_snapshots",
    "copy_assessment",
    "copy_resolutions",
    "fail_call",
    "note_engine",
    "forget_unsettled",
    "note_failure",
    "note_verified",
    "rebuild_cells",
    "rebuild_made",
    "record_check",
    "record_link",
    "refresh_calibration",
    "release_link",
    "release_source",
    "reserve_call",
    "score_predictions",
    "settle_call",
    "sum_unsettled",
    "take_lease",
}


def test_it_works() -> None:
    assert len(ACTIONS) > 30


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.__name__)
def test_an_action_is_keyword_only_atomic_and_says_when_and_who(action: Callable[..., object]) -> None:
    parameters = inspect.signature(action).parameters
    assert {parameter.kind for parameter in parameters.values()} <= {inspect.Parameter.KEYWORD_ONLY}
    assert action.__doc__
    if action.__name__ not in BOOKKEEPING:
        assert {"at", "by"} <= parameters.keys()


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.__name__)
def test_a_decision_appends_as_its_last_statement(action: Callable[..., object]) -> None:
    source = inspect.getsource(inspect.unwrap(action))
    body = source[source.index('"""', source.index('"""') + 3) + 3 :].strip()
    if action.__name__ in BOOKKEEPING or "_settle_directly(" in body:
        return
    assert body.count("append(") == 1
    after = body[body.index("append(") :]
    # Behind it stands nothing but the return of the row.
    behind = [line.strip() for line in after.splitlines()[1:] if re.match(r"    \w", line)]
    assert all(line.startswith("return ") for line in behind)


@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_of_entry_is_appended_by_some_action(kind: EntryKind) -> None:
    sources = "".join(path.read_text() for path in Path(inspect.getfile(actions)).parent.glob("*.py"))
    assert f"EntryKind.{kind.name}" in sources


def test_the_tree_of_errors_is_the_one_its_docstring_draws() -> None:
    tree = re.findall(r"^([│├└─ ]*)(\w+) +\S", errors.__doc__ or "", re.MULTILINE)
    drawn = {name: len(branches) // 4 for branches, name in tree if name[0].isupper() and name in dir(errors)}
    real = {each.__name__: len(each.__mro__) - len(ReckonerError.__mro__) for each in known(ReckonerError)}
    assert drawn == real
    assert len({each.code for each in known(ReckonerError)}) == len(real)


def known(error: type[ReckonerError]) -> set[type[ReckonerError]]:
    """`error` and what descends from it, as far as it is defined beside it."""
    below = {each for child in error.__subclasses__() for each in known(child)}
    return {each for each in {error, *below} if each.__module__ == errors.__name__}
