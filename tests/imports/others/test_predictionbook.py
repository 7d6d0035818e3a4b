"""PredictionBook: responses of which some are comments, and outcomes that are null."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from forecasts.actions.imported import Import
from forecasts.imports.others.predictionbook import parse
from forecasts.imports.reading import MOST_BYTES

from .made import document, only, reasons, refuses, said

RESPONSE = {
    "id": 71,
    "user_id": 5,
    "user_label": "Harbour desk",
    "confidence": 70,
    "comment": "The piers stand.",
    "created_at": "2026-01-02T03:04:05.678Z",
}
PREDICTION = {
    "id": 9,
    "uuid": "b9",
    "description": "The harbour bridge will open by June.",
    "creator_id": 5,
    "creator_label": "Harbour desk",
    "created_at": "2026-01-01T10:00:00.000Z",
    "updated_at": "2026-05-02T00:00:00.000Z",
    "deadline": "2026-06-30T21:00:00.000+02:00",
    "last_judgement_at": None,
    "outcome": None,
    "withdrawn": False,
    "visibility": "visible_to_everyone",
    "mean_confidence": 70,
    "responses": [RESPONSE],
}
JUDGED = {"outcome": True, "last_judgement_at": "2026-05-01T08:00:00Z"}


def parsed(*changes: dict[str, Any]) -> Import:
    predictions = [{**PREDICTION, "id": 9 + number, **change} for number, change in enumerate(changes)]
    return parse({"mine.json": document({"user": {"user_id": 5}, "predictions": predictions})})


def test_it_works() -> None:
    found = parsed(JUDGED)
    question = only(found)
    assert (question.row, question.external_id) == (1, "predictionbook:9")
    assert question.criteria == "As asked on PredictionBook: The harbour bridge will open by June."
    assert question.closes_at == question.resolves_by == dt.datetime(2026, 6, 30, 19, tzinfo=dt.UTC)
    assert (question.outcome, question.known_at) == ("yes", dt.datetime(2026, 5, 1, 8, tzinfo=dt.UTC))
    (forecast,) = question.forecasts
    assert (forecast.forecaster, forecast.value, forecast.external_id) == ("predictionbook-5", Decimal("0.7"), "71")
    assert (forecast.rationale, forecast.issued_at.microsecond) == ("The piers stand.", 678_000)
    assert (found.forecasters[0].name, found.refused) == ("Harbour desk", ())


def test_a_list_of_predictions_is_taken_too() -> None:
    assert only(parse({"p.json": document([PREDICTION])})) == only(parsed({}))


@pytest.mark.parametrize(("given", "outcome"), [(True, "yes"), (False, "no"), (None, "")])
def test_the_outcome_is_that_of_the_last_judgement(given: bool | None, outcome: str) -> None:
    assert only(parsed(JUDGED | {"outcome": given})).outcome == outcome


def test_a_withdrawn_prediction_is_void() -> None:
    void = only(parsed({"withdrawn": True}))
    assert (void.outcome, void.void_reason, void.known_at) == ("", "retracted", dt.datetime(2026, 5, 2, tzinfo=dt.UTC))


def test_a_comment_without_a_confidence_is_no_forecast() -> None:
    found = parsed({"responses": [RESPONSE | {"id": 70, "confidence": None}, RESPONSE]})
    assert reasons(found) == [(1, "responses[0].confidence", "")]
    assert found.refused[0].accepted.startswith("a comment without a confidence is no forecast")
    assert [row.external_id for row in said(found)] == ["71"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("confidence", 101), ("confidence", -1), ("confidence", True), ("created_at", "soon"), ("user_id", None)],
)
def test_a_response_that_cannot_be_read_is_refused(cell: str, value: object) -> None:
    found = parsed({"responses": [RESPONSE | {cell: value}]})
    assert reasons(found) == [(1, f"responses[0].{cell}", "" if value is None else str(value))]
    assert (only(found).forecasts, len(said(found))) == ((), 0)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("deadline", None),
        ("deadline", "2026-06-30T21:00:00"),
        ("description", ""),
        ("outcome", 0.5),
        ("outcome", "unknown"),
        ("id", None),
    ],
)
def test_a_prediction_that_cannot_be_read_is_refused_with_its_responses(cell: str, value: object) -> None:
    found = parsed({cell: value, "last_judgement_at": "2026-05-01T08:00:00Z"})
    assert (found.predictions, len(found.refused), reasons(found)[0][:2]) == ((), 2, (1, cell))


def test_an_outcome_without_its_time_and_a_second_prediction_with_an_id_are_refused() -> None:
    assert reasons(parsed({"outcome": True}))[0] == (1, "last_judgement_at", "")
    found = parsed({}, {"id": 9, "responses": []})
    assert (len(found.predictions), found.refused[0].accepted) == (1, "each question once; row 1 has it")


def test_what_is_no_object_is_refused_and_the_rest_goes_on() -> None:
    found = parse({"p.json": document([None, PREDICTION, "text"])})
    assert (only(found).row, reasons(found)) == (2, [(1, "predictions", ""), (3, "predictions", "text")])


@pytest.mark.parametrize(
    ("data", "accepted"),
    [
        (b"[NaN]", "NaN is no number"),
        (b"[1e999]", "numbers that are finite"),
        (b'[{"id": 1, "id": 2}]', "the key 'id' stands twice"),
        (b"[" + b"9" * 31 + b"]", "more than 30 digits"),
        (b"[" * 2_000, "at most 40 levels deep"),
        (b"[" * 41 + b"]" * 41, "at most 40 levels deep"),
        (b'["\\u0000"]', "no NUL character"),
        (b'["\\ud800"]', "half of a surrogate pair"),
        (b"[1,]", "give JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_only_looks_like_json_is_refused(data: bytes, accepted: str) -> None:
    with refuses("file", accepted):
        parse({"p.json": data})


def test_a_file_without_end_is_refused_before_it_is_read() -> None:
    with refuses("file", "at most 100 MiB"):
        parse({"p.json": bytes(MOST_BYTES + 1)})


def test_json_of_something_else_is_refused() -> None:
    for other in ({}, {"predictions": 1}, 3, None):
        with refuses("predictions", "give a list of objects"):
            parse({"p.json": document(other)})
