"""Whatever a file holds, a parser answers with an import that holds together, or with one Refused.

FUZZ_EXAMPLES=100000 makes a night's run of what takes about a second a parser here.
"""

import csv
import io
import json
import os
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecasts.actions.imported import Import, ImportedForecast
from forecasts.errors import Refused
from forecasts.imports.others import (
    fatebook,
    forecastbench,
    kalshi,
    manifold,
    metaculus,
    polymarket,
    predictionbook,
    probability_tables,
    trackers,
)
from forecasts.imports.reading import Files, table_of
from forecasts.models import Basis, ForecasterKind, PredictionKind, VoidReason

from . import (
    test_fatebook,
    test_forecastbench,
    test_kalshi,
    test_manifold,
    test_metaculus,
    test_polymarket,
    test_predictionbook,
)
from . import test_probability_tables as tables
from .made import document, said, table
from .test_trackers import yaml_of

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
QUICK = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
BENCH = test_forecastbench
METACULUS = {
    metaculus.QUESTIONS: [
        test_metaculus.QUESTION | change | {"Question ID": str(number)}
        for number, change in enumerate([{}, test_metaculus.CHOICE, test_metaculus.NUMBER, test_metaculus.DATE])
    ],
    metaculus.FORECASTS: [
        test_metaculus.FORECAST | change | {"Question ID": str(number)}
        for number, change in enumerate(
            [{}, {"Probability Yes Per Category": "[0.2, 0.3, 0.5]"}, test_metaculus.CDF, test_metaculus.CDF]
        )
    ],
}
SEEDS: dict[str, tuple[ModuleType, dict[str, Any]]] = {
    "fatebook": (fatebook, {"f.csv": [test_fatebook.ROW, test_fatebook.ROW | test_fatebook.RESOLVED]}),
    "predictionbook": (predictionbook, {"p.json": [test_predictionbook.PREDICTION]}),
    "manifold": (
        manifold,
        {"m.json": [test_manifold.MARKET, test_manifold.MARKET | test_manifold.CHOICE], "b.json": [test_manifold.BET]},
    ),
    "metaculus": (metaculus, METACULUS),
    "forecastbench": (
        forecastbench,
        {
            "q.json": {"forecast_due_date": BENCH.ROUND, "questions": [BENCH.MARKET, BENCH.SERIES]},
            "r.json": {"forecast_due_date": BENCH.ROUND, "resolutions": [BENCH.OUTCOME]},
            "f.json": {"forecast_due_date": BENCH.ROUND, "forecasts": [BENCH.SAID], **BENCH.MODEL},
        },
    ),
    "trackers": (trackers, {"t.yaml": yaml_of({}, {"id": "tunnel", "status": "missed"})}),
    "kalshi": (kalshi, {"k.json": {"markets": [test_kalshi.MARKET, test_kalshi.MARKET | test_kalshi.FINAL]}}),
    "polymarket": (
        polymarket,
        {"m.json": [test_polymarket.MARKET | test_polymarket.CLOSED], "111.json": {"history": test_polymarket.HISTORY}},
    ),
    "games": (probability_tables, {"g.csv": [tables.TWO]}),
    "cups": (probability_tables, {"c.csv": [tables.THREE]}),
    "elections": (probability_tables, {"e.csv": [tables.ELECTION, tables.ELECTION | {"forecast_type": "deluxe"}]}),
}
SPELLINGS = "1 0 0.5 1e400 -1 NaN [] [0.1,0.9] [[1]] {} True yes null N/A partially ٣ MULTIPLE_CHOICE date numeric"
TIMES = ("2026-01-01", "2026-02-30", "9999-12-31T23:59:59-23:59", "1900-01-01T00:00:00+23:59")
OTHERS = (
    "",
    "\0",
    "\ud800",
    "9" * 40,
    "x" * 400,
    10**18,
    -1,
    0,
    1e308,
    [],
    {},
    [{}],
    [[]],
    {"a": 1},
    ["2026-01-01"],
    [None],
)
CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from((*SPELLINGS.split(), *TIMES, *OTHERS))
)


@st.composite
def spoiled(draw: st.DrawFn, content: Any) -> Any:
    """`content` with something else in some of its places."""
    if draw(st.integers(0, 9)) == 0:
        return draw(CELLS)
    if isinstance(content, dict) and content:
        chosen, lost = (draw(st.sets(st.sampled_from(sorted(content)), max_size=most)) for most in (2, 1))
        kept = {key: value for key, value in content.items() if key not in lost or len(lost) == len(content)}
        return {key: draw(spoiled(value)) if key in chosen else value for key, value in kept.items()}
    if isinstance(content, list) and content:
        index = draw(st.integers(0, len(content) - 1))
        return [*content[:index], draw(spoiled(content[index])), *content[index + draw(st.integers(0, 1)) :]]
    return draw(CELLS)


