"""An import: what is new and can be taken, under one entry; the same file again changes nothing."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from forecasts.actions import (
    ImportedForecaster,
    ImportedPrediction,
    RefusedRow,
    RowKind,
    RowState,
    merge_forecasters,
    open_prediction,
)
from forecasts.errors import Problem
from forecasts.jobs.recompute import compare
from forecasts.ledger.verify import verify
from forecasts.models import (
    EntryKind,
    Forecast,
    Forecaster,
    ForecasterKind,
    ImportRun,
    LedgerEntry,
    Prediction,
    PredictionGroup,
    Resolution,
    Score,
    Topic,
)
from forecasts.queries.own_rows import own_rows
from forecasts.scoring.days import day_number
from tests.imported import (
    KNOWN,
    LATER,
    ORACLE,
    POLICY_DESK,
    applies,
    brought,
    bulk,
    only_problem,
    said,
    settled,
    still_open,
)
from tests.refusals import everything
from tests.story import DAY, DEADLINE, START, Story


def test_it_works(story: Story) -> None:
    run = brought(story, bulk(settled(), settled(2, statement="The blue one will.", outcome="no")))
    assert (run.rows, run.new, run.unchanged, run.conflicting, run.refused) == (6, 2 + 6 + 2, 1, 0, 0)
    assert list(run.forecasts.order_by("row_index").values_list("row_index", flat=True)) == [0, 1, 2, 3, 4, 5]
    assert set(run.forecasts.values_list("provenance", "recorded_at", "stands_from")) == {("imported", LATER, LATER)}
    assert PredictionGroup.objects.get().predictions.count() == 2
    row = Prediction.objects.get(slug="the-red-candidate-will-be-elected")
    assert (row.status, row.opens_at, row.due_at, row.published_at) == ("resolved", START, LATER, LATER)
    assert (row.external_id, row.import_run) == ("table:1", run)
    resolution = row.current_resolution
    assert resolution is not None
    assert (resolution.proposed_by_rule, resolution.approver, resolution.import_run) == ("import", story.approver, run)
    entries = LedgerEntry.objects.filter(kind=EntryKind.IMPORT_APPLIED)
    assert [entry.subject for entry in entries] == [f"import:{run.pk}"]
    assert LedgerEntry.objects.latest("seq") == entries.get()
    assert verify().size == entries.get().seq


def test_its_forecasts_are_scored_on_the_imported_track_alone(story: Story) -> None:
    applies(story, bulk(settled()))
    story.scores()
    assert set(Score.objects.values_list("track", flat=True)) == {"imported", "all"}
    first = Score.objects.get(forecaster=story.desk, counting="first", track="imported")
    assert first.brier_sum == (10_000 - 6000) ** 2
    assert compare().differences == []


def test_the_same_file_again_changes_nothing(story: Story) -> None:
    given = bulk(settled(), still_open(2, resolves_by=LATER + DAY, closes_at=LATER + DAY))
    applies(story, given)
    before = everything()
    again = applies(story, given, LATER + 5 * DAY)
    assert (again.run, again.plan.states) == (
        None,
        {"new": 0, "unchanged": 1 + 2 + 4 + 1, "conflicting": 0, "refused": 0},
    )
    assert everything() == before


def test_a_file_that_has_grown_adds_what_is_new(story: Story) -> None:
    applies(story, bulk(still_open(topics=("Elections",))))
    grown = still_open(topics=("Elections",), forecasts=(said(1, 0.6), said(1, 0.7, at=START + DAY, turn=1)))
    other = still_open(2, statement="Another.", topics=("Elections", "Europe"))
    run = brought(story, bulk(grown, other, sha256="b" * 64), LATER + DAY)
    assert (run.rows, run.new, run.unchanged) == (2, 3, 3)
    assert set(Topic.objects.values_list("name", flat=True)) == {"Elections", "Europe"}
    assert PredictionGroup.objects.count() == 1
    assert list(run.forecasts.order_by("row_index").values_list("tick", "external_id")) == [
        (7000, "1-1"),
        (6000, "2-0"),
    ]
    assert verify().size == LedgerEntry.objects.count()


def test_an_outcome_that_comes_later_resolves_what_came_open(story: Story) -> None:
    applies(story, bulk(still_open()), START + 5 * DAY)
    assert Prediction.objects.get().status == "open"
    story.scores()
    assert not Score.objects.exists()
    run = brought(story, bulk(settled(forecasts=(said(1, 0.6),)), sha256="b" * 64))
    assert (run.rows, run.new, run.resolutions.get().outcome) == (0, 1, "yes")
    story.scores()
    assert Score.objects.get(forecaster=story.desk, track="imported", counting="first").brier_sum == 4000**2
    assert compare().differences == []
    assert verify().size == LedgerEntry.objects.count()
    again = applies(story, bulk(settled(forecasts=(said(1, 0.6),)), sha256="b" * 64))
    assert (again.run, again.plan.left_out) == (None, [])


def test_what_was_imported_open_lives_on_at_the_desk(story: Story) -> None:
    applies(story, bulk(still_open(resolves_by=DEADLINE, closes_at=DEADLINE)), START + DAY)
    row = Prediction.objects.get()
    story.amends(row, {"criteria": "Yes if she won."}, at=START + 2 * DAY, reason="shorter")
    story.says(row, 0.8, at=START + 2 * DAY)
    story.resolves(row, "yes", known_at=START + 3 * DAY)
    assert verify().size == LedgerEntry.objects.count()
    again = applies(story, bulk(still_open(resolves_by=DEADLINE, closes_at=DEADLINE)))
    assert (again.run, again.plan.left_out) == (None, [])  # what was said once is no contradiction


def test_a_file_settles_nothing_on_which_somebody_forecast_here(story: Story) -> None:
    """It would settle live forecasts by one person alone."""
    applies(story, bulk(still_open(resolves_by=DEADLINE, closes_at=DEADLINE)), START + DAY)
    row = Prediction.objects.get()
    story.says(row, 0.8, at=START + 2 * DAY)
    again = applies(story, bulk(settled(resolves_by=DEADLINE, closes_at=DEADLINE, forecasts=())))
    assert again.run is None
    said = "somebody forecast on it at this desk; propose a resolution there"
    assert only_problem(again) == ("refused", "outcome", "yes", said)
    assert not Resolution.objects.exists()


def test_no_two_predictions_ever_have_one_key(story: Story) -> None:
    draft = story.draft(statement="It will snow.")
    given = still_open(external_id="reckoner:it-will-snow")
    said = "here it is a draft; open that first, or log it anew"
    applied = applies(story, bulk(given))
    assert [(row.kind, row.state) for row in applied.plan.left_out] == [
        ("prediction", "conflicting"),
        ("forecast", "refused"),
    ]
    assert applied.plan.left_out[0].problem == Problem("prediction", "reckoner:it-will-snow", said)
    applies(story, bulk(replace(given, external_id="reckoner:it-will-hail")))
    assert story.draft(statement="It will hail.").slug == "it-will-hail-2"
    open_prediction(prediction=draft, override_reason="a test", at=START, by=story.editor)
    assert {about["prediction"] for about, *_ in own_rows()} == {"reckoner:it-will-snow", "reckoner:it-will-hail"}


def test_many_that_begin_alike_are_brought_without_asking_for_each_other(
    story: Story, django_assert_max_num_queries: Any
) -> None:
    rows = [still_open(number, forecasts=(), opens_at=START) for number in range(1, 101)]
    with django_assert_max_num_queries(100 * 16):
        applies(story, bulk(*rows))
    slug = "the-red-candidate-will-be-elected"
    assert {*Prediction.objects.values_list("slug", flat=True)} == {slug, *(f"{slug}-{n}" for n in range(2, 101))}


def test_what_was_imported_open_closes_with_time(story: Story) -> None:
    applies(story, bulk(still_open()), START + DAY)
    story.passes(Prediction.objects.get(), KNOWN + 5 * DAY)
    assert verify().size == LedgerEntry.objects.count()


@pytest.mark.parametrize(
    ("second", "state", "field", "value", "accepted"),
    [
        ({"criteria": "No."}, "conflicting", "criteria", "No.", "“Yes if the red candidate won.”, and stays so"),
        ({"outcome": "no"}, "conflicting", "outcome", "no", "here it is “yes”, and stays so"),
        ({"known_at": KNOWN + DAY}, "conflicting", "known_at", "2026-01-12", "here it is “2026-01-11"),
        ({"outcome": "", "void_reason": "retracted"}, "conflicting", "outcome", "", "here it is “yes”"),
        ({"forecasts": (said(1, 0.1),)}, "conflicting", "tick", "1000", "here it is “6000”, and stays so"),
        ({"forecasts": (said(1, None),)}, "conflicting", "tick", "None", "here it is “6000”"),
        ({"forecasts": (said(1, 0.6, rationale="so"),)}, "conflicting", "rationale", "so", "here it is “”"),
    ],
)
def test_other_content_under_one_key_is_shown_and_never_overwritten(
    story: Story, second: dict[str, Any], state: str, field: str, value: str, accepted: str
) -> None:
    applies(story, bulk(settled()))
    before = everything()
    again = applies(story, bulk(settled(**second), sha256="b" * 64))
    found = only_problem(again)
    assert found[:2] == (state, field)
    assert value in found[2]
    assert accepted in found[3]
    assert (again.run, everything()) == (None, before)


def test_under_another_statement_nothing_is_added(story: Story) -> None:
    applies(story, bulk(still_open()))
    new = still_open(statement="Something else.", forecasts=(said(1, 0.9, at=START + DAY, turn=1),))
    again = applies(story, bulk(new))
    assert [(row.kind, row.state) for row in again.plan.left_out] == [
        ("prediction", "conflicting"),
        ("forecast", "refused"),
    ]
    assert again.run is None


def test_another_kind_of_forecaster_is_shown(story: Story) -> None:
    other = ImportedForecaster("policy-desk", "Policy desk", ForecasterKind.PERSON)
    applied = applies(story, bulk(settled(), forecasters=(other,)))
    assert only_problem(applied) == ("conflicting", "kind", "person", "here it is “desk”, and stays so")
    assert Forecaster.objects.get(slug="policy-desk").kind == "desk"


def test_forecasters_are_made_when_something_is_credited_to_them(story: Story) -> None:
    idle = ImportedForecaster("idle", "Idle", ForecasterKind.PERSON)
    applies(story, bulk(still_open(forecasts=(said(1, 0.6, forecaster="oracle"),)), forecasters=(ORACLE, idle)))
    row = Forecaster.objects.get(slug="oracle")
    assert (row.name, row.kind, row.is_bot, row.bio) == ("Oracle", "ai_model", True, "Whose it is")
    assert not Forecaster.objects.filter(slug="idle").exists()


def test_what_a_merged_forecaster_said_stays_its_own(story: Story) -> None:
    applies(story, bulk(still_open(forecasts=(said(1, 0.6, forecaster="oracle"),))))
    oracle = Forecaster.objects.get(slug="oracle")
    merge_forecasters(forecaster=oracle, into=story.desk, at=LATER, by=story.editor)
    more = (said(1, 0.6, forecaster="oracle"), said(1, 0.7, at=START + DAY, forecaster="oracle", turn=1))
    run = brought(story, bulk(still_open(forecasts=more)), LATER + DAY)
    assert (run.forecasts.get().forecaster, run.new, run.conflicting) == (oracle, 1, 0)


Refusal = tuple[Callable[[], ImportedPrediction], str, str, str]
REFUSALS: dict[str, Refusal] = {
    "outcome": (lambda: settled(outcome="maybe"), "outcome", "maybe", "give one of yes, no"),
    "void": (lambda: settled(outcome="", void_reason="boring"), "void_reason", "boring", "premise_failed"),
    "both": (lambda: settled(void_reason="retracted"), "outcome", "yes", "and not both"),
    "unknown when": (lambda: settled(known_at=None), "known_at", "None", "say when the world knew"),
    "known too soon": (lambda: settled(known_at=START), "known_at", "2026-01-01", "not_a_prediction"),
    "known in future": (lambda: settled(known_at=LATER + DAY), "known_at", "2026-07-10", "not after now"),
    "no opening": (lambda: still_open(forecasts=()), "opens_at", "None", "at least one forecast"),
    "dates": (lambda: still_open(closes_at=START), "closes_at", START.isoformat(), "after the opening"),
    "naive": (lambda: still_open(closes_at=dt.datetime(2026, 3, 1)), "closes_at", "2026-03-01", "with its zone"),  # noqa: DTZ001
    "statement": (lambda: still_open(statement=" "), "statement", "' '", "say what will happen"),
    "NUL": (lambda: still_open(criteria="a\x00b"), "criteria", "a\x00b", "without NUL"),
    "half": (lambda: still_open(criteria="a\ud800b"), "criteria", "a\ud800b", "without halves"),
    "key": (lambda: still_open(external_id=" "), "external_id", " ", "an id of its own"),
    "long key": (lambda: still_open(external_id="k" * 201), "external_id", "k" * 201, "at most 200"),
    "group": (lambda: still_open(group="g" * 301), "group", "g" * 301, "at most 300"),
    "options": (lambda: still_open(kind="multiple_choice", options=("A",)), "options", "A", "2 to 100"),
    "range": (lambda: still_open(kind="numeric"), "range_max", "None", "lies above its start"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_prediction_that_cannot_be_taken_is_left_out_with_its_forecasts(story: Story, name: str) -> None:
    make, field, value, accepted = REFUSALS[name]
    bad, good = make(), settled(2, statement="The blue one will.")
    applied = applies(story, bulk(bad, good))
    first, *others = applied.plan.left_out
    assert first.problem is not None
    assert (first.kind, first.state, first.problem.field) == (RowKind.PREDICTION, RowState.REFUSED, field)
    assert value.strip("'") in str(first.problem.value)
    assert accepted in first.problem.accepted
    assert [row.problem and row.problem.field for row in others] == ["prediction"] * len(bad.forecasts)
    assert Prediction.objects.get().statement == "The blue one will."
    run = ImportRun.objects.get()
    assert (run.refused, sum(run.skipped.values())) == (1 + len(bad.forecasts), 1 + len(bad.forecasts))


@pytest.mark.parametrize(
    ("given", "field", "accepted"),
    [
        ({"value": 1.2}, "value", "from 0 to 1"),
        ({"value": {"A": 0.5}}, "value", "from 0 to 1"),
        ({"at": KNOWN}, "issued_at", "the outcome was known at 2026-01-11"),
        ({"at": LATER + DAY}, "issued_at", "not after now"),
        ({"forecaster": "nobody"}, "forecaster", "give one that the file describes"),
        ({"forecaster": "human-crowd"}, "forecaster", "it was refused itself: crowds and baselines"),
        ({"forecaster": "bad slug"}, "forecaster", "it was refused itself"),
        ({"basis": "gut"}, "basis", "give one of stated"),
        ({"basis": "implied"}, "wording", "names its expression"),
        ({"turn": 0}, "external_id", "row 1 has it already"),
    ],
)
def test_a_forecast_that_cannot_be_taken_is_left_out_alone(
    story: Story, given: dict[str, Any], field: str, accepted: str
) -> None:
    bad = said(**{"number": 1, "value": 0.5, "turn": 7, **given})
    people = (
        POLICY_DESK,
        ImportedForecaster("human-crowd", "Crowd", ForecasterKind.CROWD),
        ImportedForecaster("bad slug", "Bad", ForecasterKind.PERSON),
    )
    applied = applies(story, bulk(settled(forecasts=(said(1, 0.6), bad)), forecasters=people))
    (row,) = (row for row in applied.plan.left_out if row.kind == RowKind.FORECAST)
    assert row.problem is not None
    assert row.problem.field == field
    assert accepted in row.problem.accepted
    assert Forecast.objects.count() == 1


def test_a_forecast_behind_the_close_is_left_out(story: Story) -> None:
    late = said(1, 0.9, at=KNOWN + DAY, turn=1)
    applied = applies(story, bulk(still_open(forecasts=(said(1, 0.6), late))))
    assert only_problem(applied)[3] == f"forecasts closed at {KNOWN.isoformat()}"


def test_what_the_parser_refused_is_told(story: Story) -> None:
    applied = applies(story, bulk(settled(), refused=(RefusedRow(7, "resolution", "MKT", "give YES or NO"),)))
    assert only_problem(applied) == ("refused", "resolution", "MKT", "give YES or NO")


def test_predictions_of_every_kind(story: Story) -> None:
    choice = still_open(
        1,
        kind="multiple_choice",
        options=("A", "B"),
        forecasts=(said(1, {"A": 0.3, "B": 0.7}),),
        outcome="1",
        known_at=KNOWN,
    )
    number = still_open(
        2, kind="numeric", range_min=Decimal(-5), range_max=Decimal(10), open_above=True,
        forecasts=(said(2, [["1.5", 0.5], ["9", 0.9]]),), outcome="12.50", known_at=KNOWN,
    )  # fmt: skip
    date = still_open(
        3, kind="date", range_min=Decimal(day_number("2026-01-05")), range_max=Decimal(day_number("2026-01-09")),
        forecasts=(said(3, {"2026-01-07": "40 %"}), said(3, None, at=START + DAY, turn=1)),
        void_reason="ambiguous_criteria", known_at=KNOWN,
    )  # fmt: skip
    given = bulk(choice, number, date)
    run = brought(story, given)
    assert list(run.forecasts.order_by("row_index").values_list("tick", "values")) == [
        (None, [3000, 7000]),
        (None, [["1.5", 5000], ["9", 9000]]),
        (None, [["2026-01-07", 4000]]),
        (None, None),
    ]
    assert list(run.resolutions.order_by("pk").values_list("outcome", "void_reason")) == [
        ("1", ""),
        ("12.5", ""),
        ("", "ambiguous_criteria"),
    ]
    assert applies(story, given).plan.left_out == []
    story.scores()
    assert compare().differences == []
    assert verify().size == LedgerEntry.objects.count()


def test_a_deadline_still_ahead_is_not_due(story: Story) -> None:
    applies(story, bulk(settled()), at=KNOWN)
    assert Prediction.objects.get().due_at is None
    assert Resolution.objects.get().known_at == KNOWN
    assert Forecast.objects.count() == 3
