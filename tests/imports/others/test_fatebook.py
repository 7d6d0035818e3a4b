"""Fatebook's export: no ids, times to the second, options one by one."""

import datetime as dt
from decimal import Decimal

import pytest

from forecasts.actions.imported import Import
from forecasts.imports.others.fatebook import NEEDED, parse

from .made import only, reasons, refuses, said, table

COLUMNS = (
    "Question title",
    "Multiple choice option",
    "Forecast created by",
    "Forecast (scale = 0-1)",
    "Forecast created at",
    "Question created by",
    "Question created at",
    "Question resolve by",
    "Resolution",
    "Resolved at",
    "Your Brier score for this question",
    "Your relative Brier score for this question",
    "Question notes",
    "Question shared with",
    "Question shared publicly",
    "Question comments",
    "Question tags",
)
ROW = dict.fromkeys(COLUMNS, "") | {
    "Question title": "Will the harbour bridge open by June?",
    "Forecast created by": "Harbour desk",
    "Forecast (scale = 0-1)": "0.7",
    "Forecast created at": "2026-01-02 03:04:05",
    "Question created by": "Harbour desk",
    "Question created at": "2026-01-01 10:00:00",
    "Question resolve by": "2026-06-30 21:00:00",
    "Question notes": "Opened to cars.",
    "Question shared publicly": "false",
    "Question tags": "Bridges; Harbours",
}
RESOLVED = {"Resolution": "YES", "Resolved at": "2026-05-01 08:00:00"}


def parsed(*rows: dict[str, str]) -> Import:
    return parse({"export.csv": table({**ROW, **row} for row in rows)})


def utc(*numbers: int) -> dt.datetime:
    return dt.datetime(*numbers, tzinfo=dt.UTC)  # type: ignore[arg-type, misc]


def test_it_works() -> None:
    found = parsed(RESOLVED, RESOLVED | {"Forecast created by": "Wire desk", "Forecast (scale = 0-1)": "1e-2"})
    question = only(found)
    assert (question.statement, question.criteria) == (
        "Will the harbour bridge open by June?",
        "As asked on Fatebook: Will the harbour bridge open by June?",
    )
    assert (question.fine_print, question.topics, question.group) == ("Opened to cars.", ("Bridges", "Harbours"), "")
    assert (question.opens_at, question.closes_at) == (utc(2026, 1, 1, 10), utc(2026, 6, 30, 21))
    assert (question.outcome, question.void_reason, question.known_at) == ("yes", "", utc(2026, 5, 1, 8))
    assert [(row.row, row.forecaster, row.value, row.issued_at) for row in question.forecasts] == [
        (2, "fatebook-harbour-desk--95ef1da3", Decimal("0.7"), utc(2026, 1, 2, 3, 4, 5)),
        (3, "fatebook-wire-desk--51d65144", Decimal("0.01"), utc(2026, 1, 2, 3, 4, 5)),
    ]
    assert [(who.slug, who.name, who.kind) for who in found.forecasters] == [
        ("fatebook-harbour-desk--95ef1da3", "Harbour desk", "person"),
        ("fatebook-wire-desk--51d65144", "Wire desk", "person"),
    ]
    assert (found.format, found.source, found.refused) == ("fatebook", "export.csv", ())


def test_resolving_and_forecasting_again_change_no_key() -> None:
    before = parsed({})
    later = {**RESOLVED, "Your Brier score for this question": "0.09", "Question notes": "Opened to cars and trams."}
    after = parsed(later | {"Forecast (scale = 0-1)": "0.9", "Forecast created at": "2026-02-01 00:00:00"}, later)
    assert only(before).external_id == only(after).external_id
    assert [row.external_id for row in said(before)] == [row.external_id for row in said(after)][:1]
    assert len({row.external_id for row in said(after)}) == 2


def test_a_blank_resolution_stays_open_and_an_ambiguous_one_is_void() -> None:
    assert (only(parsed({})).outcome, only(parsed({})).known_at) == ("", None)
    void = only(parsed({"Resolution": "AMBIGUOUS", "Resolved at": "2026-05-01 08:00:00"}))
    assert (void.outcome, void.void_reason, void.known_at) == ("", "ambiguous_criteria", utc(2026, 5, 1, 8))


def test_each_option_is_a_question_of_its_own_in_one_family() -> None:
    found = parsed({"Multiple choice option": "Monday", **RESOLVED}, {"Multiple choice option": "Tuesday"})
    title = "Will the harbour bridge open by June?"
    assert [(row.statement, row.group, row.outcome) for row in found.predictions] == [
        (f"{title} — Monday", title, "yes"),
        (f"{title} — Tuesday", title, ""),
    ]


