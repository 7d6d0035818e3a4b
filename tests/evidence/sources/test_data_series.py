"""Data series: JSON and CSV into the same observations."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forecasts.errors import Refused, UnreadableSource
from forecasts.evidence.sources.data_series import KIND, DataSeriesSpec, read
from forecasts.evidence.sources.data_series.numbers import NumberStyle, number, rounded
from forecasts.evidence.sources.kind import Observation, Reading

JSON = DataSeriesSpec("json", select="data.rows", freq="month")
CSV = DataSeriesSpec("csv", freq="month")
AUGUST = Observation("2026-08", date(2026, 8, 1), date(2026, 8, 31), Decimal("4.50"))
SEPTEMBER = Observation("2026-09", date(2026, 9, 1), date(2026, 9, 30), Decimal("-3"))
READING = Reading("2026-08 4.50\n2026-09 -3", observations=(AUGUST, SEPTEMBER))

DOCUMENT = b"""{"data": {"rows": [{"date": "2026-09", "value": -3, "note": "p"}, {"date": "2026-08", "value": 4.50},
 {"date": "2026-10", "value": null}]}}"""
TABLE = b"date,note,value\n2026-09,p,-3\n\n2026-08,,4.50\n2026-10,,\n"


def json_of(*rows: object) -> bytes:
    return json.dumps({"data": {"rows": rows}}).encode()


def period_of(label: object, **spec: Any) -> tuple[date, date]:
    (one,) = read(json_of({"date": label, "value": 1}), DataSeriesSpec("json", select="data.rows", **spec)).observations
    return one.start, one.end


@pytest.mark.parametrize(("body", "spec"), [(DOCUMENT, JSON), (TABLE, CSV)], ids=["JSON", "CSV"])
def test_it_reads_a_series(body: bytes, spec: DataSeriesSpec) -> None:
    assert read(body, spec) == READING


def test_the_kind_reads_with_its_own_spec() -> None:
    spec = KIND.spec({"format": "json", "select": "data.rows", "freq": "month"})
    assert KIND.read(DOCUMENT, "text/html", spec, url="https://bank.test/", before="2026-08 4.50") == READING
    assert (KIND.name, KIND.extractor) == ("data_series", "data_series-1")


def test_an_expression_renames_and_filters() -> None:
    body = b'{"obs": [["2026-08", "A", 1.5], ["2026-08", "B", 9], ["2026-09", "A", 2]]}'
    spec = DataSeriesSpec("json", select="obs[?[1]=='A'].{date: [0], value: [2]}", freq="month")
    assert read(body, spec).text == "2026-08 1.5\n2026-09 2"


def test_an_object_of_values_by_date_is_a_series_too() -> None:
    spec = DataSeriesSpec("json", select="rates", value="USD", freq="day")
    assert read(b'{"rates": {"2026-09-02": 1.16, "2026-09-01": 1.15}}', spec).text == "2026-09-01 1.15\n2026-09-02 1.16"
    assert read(b'{"rates": {"2026-09-01": {"USD": 1.15, "CHF": 0.9}}}', spec).text == "2026-09-01 1.15"


def test_a_series_without_values_is_a_series() -> None:
    assert read(json_of(), JSON) == read(b"date,value\n", CSV) == Reading("")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_or_given(delimiter: str) -> None:
    body = TABLE.replace(b",", delimiter.encode())
    assert read(body, CSV) == read(body, DataSeriesSpec("csv", delimiter=delimiter, freq="month")) == READING


def test_a_given_delimiter_is_the_only_one() -> None:
    with pytest.raises(UnreadableSource, match="no line naming 'date' and 'value'"):
        read(TABLE, DataSeriesSpec("csv", delimiter=";", freq="month"))


def test_titles_above_the_table_and_empty_cells_behind_it_are_passed_over() -> None:
    body = b'"Prices, all items"\r\nSource: office\r\n\r\n date ,"value"\r\n2026-09,-3,,\r\n2026-08,"4.50"\r\n'
    assert read(body, CSV) == READING


@pytest.mark.parametrize(
    ("label", "freq", "first", "last"),
    [
        ("2026", "year", date(2026, 1, 1), date(2026, 12, 31)),
        (2026, "year", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q3", "quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026Q3", "quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("Q1 2026", "quarter", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-09", "month", date(2026, 9, 1), date(2026, 9, 30)),
        ("2026M02", "month", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-W36", "week", date(2026, 8, 31), date(2026, 9, 6)),
        ("2026-W01", "week", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-09-01", "day", date(2026, 9, 1), date(2026, 9, 1)),
        ("2026/09/01", "day", date(2026, 9, 1), date(2026, 9, 1)),
        ("September 2026", "month", date(2026, 9, 1), date(2026, 9, 30)),
        ("Sept. 2026", "month", date(2026, 9, 1), date(2026, 9, 30)),
        ("2026 SEP", "month", date(2026, 9, 1), date(2026, 9, 30)),
        ("May-2026", "month", date(2026, 5, 1), date(2026, 5, 31)),
        ("1 September 2026", "day", date(2026, 9, 1), date(2026, 9, 1)),
        ("September 1, 2026", "day", date(2026, 9, 1), date(2026, 9, 1)),
    ],
)
def test_labels_stand_for_periods(label: object, freq: str, first: date, last: date) -> None:
    assert period_of(label, freq=freq) == (first, last)


@pytest.mark.parametrize(
    ("label", "freq", "date_label", "first", "last"),
    [
        ("2026-09-01", "month", "period_start", date(2026, 9, 1), date(2026, 9, 30)),
        ("2026-09-30", "month", "period_end", date(2026, 9, 1), date(2026, 9, 30)),
        ("2026-02-28", "month", "period_end", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-12-31", "year", "period_end", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-04-01", "year", "period_start", date(2026, 4, 1), date(2027, 3, 31)),
        ("2026-07-01", "quarter", "period_start", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-09-06", "week", "period_end", date(2026, 8, 31), date(2026, 9, 6)),
        ("2026-09-15", "month", "as_of", date(2026, 9, 15), date(2026, 9, 15)),
    ],
)
def test_a_day_is_the_start_or_the_end_of_its_period_or_the_day_itself(
    label: str, freq: str, date_label: str, first: date, last: date
) -> None:
    assert period_of(label, freq=freq, date_label=date_label) == (first, last)


@pytest.mark.parametrize(
    ("instant", "tz", "day"),
    [
        ("2026-09-01T23:30:00Z", "UTC", date(2026, 9, 1)),
        ("2026-09-01T23:30:00Z", "Europe/Berlin", date(2026, 9, 2)),
        ("2026-09-01T03:30:00+00:00", "America/New_York", date(2026, 8, 31)),
        ("2026-09-01T23:30:00", "Asia/Tokyo", date(2026, 9, 1)),
        ("2026-09-01 23:30", "Asia/Tokyo", date(2026, 9, 1)),
    ],
)
def test_an_instant_is_a_day_of_the_series_own_zone(instant: str, tz: str, day: date) -> None:
    assert period_of(instant, freq="day", tz=tz) == (day, day)


@pytest.mark.parametrize(
    ("label", "freq", "date_label"),
    [
        ("2026-Q3", "month", "period_start"),
        ("2026", "day", "period_start"),
        ("2026-09", "month", "as_of"),
        ("2026-13", "month", "period_start"),
        ("2026-09-31", "day", "period_start"),
        ("2025-W53", "week", "period_start"),
        ("9999-12-31", "year", "period_start"),
        ("0001-01-01", "year", "period_end"),
        ("Septembre 2026", "month", "period_start"),
        ("Ma 2026", "month", "period_start"),
        ("09/01/2026", "day", "period_start"),
        ("yesterday", "day", "period_start"),
        ("2026-09-01" * 100_000, "day", "period_start"),
        ("", "day", "period_start"),
        (None, "day", "period_start"),
        (True, "year", "period_start"),
        (2026.5, "year", "period_start"),
        (1788220800000, "day", "period_start"),
        (["2026"], "year", "period_start"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_label_that_may_mean_something_else_is_refused_with_its_row(
    label: object, freq: str, date_label: str
) -> None:
    with pytest.raises(UnreadableSource) as caught:
        period_of(label, freq=freq, date_label=date_label)
    assert caught.value.code == "bad_date"
    assert caught.value.detail.startswith("row 1: ")


EN, DE, FR = NumberStyle(".", ","), NumberStyle(",", "."), NumberStyle(",", " ", "Mio. EUR")


@pytest.mark.parametrize(
    ("printed", "style", "value"),
    [
        ("4.50", EN, "4.50"),
        ("4.5%", EN, "4.5"),
        ("1,234.5", EN, "1234.5"),
        ("12,345,678", EN, "12345678"),
        ("1234.5", EN, "1234.5"),
        (".5", EN, "0.5"),
        ("1.2E-05", EN, "0.000012"),
        ("4,5 %", DE, "4.5"),
        ("4,5\u202f%", DE, "4.5"),
        ("1.234,5", DE, "1234.5"),
        ("\u22123", DE, "-3"),
        ("\u22123,25 %", DE, "-3.25"),
        ("+3", DE, "3"),
        ("- 3", DE, "-3"),
        ("1\u202f234,5", FR, "1234.5"),
        ("1\u2009234\u00a0567", FR, "1234567"),
        ("1 234 Mio. EUR", FR, "1234"),
        ("1'234.5", NumberStyle(".", "'"), "1234.5"),
        ("1\u2019234.5", NumberStyle(".", "'"), "1234.5"),
        ("$1,234.50", EN, "1234.50"),
        ("-€3", EN, "-3"),
        ("€ -3", EN, "-3"),
        ("3 €", EN, "3"),
        ("\ufeff4\u200b.5\u200e", EN, "4.5"),
        ("-0.0", EN, "0.0"),
        (7, DE, "7"),
        (Decimal("1.234"), DE, "1.234"),
        (0.1, DE, "0.1"),
    ],
)
def test_printed_numbers_are_read_exactly(printed: object, style: NumberStyle, value: str) -> None:
    assert str(number(printed, style)) == str(Decimal(value))


@pytest.mark.parametrize(
    ("printed", "style"),
    [
        ("4,5", EN),
        ("4.5", DE),
        ("1.23", DE),
        ("1.2345", DE),
        ("1,23,456", EN),
        ("1234,567", EN),
        ("1 234", EN),
        ("1,234", NumberStyle(".")),
        ("4.5.1", EN),
        ("5.", EN),
        ("(3)", EN),
        ("3-", EN),
        ("--3", EN),
        ("4€50", EN),
        ("$€3", EN),
        ("4.5 %%", EN),
        ("3 of 4", EN),
        ("1/2", EN),
        ("0x10", EN),
        ("1_000", EN),
        ("٤", EN),
        ("\N{FULLWIDTH DIGIT FOUR}", EN),
        ("4\ufffd5", EN),
        ("n.a.", EN),
        ("NaN", EN),
        ("nan", EN),
        ("Infinity", EN),
        ("-inf", EN),
        ("1e400", EN),
        ("1e-400", EN),
        ("9" * 5000, EN),
        ("0." + "0" * 5000, EN),
        ("1" * 41, EN),
        ("1e31", EN),
        (10**40, EN),
        (10**5000, EN),
        (Decimal("1e400"), EN),
        (Decimal("NaN"), EN),
        (float("nan"), EN),
        (float("-inf"), EN),
        (True, EN),
        (False, EN),
        (None, EN),
        ([4], EN),
        ({"value": 4}, EN),
    ],
    ids=lambda value: str(value)[:20] if not isinstance(value, int) else "integer",
)
def test_what_is_no_clear_number_is_refused(printed: object, style: NumberStyle) -> None:
    with pytest.raises(UnreadableSource) as caught:
        number(printed, style)
    assert caught.value.code == "bad_number"
    assert len(caught.value.detail) < 300


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("4.45", 1, "4.4"),
        ("4.55", 1, "4.6"),
        ("-4.45", 1, "-4.4"),
        ("4.4500001", 1, "4.5"),
        ("4.5", 0, "4"),
        ("4.5", 2, "4.50"),
        ("4.45", None, "4.45"),
        ("9" * 30, 12, "9" * 30 + "." + "0" * 12),
    ],
)
def test_rounding_is_half_to_even_and_exact(value: str, decimals: int | None, expected: str) -> None:
    assert str(rounded(Decimal(value), decimals)) == expected


def test_values_are_kept_with_the_decimals_of_the_spec() -> None:
    body = json_of({"date": "2026-09", "value": 2.3999999999999999})
    assert read(body, DataSeriesSpec("json", select="data.rows", decimals=1)).text == "2026-09 2.4"


@pytest.mark.parametrize("mark", ["", " ", ".", "..", ":", "-", "\u2013", "n/a", "NA", None])
def test_a_row_without_a_figure_is_not_printed_yet(mark: object) -> None:
    assert read(json_of({"date": "2026-10", "value": mark}, {"date": "2026-09", "value": 1}), JSON).text == "2026-09 1"


def test_one_unreadable_row_refuses_the_whole_and_is_named() -> None:
    with pytest.raises(UnreadableSource, match=r"^line 3: '4,5' is no number"):
        read(b"date;value\n2026-08;4.0\n2026-09;4,5\n", CSV)
    with pytest.raises(UnreadableSource, match=r"^row 2: 'soon' is no date"):
        read(json_of({"date": "2026-08", "value": 1}, {"date": "soon", "value": 1}), JSON)


def test_one_period_with_two_values_is_refused_and_the_same_value_twice_is_one() -> None:
    twice = {"date": "2026-08", "value": 1}
    assert read(json_of(twice, twice, {"date": "August 2026", "value": 1.0}), JSON).text == "2026-08 1"
    with pytest.raises(UnreadableSource, match="one period has two values") as caught:
        read(json_of(twice, {"date": "2026-08", "value": 2}), JSON)
    assert caught.value.code == "double_period"


def test_a_spec_of_defaults_needs_format_and_freq() -> None:
    assert DataSeriesSpec.from_dict({"format": "json", "freq": "month"}) == DataSeriesSpec()
    with pytest.raises(Refused) as caught:
        DataSeriesSpec.from_dict({})
    assert [problem.field for problem in caught.value.problems] == ["spec.format", "spec.freq"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "xml"),
        ("format", ["json"]),
        ("select", ""),
        ("select", "a["),
        ("select", "x" * 501),
        ("select", "!" * 500),
        ("select", "(" * 500),
        ("select", 3),
        ("date", ""),
        ("date", 0),
        ("value", "x" * 201),
        ("delimiter", " "),
        ("delimiter", ",,"),
        ("date_label", "middle"),
        ("freq", "decade"),
        ("freq", None),
        ("tz", "Mars/Base"),
        ("tz", "../../etc/passwd"),
        ("tz", "/etc/localtime"),
        ("tz", ""),
        ("tz", None),
        ("tz", "A" * 10_000),
        ("unit", "10 EUR"),
        ("unit", None),
        ("decimal", "x"),
        ("thousands", "x"),
        ("thousands", "."),
        ("decimals", -1),
        ("decimals", 13),
        ("decimals", True),
        ("decimals", 1.0),
        ("xpath", "//a"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_wrong_spec_is_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(Refused) as caught:
        DataSeriesSpec.from_dict({"format": "json", "freq": "month", key: value})
    assert [problem.field for problem in caught.value.problems] == [f"spec.{key}"]


def test_every_problem_of_a_spec_is_named_at_once() -> None:
    with pytest.raises(Refused) as caught:
        DataSeriesSpec.from_dict({"format": "csv", "colour": "red", "tz": "Mars/Base", "decimals": "2"})
    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["spec.colour", "spec.freq", "spec.tz", "spec.decimals"]
