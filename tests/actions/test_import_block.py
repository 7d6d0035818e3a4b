"""The fast lane: what goes by it ends as it would one by one, and what may not go by it gets its own answer."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from forecasts.actions import Applied, Import, apply_import
from forecasts.actions.import_block import BASES, Admitted, _is_plain, leaves
from forecasts.imports.own import parse
from forecasts.ledger import contents
from forecasts.ledger.canonical import canonical, instant
from forecasts.ledger.verify import verify
from forecasts.models import Forecast, LedgerEntry, Prediction
from tests.imported import LATER
from tests.story import DAY, START, Story

HEADER = "prediction,forecaster,issued_at,value,external_id,basis,rationale"
MOMENTS = st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001
IDS = st.text(min_size=1, max_size=200).filter(_is_plain) | st.sampled_from(["a'b", "<&>", "/", "~ ~"])


@given(
    st.integers(1, 10**12),
    st.integers(1, 10**9),
    MOMENTS,
    MOMENTS,
    st.integers(0, 10_000),
    st.sampled_from(sorted(BASES)),
    IDS,
)
def test_the_template_is_the_canonical_leaf(
    prediction: int, who: int, issued: dt.datetime, at: dt.datetime, tick: int, basis: str, external_id: str
) -> None:
    row = Forecast(
        prediction_id=prediction, forecaster_id=who, issued_at=issued, recorded_at=at, stands_from=at, tick=tick,
        basis=basis, external_id=external_id, provenance="imported",
    )  # fmt: skip
    line = (1, prediction, who, instant(issued), tick, basis, external_id)
    assert list(leaves(Admitted([line], [], [], at))) == [canonical(contents.imported_forecast(row))]


def table(*rows: str, header: str = HEADER) -> Import:
    return parse({"many.csv": "\n".join((header, *rows)).encode()})


def many(row: Prediction, n: int, forecaster: str = "policy-desk") -> list[str]:
    times = (START + number * dt.timedelta(minutes=1) for number in range(n))
    return [f"reckoner:{row.slug},{forecaster},{at.isoformat()},0.{n % 10_000:04},x{n},," for n, at in enumerate(times)]


def applies(story: Story, bulk: Import) -> Applied:
    return apply_import(bulk=bulk, at=LATER, by=story.editor)


def test_it_works(story: Story) -> None:
    row = story.opened()
    bulk = table(*many(row, 300))
    assert (len(bulk.block), bulk.added) == (300, {})
    with CaptureQueriesContext(connection) as queries:
        applied = applies(story, bulk)
    assert len(queries) < 40
    assert applied.plan.states == {"new": 300, "unchanged": 0, "conflicting": 0, "refused": 0}
    assert [each.row for each in applied.plan.every_row()] == list(range(2, 302))
    stored = Forecast.objects.get(external_id="x123")
    assert (stored.tick, stored.issued_at, stored.row_index) == (123, START + dt.timedelta(minutes=123), 123)
    assert (stored.recorded_at, stored.stands_from, stored.provenance) == (LATER, LATER, "imported")
    assert (stored.basis, stored.wording, stored.quote, stored.values) == ("stated", "", "", None)
    row.refresh_from_db()
    assert (row.clock_opens_at, row.clock_closes_at) == (row.opens_at, row.closes_at)
    assert verify().size == LedgerEntry.objects.count()
    again = applies(story, bulk)
    assert (again.run, again.plan.states["unchanged"]) == (None, 300)


def test_it_ends_as_it_would_one_by_one(story: Story) -> None:
    """A column for statements, although empty, has every row read by itself."""
    fast, slow = story.opened(), story.opened()
    story.forecaster("oracle")
    slowly = table(*(f"{line}," for line in many(slow, 20, "oracle")), header=f"{HEADER},statement")
    quickly = table(*many(fast, 20))
    assert (len(quickly.block), len(slowly.block)) == (20, 0)
    applies(story, quickly)
    applies(story, slowly)
    names = {field.attname for field in Forecast._meta.concrete_fields}
    rows = Forecast.objects.order_by("row_index").values(
        *sorted(names - {"id", "prediction_id", "forecaster_id", "import_run_id"})
    )
    assert list(rows.filter(prediction=fast)) == list(rows.filter(prediction=slow))


@pytest.mark.parametrize(
    ("line", "field", "accepted"),
    [
        ("nothing,policy-desk,2026-01-02T00:00:00Z,0.5,y,,", "prediction", "give one that is here"),
        ("KEY,nobody,2026-01-02T00:00:00Z,0.5,y,,", "forecaster", "that is here"),
        ("KEY,crowd-median,2026-01-02T00:00:00Z,0.5,y,,", "forecaster", "computed, not recorded"),
        ("KEY,policy-desk,2026-01-02,1.5,y,,", "value", "from 0 to 1"),
        ("KEY,policy-desk,2026-01-02T00:00:00,0.5,y,,", "issued_at", "with its zone"),
        ("KEY,policy-desk,9999-12-31T23:59:59-12:00,0.5,y,,", "issued_at", "with its zone"),
        ("KEY,policy-desk,2026-12-02T00:00:00Z,0.5,y,,", "issued_at", "not after now"),
        ("KEY,policy-desk,2026-01-02T00:00:00Z,0.5,y,implied,", "wording", "names its expression"),
        ("KEY,policy-desk,2026-01-02T00:00:00Z,0.5,y,gut,", "basis", "give one of"),
        ("KEY,policy-desk,2026-01-02T00:00:00Z,0.5,x0,,", "external_id", "row 2 has it already"),
        ("KEY,policy-desk,2026-01-02T00:00:00Z,0.5,y,,,extra", "row", "as the header has"),
    ],
)
def test_what_is_wrong_gets_its_answer_and_the_rest_goes_in(story: Story, line: str, field: str, accepted: str) -> None:
    row = story.opened()
    applied = applies(story, table(*many(row, 3), line.replace("KEY", f"reckoner:{row.slug}")))
    (left,) = applied.plan.left_out
    assert left.problem is not None
    assert (left.row, left.problem.field) == (5, field)
    assert accepted in left.problem.accepted
    assert Forecast.objects.count() == 3
    assert verify().size == LedgerEntry.objects.count()


def test_what_needs_more_goes_one_by_one_into_the_same_run(story: Story) -> None:
    row, choice = story.opened(), story.choice("A", "B")
    lines = [
        *many(row, 3),
        f"reckoner:{row.slug},policy-desk,2026-02-02,0.5,day,,",
        f"reckoner:{row.slug},policy-desk,2026-02-02T00:00:00Z,withdrawn,gone,,",
        f"reckoner:{row.slug},policy-desk,2026-02-03T00:00:00Z,0.6,words,,because",
        f"reckoner:{row.slug},policy-desk,2026-02-04T00:00:00Z,0.6,Zürich,,",
        f"reckoner:{row.slug},policy-desk,0999-02-04T00:00:00Z,0.6,old,,",
        f'reckoner:{choice.slug},policy-desk,2026-02-02T00:00:00Z,"{{""A"": 0.4, ""B"": 0.6}}",choice,,',
        f"reckoner:{choice.slug},policy-desk,2026-02-02T00:00:00Z,0.4,no-choice,,",
    ]
    applied = applies(story, table(*lines))
    assert applied.run is not None
    assert [left.problem and left.problem.field for left in applied.plan.left_out] == ["value"]
    stored = list(applied.run.forecasts.order_by("row_index").values_list("row_index", "external_id"))
    assert {key for _, key in stored} == {"x0", "x1", "x2", "day", "gone", "words", "choice", "Zürich", "old"}
    assert [index for index, _ in stored] == list(range(9))
    assert verify().size == LedgerEntry.objects.count()


def test_other_content_under_a_key_is_a_conflict_here_too(story: Story) -> None:
    row = story.opened()
    applies(story, table(*many(row, 3)))
    changed = [line.replace("0.0001", "0.9") for line in many(row, 4)]
    applied = applies(story, table(*changed))
    assert applied.plan.states == {"new": 1, "unchanged": 2, "conflicting": 1, "refused": 0}


def test_forecasts_behind_a_resolution_go_no_fast_way(story: Story) -> None:
    row = story.opened()
    story.resolves(row, "yes", known_at=START + DAY)
    lines: list[Any] = [
        f"reckoner:{row.slug},policy-desk,{(START + hours * dt.timedelta(hours=12)).isoformat()},0.5,z{hours},,"
        for hours in range(4)
    ]
    applied = applies(story, table(*lines))
    assert [left.key for left in applied.plan.left_out] == ["z2", "z3"]