@st.composite
def cut(draw: st.DrawFn, data: bytes) -> bytes:
    """`data` with some of its bytes lost, doubled or replaced."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + draw(st.sampled_from([1, 8, 200])))))
        data = (
            data[:start]
            + draw(st.binary(max_size=6) | st.sampled_from([data[start:end] * 2, b"", b'"', b","]))
            + data[end:]
        )
    return data


def written(name: str, content: Any) -> bytes:
    """The content as a file of the kind that `name` says."""
    if isinstance(content, bytes):
        return content
    if not name.endswith(".csv"):
        return document(content)
    rows = content if isinstance(content, list) else [content]
    given_rows = [row for row in rows if isinstance(row, dict) and row] or [{"a": 1}]
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(given_rows[0]), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(given_rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def files_of(contents: dict[str, Any]) -> dict[str, bytes]:
    return {name: written(name, content) for name, content in contents.items()}


def holds_together(parser: ModuleType, files: Files) -> None:
    try:
        found: Import = parser.parse(files)
    except Refused:
        return
    assert found.format == parser.NAME
    nothing_is_lost(found, files)
    keys = [question.external_id for question in found.predictions]
    assert len(set(keys)) == len(keys)
    slugs = {who.slug for who in found.forecasters}
    for question in found.predictions:
        assert question.external_id.startswith(f"{parser.NAME}:")
        assert question.statement
        assert question.criteria
        assert question.closes_at <= question.resolves_by
        assert (question.known_at is not None) == bool(question.outcome or question.void_reason)
        assert not (question.outcome and question.void_reason)
        assert not question.void_reason or question.void_reason in VoidReason.values
        assert len(question.group) <= 300
        json.dumps(
            [question.statement, question.criteria, question.fine_print, *question.topics], ensure_ascii=False
        ).encode()
        times = [question.opens_at, question.closes_at, question.resolves_by, question.known_at]
        assert all(time is None or time.utcoffset() is not None for time in times)
        for forecast in question.forecasts:
            checks(forecast, slugs, question.kind)
    for row in found.refused:
        assert row.accepted
        assert row.field
        assert len(row.value) <= 81
    for who in found.forecasters:
        assert len(who.slug) <= 80
        assert who.slug.isascii()
        assert 0 < len(who.name) <= 200
        assert who.kind in ForecasterKind.values


def nothing_is_lost(found: Import, files: Files) -> None:
    """Of one file every row is told of; of several the rows of one could be told of as those of another."""
    ((name, data),) = files.items() if len(files) == 1 else [("", b"")]
    told = {row.row for row in (*found.refused, *found.predictions)} | {row.row for row in said(found)}
    if name.endswith(".csv"):
        assert {number for number, _ in table_of(name, data, ())} <= told
    elif name.endswith(".json"):
        content = json.loads(data)
        rows = content if isinstance(content, list) else content.get("predictions", content.get("markets", [content]))
        assert set(range(1, len(rows) + 1)) <= told


def checks(forecast: ImportedForecast, slugs: set[str], kind: PredictionKind) -> None:
    assert forecast.forecaster in slugs
    assert 0 < len(forecast.external_id) <= 200
    assert forecast.basis in Basis.values
    if kind == PredictionKind.BINARY and forecast.value is not None:
        assert 0 <= float(str(forecast.value)) <= 1


@pytest.mark.parametrize("name", SEEDS)
def test_the_seeds_are_taken(name: str) -> None:
    parser, contents = SEEDS[name]
    assert parser.parse(files_of(contents)).predictions


@pytest.mark.parametrize("name", SEEDS)
def test_something_else_in_its_places(name: str) -> None:
    parser, contents = SEEDS[name]

    @QUICK
    @given(st.data())
    def run(data: st.DataObject) -> None:
        changed = {key: data.draw(spoiled(content)) for key, content in contents.items()}
        holds_together(parser, files_of(changed))

    run()


@pytest.mark.parametrize("name", SEEDS)
def test_bytes_lost_doubled_and_replaced(name: str) -> None:
    parser, contents = SEEDS[name]
    seeds = files_of(contents)

    @QUICK
    @given(st.data())
    def run(data: st.DataObject) -> None:
        which = data.draw(st.sampled_from(sorted(seeds)))
        holds_together(parser, {**seeds, which: data.draw(cut(seeds[which]) | st.binary(max_size=60))})

    run()


@QUICK
@given(st.data())
def test_an_archive_with_bytes_lost_doubled_and_replaced(data: st.DataObject) -> None:
    archive = test_metaculus.zipped(files_of(METACULUS))
    holds_together(metaculus, {"d.zip": data.draw(cut(archive))})


def test_a_table_is_written_as_in_the_other_tests() -> None:
    assert written("g.csv", [tables.TWO]) == table([tables.TWO])
