"""Series that are no series, and series that are meant to hurt."""

import json
import time
from decimal import Decimal

import pytest

from forecasts.errors import UnreadableSource
from forecasts.evidence.sources.data_series import DataSeriesSpec, read
from forecasts.evidence.sources.json_path import MAX_EXPRESSION, expression_fault, load_json, select

JSON = DataSeriesSpec("json", freq="day")
CSV = DataSeriesSpec("csv", freq="day")
GOOD = b'[{"date": "2026-09-01", "value": 1.5}]'


def refusal(body: bytes, spec: DataSeriesSpec = JSON, charset: str = "") -> UnreadableSource:
    with pytest.raises(UnreadableSource) as caught:
        read(body, spec, charset=charset)
    assert len(caught.value.detail) < 500
    return caught.value


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\0\0\0"])
@pytest.mark.parametrize("spec", [JSON, CSV], ids=["JSON", "CSV"])
def test_an_empty_answer_is_named(body: bytes, spec: DataSeriesSpec) -> None:
    assert refusal(body, spec).code == "empty"


@pytest.mark.parametrize("spec", [JSON, CSV], ids=["JSON", "CSV"])
def test_a_page_instead_of_a_series_is_named(spec: DataSeriesSpec) -> None:
    assert refusal(b"<!DOCTYPE html><title>Sign in</title>date,value", spec).code == "html"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"hello", "not_json"),
        (b"%PDF-1.7", "not_json"),
        (b"{", "not_json"),
        (b'{"a": 01}', "not_json"),
        (b"{'a': 1}", "not_json"),
        (b"[1] [2]", "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (b"null", "no_series"),
        (b"3", "no_series"),
        (b'"2026"', "no_series"),
        (b"[1]", "bad_row"),
        (b"[null]", "bad_row"),
        (b'[{"date": "2026-09-01"}]', "bad_row"),
        (b'[{"value": 1}]', "bad_row"),
        (b'{"2026-09-01": {"x": 1}}', "bad_row"),
        (b'[{"date": "2026-09-01", "value": 1, "value": 2}]', "duplicate_key"),
        (b'{"a": {"b": 1, "b": 1}}', "duplicate_key"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_json_that_is_no_series_is_named(body: bytes, code: str) -> None:
    assert refusal(body).code == code


@pytest.mark.parametrize(
    "value",
    [
        *("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "1e999999999999999999999", "1" * 5000),
        *("0." + "1" * 5000, '"1\\u0000x"', '"4,5 %"', '"1.234,5"', "true", "[1]", "{}"),
    ],
    ids=lambda value: value[:30],
)
def test_a_json_value_that_is_no_usable_number_is_refused_with_its_row(value: str) -> None:
    error = refusal(f'[{{"date": "2026-09-01", "value": {value}}}]'.encode())
    assert error.code == "bad_number"
    assert error.detail.startswith("row 1: ")


@pytest.mark.parametrize("odd", ["NaN", "-Infinity", "1e400", "1e999999999999999999999", "1" * 5000])
def test_odd_numbers_elsewhere_in_the_document_do_no_harm(odd: str) -> None:
    body = f'{{"odd": {odd}, "rows": [{{"date": "2026-09-01", "value": 1.5, "odd": {odd}}}]}}'.encode()
    assert read(body, DataSeriesSpec("json", select="rows", freq="day")).text == "2026-09-01 1.5"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_and_a_lying_charset_do_no_harm(encoding: str) -> None:
    assert read(GOOD.decode().encode(encoding), JSON, charset="iso-8859-1").text == "2026-09-01 1.5"
    table = "date;value;café\n2026-09-01;1.5;é\n"
    assert read(table.encode(encoding), CSV, charset="utf-7").text == "2026-09-01 1.5"


def test_bytes_of_mixed_encodings_are_read_where_they_do_not_matter_and_refused_where_they_do() -> None:
    head = b"date,note,value\n"
    assert read(head + "2026-09-01,é,1.5\n".encode() + "2026-09-02,é,2\n".encode("cp1252"), CSV).text == (
        "2026-09-01 1.5\n2026-09-02 2"
    )
    assert refusal(head + b"2026-09-01,\xc3\xa9,1\x81\xff5\n", CSV).code == "bad_number"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"a,b\n1,2\n", "no_columns"),
        (b"date\n2026-09-01\n", "no_columns"),
        (b"x\n" * 60 + b"date,value\n2026-09-01,1\n", "no_columns"),
        (b"date,value,value\n2026-09-01,1,2\n", "double_column"),
        (b"date,value\n2026-09-01,4,5\n", "ragged"),
        (b"date,note,value\n2026-09-01,1\n", "ragged"),
        (b"date,value\nSource: the office\n", "ragged"),
        (b'date,value\n2026-09-01,"1\n2026-09-02,2\n', "not_csv"),
        (b'date,value\n2026-09-01,"1"2\n', "not_csv"),
        (b"date,value\n2026-09-01," + b"1" * 200_000 + b"\n", "not_csv"),
        (b'date,value\n"' + b"x" * 200_000 + b'",1\n', "not_csv"),
        (b"date,value\n2026-09-01,=1+1\n", "bad_number"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_csv_that_is_no_series_is_named(body: bytes, code: str) -> None:
    assert refusal(body, CSV).code == code


def test_twenty_thousand_rows_are_read_and_one_more_is_not() -> None:
    rows = [{"date": "2026-09-01", "value": 1}] * 20_000
    assert len(read(json.dumps(rows).encode(), JSON).observations) == 1
    assert refusal(json.dumps([*rows, rows[0]]).encode()).code == "too_many_rows"
    table = b"date,value\n" + b"2026-09-01,1\n" * 20_000
    assert len(read(table, CSV).observations) == 1
    assert refusal(table + b"2026-09-01,1\n", CSV).code == "too_many_rows"


def test_a_row_of_a_million_empty_cells_is_a_row_without_a_figure() -> None:
    assert read(b"date,value\n" + b'"",' * 1_000_000, CSV).text == ""


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("@ | " + " | ".join(["[@,@][]"] * 40), "select"),
        ("[" + ",".join("@" * 120) + "][] | " + "[" + ",".join("@" * 120) + "][]", "select"),
        (" | ".join(["[@,@]"] * 60) + " | to_string(@)", "select"),
        (" | ".join(["[@,@]"] * 28) + f" == ({' | '.join(['[@,@]'] * 28)})", "select"),
        (" | ".join(["[@,@]"] * 28) + f" | contains(@, ({' | '.join(['[@,@]'] * 28)}))", "select"),
        ("[*].date | join(join('', @), @)", "select"),
        (f"[:1].{{date: date, value: {' | '.join(['[@,@]'] * 50)}}}", "bad_number"),
        (f"[:1].{{date: {' | '.join(['[@,@]'] * 50)}, value: value}}", "bad_date"),
        ("length(@.a)", "select"),
        ("max_by(@, &value)", "select"),
        ("sum(@)", "select"),
        ("no_such_function(@)", "select"),
        ("[?value > `1`] | [5000]", "no_series"),
        ("[0].value", "no_series"),
    ],
    ids=lambda value: value[:30],
)
def test_an_expression_that_fails_or_explodes_is_stopped(expression: str, code: str) -> None:
    assert expression_fault(expression) == ""
    body = json.dumps([{"date": "2026-09-01", "value": 1.5}] * 1000).encode()
    started = time.process_time()
    assert refusal(body, DataSeriesSpec("json", select=expression, freq="day")).code == code
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("[?v >= `0.1`].t", ["a", "b"]),
        ("[?v == `0.1`].t", ["a"]),
        ("[?t == 'b' && x != `[]`].v", [Decimal("0.2")]),
        ("[].join('-', [t, to_string(n)])", ["a-7", "b-8"]),
        ("[?contains(t, 'a')].n", [7]),
    ],
)
def test_fractions_in_an_expression_are_exact_and_its_functions_usual(expression: str, found: list[object]) -> None:
    document = load_json('[{"t": "a", "v": 0.1, "n": 7}, {"t": "b", "v": 0.2, "n": 8, "x": [1]}]')
    assert select(expression, document) == found


