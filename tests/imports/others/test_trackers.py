"""Trackers: YAML that builds nothing, statuses that are outcomes or none, and words read as probabilities."""

import datetime as dt
import json
from collections import Counter
from decimal import Decimal

import pytest

from forecasts.actions.imported import Import
from forecasts.imports.others.trackers import parse
from tests.shared import shared_data

from .made import only, reasons, refuses, said

HEAD = """
meta:
  title: Harbour tracker
  maintained_by: the harbour desk
  last_updated: 2026-06-16
predictions:
"""
ITEM = {
    "id": "bridge",
    "theme": "bridges",
    "quote": '"The bridge will open in June."',
    "speaker": "Harbour authority",
    "date_said": "2026-01-02",
    "venue": "Annual report",
    "primary_url": '"https://harbour.example/report"',
    "predicted_horizon_verbatim": "in June",
    "predicted_date": "2026-06-30",
    "status": "in_window",
    "resolved_date": "",
    "confidence": "high",
    "tags": "[tolls, bridges]",
    "notes": ">-\n      Read as the end\n      of June.",
}


def yaml_of(*changes: dict[str, str]) -> bytes:
    items = (
        "".join(f"    {name}: {cell}\n" for name, cell in {**ITEM, **change}.items()).replace("    id", "  - id", 1)
        for change in changes
    )
    return (HEAD + "".join(items)).encode()


def parsed(*changes: dict[str, str]) -> Import:
    return parse({"tracker.yaml": yaml_of(*changes)})


def test_it_works() -> None:
    found = parsed({"status": "achieved", "resolved_date": "2026-05-01"})
    question = only(found)
    assert question.statement == "Harbour authority: “The bridge will open in June.” (by 2026-06-30)"
    assert question.criteria == (
        "As Harbour tracker judges whether what was said came true by 2026-06-30, which it reads from “in June”."
    )
    assert (question.external_id, question.fine_print) == ("trackers:bridge", "Read as the end of June.")
    assert question.closes_at == question.resolves_by == dt.datetime(2026, 6, 30, 23, 59, 59, tzinfo=dt.UTC)
    assert (question.outcome, question.known_at) == ("yes", dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
    assert question.topics == ("bridges", "tolls")
    (forecast,) = question.forecasts
    assert (forecast.basis, forecast.wording, forecast.value) == ("implied", "will", Decimal("0.93"))
    assert forecast.issued_at == dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    assert [who.name for who in found.forecasters] == ["Harbour authority"]
    assert (found.source, found.credit) == (
        "Harbour tracker, 2026-06-16",
        "Harbour tracker; maintained by the harbour desk",
    )


def test_json_is_taken_too() -> None:
    cells = {name: cell.strip('"') for name, cell in ITEM.items()} | {"tags": ["tolls", "bridges"], "notes": "Read."}
    found = parse({"tracker.json": json.dumps({"predictions": [cells]}).encode()})
    assert (only(found).external_id, only(found).resolution_source) == ("trackers:bridge", "tracker.json")


@pytest.mark.parametrize(
    ("status", "resolved", "outcome", "void", "known"),
    [
        ("pending", "", "", "", None),
        ("in_window", "null", "", "", None),
        ("missed", "2026-07-02", "no", "", dt.datetime(2026, 7, 2, tzinfo=dt.UTC)),
        ("missed", "", "no", "", dt.datetime(2026, 6, 30, 23, 59, 59, tzinfo=dt.UTC)),
        ("unverifiable", "~", "", "unresolvable", dt.datetime(2026, 6, 30, 23, 59, 59, tzinfo=dt.UTC)),
    ],
)
def test_what_each_status_means(status: str, resolved: str, outcome: str, void: str, known: dt.datetime | None) -> None:
    question = only(parsed({"status": status, "resolved_date": resolved}))
    assert (question.outcome, question.void_reason, question.known_at) == (outcome, void, known)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"status": "partially", "resolved_date": "2026-05-01"}, "status"),
        ({"status": "mostly"}, "status"),
        ({"status": "achieved"}, "resolved_date"),
        ({"status": "achieved", "resolved_date": "2026-07-01"}, "resolved_date"),
        ({"predicted_date": "2026"}, "predicted_date"),
        ({"predicted_date": "2026-13-01"}, "predicted_date"),
        ({"date_said": ""}, "date_said"),
        ({"quote": '""'}, "quote"),
        ({"speaker": "[a, b]"}, "speaker"),
        ({"tags": "tolls"}, "tags"),
    ],
)
def test_a_prediction_that_cannot_be_read_is_refused(change: dict[str, str], field: str) -> None:
    found = parsed(change, {"id": "tunnel"})
    assert ([row[:2] for row in reasons(found)], only(found).external_id) == ([(1, field)], "trackers:tunnel")


@pytest.mark.parametrize(
    "quote",
    [
        "The bridge opens in June.",
        "I don't know if it will open in June.",
        "It will open. That is my hunch.",
        "It will open... some day.",
        "[It will open in] June.",
    ],
)
def test_a_quote_that_needs_its_context_is_a_prediction_without_a_forecast(quote: str) -> None:
    found = parsed({"quote": f'"{quote}"'})
    assert (only(found).forecasts, found.forecasters, found.refused) == ((), (), ())


@pytest.mark.parametrize(
    ("data", "accepted"),
    [
        (b"a: &a [1]\nb: *a", "line 2: an alias is not taken"),
        (b"predictions: []\npredictions: []", "line 1: a key stands twice in one object"),
        (b"a: [", "give YAML; "),
        (b"? [1]\n: 2", "give YAML; "),
        (b"- " * 3_000, "less deep"),
        (b"a: \x01", "give YAML; "),
        (b'a: "\\0"', "no NUL character"),
        (b"#" * (2**20 + 1), "at most 1 MiB"),
        (b"[" * 60 + b"]" * 60, "at most 40 levels deep"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_yaml_meant_to_do_harm_is_refused(data: bytes, accepted: str) -> None:
    with refuses("file", accepted):
        parse({"tracker.yaml": data})


def test_a_tag_builds_nothing() -> None:
    found = parsed({"notes": "!!python/object/apply:os.system ['exit 1']"})
    assert reasons(found) == [(1, "notes", "['exit 1']")]


def test_other_documents_are_refused() -> None:
    for data in (b"", b"- 1", b"predictions: 3", b"a: b"):
        with refuses("predictions", "give a list of objects"):
            parse({"tracker.yaml": data})


def test_the_real_tracker_is_taken_whole() -> None:
    found = parse({"dario_predictions.yaml": shared_data("trackers/dario_predictions.yaml").read_bytes()})
    # 18 in their window, 3 pending, 1 achieved; and 1 that came true in part.
    assert Counter(row.outcome for row in found.predictions) == {"": 18 + 3, "yes": 1}
    assert [row[1:] for row in reasons(found)] == [("status", "partially")]
    assert len(found.predictions) + len(found.refused) == 23
    assert (len(said(found)), {row.basis for row in said(found)}) == (7, {"implied"})