def test_the_export_of_a_tournament_has_fewer_columns_and_another_order() -> None:
    narrow = {"Tournament name": "Spring", **{name: ROW[name] for name in reversed(NEEDED)}}
    assert only(parse({"t.csv": table([narrow])})).external_id == only(parsed({})).external_id


def test_a_second_of_one_digit_is_read_as_it_was_meant() -> None:
    assert said(parsed({"Forecast created at": "2026-01-02 03:04:5"}))[0].issued_at == utc(2026, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Forecast (scale = 0-1)", "70"),
        ("Forecast (scale = 0-1)", "70 %"),
        ("Forecast (scale = 0-1)", "NaN"),
        ("Forecast (scale = 0-1)", "-0.1"),
        ("Forecast (scale = 0-1)", ""),
        ("Forecast created at", "yesterday"),
        ("Forecast created at", "2026-02-30 00:00:00"),
        ("Forecast created at", "0000-01-01"),
        ("Forecast created by", " "),
    ],
)
def test_a_forecast_that_cannot_be_read_is_refused_and_its_question_stays(cell: str, value: str) -> None:
    found = parsed({cell: value}, {})
    assert reasons(found) == [(2, cell, value)]
    assert [row.row for row in said(found)] == [3]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Question title", ""),
        ("Question resolve by", ""),
        ("Question created at", "1/2/2026"),
        ("Resolution", "MKT"),
        ("Resolution", "0.5"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused_with_its_forecasts(cell: str, value: str) -> None:
    found = parsed({cell: value}, {cell: value, "Forecast created at": "2026-01-03 00:00:00"})
    assert (found.predictions, len(found.refused), reasons(found)[0]) == ((), 2, (2, cell, value))
    assert found.refused[1].accepted.startswith("a forecast counts only with its question")


def test_an_outcome_without_its_time_is_refused() -> None:
    assert reasons(parsed({"Resolution": "NO"})) == [(2, "Resolved at", "")]


def test_rows_of_one_question_that_contradict_each_other_are_refused() -> None:
    found = parsed(RESOLVED, {"Forecast created by": "Wire desk"})
    assert reasons(found) == [(3, "Resolution", "")]
    assert found.refused[0].accepted == "row 2 is about the same question and says 'YES'"


def test_the_same_row_twice_counts_once() -> None:
    found = parsed({}, {})
    assert (len(said(found)), found.refused[0].accepted) == (1, "each forecast once; row 2 has it")


def test_a_row_with_too_many_cells_is_refused() -> None:
    data = table([ROW, ROW | {"Forecast created by": "Wire desk"}]).rstrip() + b",more\r\n"
    found = parse({"export.csv": data})
    assert (reasons(found), len(said(found))) == ([(3, "columns", "['more']")], 1)


def test_a_table_of_very_many_columns_is_refused_before_its_rows_are_filled_up() -> None:
    with refuses("columns", "may have at most 1000 columns, not 1017"):
        parse({"export.csv": table([ROW | {f"c{place}": "" for place in range(1000)}])})


def test_nobody_gets_the_slug_of_another_by_calling_himself_so() -> None:
    found = parsed({"Forecast created by": "Wire desk"}, {"Forecast created by": "wire-desk-51d65144"})
    assert [row.slug for row in found.forecasters] == ["fatebook-wire-desk--51d65144", "fatebook-wire-desk-51d65144"]
    doubled = parsed({"Forecast created by": "wire-desk--51d65144"})
    assert doubled.forecasters[0].slug != "fatebook-wire-desk--51d65144"


def test_another_file_is_refused_in_one_sentence() -> None:
    with refuses("columns", "missing: Forecast created by, "):
        parse({"export.csv": b"Question title,Forecast\r\nWill it rain?,0.5\r\n"})
    with refuses("columns", "missing: Question title"):
        parse({"export.csv": b""})
    with refuses("file", "give text in UTF-8; byte 1 is none"):
        parse({"export.csv": "é".encode("latin-1")})
    with refuses("file", "no NUL character"):
        parse({"export.csv": table([ROW | {"Question notes": "\0"}])})
    with refuses("file", "give one file, Fatebook's export in CSV"):
        parse({"a.csv": table([ROW]), "b.csv": table([ROW])})
    with refuses("columns", "has two of Resolution"):
        parse({"export.csv": table([ROW]).replace(b"Question notes", b"Resolution")})
    with refuses("file", "give a table in CSV; line 3: unexpected end of data"):
        parse({"export.csv": table([ROW]) + b'"'})


def test_blank_lines_count_as_rows_and_say_nothing() -> None:
    header, row = table([ROW]).splitlines()
    found = parse({"export.csv": b"\r\n".join([header, b"", row, b""])})
    assert ([forecast.row for forecast in said(found)], found.refused) == ([3], ())


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert only(parse({"export.csv": b"\xef\xbb\xbf" + table([ROW])})).external_id == only(parsed({})).external_id