def test_an_expression_of_the_greatest_length_is_read() -> None:
    longest = "@" + " " * (MAX_EXPRESSION - 1)
    assert expression_fault(longest) == ""
    assert select(longest, [1]) == [1]
    assert "500 characters" in expression_fault(longest + " ")


@pytest.mark.parametrize(
    ("body", "spec"),
    [
        (
            json.dumps([{"date": f"{2026 - n // 365:04}-01-01", "value": n, "x": ["y"] * 60} for n in range(15_000)]),
            JSON,
        ),
        ("[" + ",".join(["1"] * 2_000_000) + "]", JSON),
        ("[" * 900 + "1" + "]" * 900, JSON),
        ("{" + ",".join(f'"k{n}": 1' for n in range(300_000)) + ', "k299999": 2}', JSON),
        ('"' + "\\u0041" * 800_000 + '"', JSON),
        ("date,value\n" + "2026-09-01," + ",".join(["1"] * 2_000_000), CSV),
        ("," * 5_000_000, CSV),
        ("\n" * 5_000_000, CSV),
        ('"' * 5_000_000, CSV),
        ('"\n' * 2_500_000, CSV),
        ("date,value\n" + "2026-09-01," + "1," * 2_400_000, CSV),
        ("date,value\n" + f"2026-09-01,{'$' * 79}\n" * 20_000, CSV),
    ],
    ids=lambda value: "" if isinstance(value, DataSeriesSpec) else value[:20],
)
def test_the_largest_documents_end_soon(body: str, spec: DataSeriesSpec) -> None:
    raw = body.encode()
    started = time.process_time()
    refusal(raw, spec)
    assert time.process_time() - started < 5
