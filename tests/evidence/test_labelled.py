"""Labelled sets: what is accepted, and how refusals name line and field."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from forecasts.errors import Refused
from forecasts.evidence.labelled import read_labelled, split_of

LABELLED = Path(__file__).parents[2] / "forecasts" / "evidence" / "data" / "matching.ndjson"
ITEM = {"id": "a-1", "title": "Title", "text": "Text.", "published_at": "2027-01-02", "label": "resolves_yes"}
PREDICTION = {"id": "a", "statement": "It rains.", "criteria": "", "resolves_by": "2027-09-01T23:59:59Z", "topics": []}
ROW = {"prediction": PREDICTION, "items": [ITEM]}


def test_it_works() -> None:
    (case,) = read_labelled(["", json.dumps(ROW), json.dumps({"background": []})]).cases
    assert case.items[0].is_resolving
    assert str(case.subject.resolves_by) == "2027-09-01"


def test_our_own_set_is_as_large_as_promised() -> None:
    data = read_labelled(LABELLED.read_text(encoding="utf-8").splitlines())
    sizes = [len(case.items) for case in data.cases if case.items]
    assert len(sizes) >= 60
    assert min(sizes) >= 8
    assert LABELLED.stat().st_size < 600_000
    halves = Counter(split_of(case.subject.id) for case in data.cases if case.items)
    assert min(halves.values()) >= 30


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"prediction": None}, "line 1: prediction:"),
        ({"prediction": PREDICTION | {"statement": " "}}, "line 1: prediction.statement:"),
        ({"prediction": PREDICTION | {"resolves_by": "soon"}}, "line 1: prediction.resolves_by:"),
        ({"prediction": PREDICTION | {"resolves_by": 2027}}, "line 1: prediction.resolves_by:"),
        ({"prediction": PREDICTION | {"resolves_by": "9999-12-31"}}, "line 1: prediction.resolves_by:"),
        ({"items": {}}, "line 1: items:"),
        ({"items": [ITEM | {"label": "yes"}]}, "line 1: items[0].label:"),
        ({"items": [ITEM, ITEM | {"title": 3}]}, "line 1: items[1].title:"),
        ({"items": []}, "file:"),
        ({"background": ["x"]}, "line 1: background[0]:"),
    ],
)
def test_a_refusal_names_line_and_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as error:
        read_labelled([json.dumps(ROW | change)])
    assert str(error.value).startswith(field)


def test_broken_json_and_doubled_ids_are_refused() -> None:
    with pytest.raises(Refused, match=r"^line 2: "):
        read_labelled([json.dumps(ROW), "{"])
    with pytest.raises(Refused, match=r"^line 2: prediction\.id"):
        read_labelled([json.dumps(ROW)] * 2)
