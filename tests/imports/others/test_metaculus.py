"""Metaculus's download: a zip made by a stranger, four kinds of question, names or digests of forecasters."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest

from forecasts.actions.imported import Import
from forecasts.imports.others.metaculus import FORECASTS, QUESTIONS, parse

from .made import only, reasons, refuses, said, table

QUESTION = {
    "Question ID": "100",
    "Question URL": "https://www.metaculus.com/questions/90/bridge/",
    "Question Title": "Will the harbour bridge open by June?",
    "Post ID": "90",
    "Post Curation Status": "approved",
    "Label": "",
    "Question Type": "binary",
    "MC Options (Current)": "",
    "MC Options (All)": "",
    "Lower Bound": "",
    "Open Lower Bound": "",
    "Upper Bound": "",
    "Open Upper Bound": "",
    "Continuous Range": "",
    "Open Time": "2026-01-01 10:00:00+00:00",
    "Scheduled Close Time": "2026-06-30 21:00:00+00:00",
    "Actual Close Time": "2026-05-01 08:00:00+00:00",
    "Resolution": "",
    "Resolution Known Time": "",
}
FORECAST = {
    "Question ID": "100",
    "Forecaster ID": "5",
    "Forecaster Username": "harbour-desk",
    "Is Bot": "False",
    "Start Time": "2026-01-02 03:04:05.678901+00:00",
    "End Time": "",
    "Forecaster Count": "",
    "Probability Yes": "0.7",
    "Probability Yes Per Category": "",
    "Continuous CDF": "",
    "Probability of Resolution": "",
    "PDF at Resolution": "",
}
KNOWN = {"Resolution Known Time": "2026-05-01 08:00:00+00:00"}
CHOICE = {"Question Type": "multiple_choice", "MC Options (All)": "['Monday', \"Tuesday's\", 'never']"}
NUMBER = {
    "Question Type": "numeric",
    "Lower Bound": "0.0",
    "Open Lower Bound": "False",
    "Upper Bound": "20.0",
    "Open Upper Bound": "True",
    "Continuous Range": "[0.0, 5.0, 10.0, 20.000000000000004]",
}
DATE = NUMBER | {
    "Question Type": "date",
    "Lower Bound": "2026-01-01",
    "Upper Bound": "2026-01-31",
    "Continuous Range": "['2026-01-01', '2026-01-15', '2026-01-15', '2026-01-31']",
}
CDF = {"Probability Yes": "", "Continuous CDF": "[0.0, 0.25, 0.5, 0.9]"}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def parsed(questions: list[dict[str, str]], *forecasts: dict[str, str]) -> Import:
    asked = table({**QUESTION, "Question ID": str(100 + i), **each} for i, each in enumerate(questions))
    given = table([{**FORECAST, **each} for each in forecasts] or [FORECAST | {"Question ID": "0"}])
    return parse({"download.zip": zipped({QUESTIONS: asked, FORECASTS: given, "README.md": b"read me"})})


def test_it_works() -> None:
    found = parsed([KNOWN | {"Resolution": "yes"}], {})
    question = only(found)
    assert (question.external_id, question.row, question.group) == ("metaculus:100", 2, "")
    assert question.criteria == "As asked on Metaculus: https://www.metaculus.com/questions/90/bridge/"
    assert question.closes_at == question.resolves_by == dt.datetime(2026, 6, 30, 21, tzinfo=dt.UTC)
    assert (question.outcome, question.known_at) == ("yes", dt.datetime(2026, 5, 1, 8, tzinfo=dt.UTC))
    (forecast,) = question.forecasts
    assert (forecast.forecaster, forecast.value, forecast.basis) == ("metaculus-5", Decimal("0.7"), "stated")
    assert forecast.issued_at == dt.datetime(2026, 1, 2, 3, 4, 5, 678_901, dt.UTC)
    assert ([(who.name, who.is_bot) for who in found.forecasters], found.refused) == ([("harbour-desk", False)], ())


def test_the_two_tables_by_themselves_are_taken_too() -> None:
    files = {QUESTIONS: table([QUESTION]), FORECASTS: table([FORECAST])}
    assert only(parse(files)) == only(parsed([{}], {}))


def test_an_anonymised_download_has_other_columns_and_digests_for_names() -> None:
    hidden = {"Question ID": "100", "Forecaster (Anonymized)": "ab" * 32}
    shown = {name: cell for name, cell in FORECAST.items() if not name.startswith(("Forecaster ", "Question"))}
    data = table([hidden | shown, hidden | shown | {"Forecaster (Anonymized)": "recency_weighted"}])
    found = parse({QUESTIONS: table([QUESTION]), FORECASTS: data})
    assert [(who.slug[:17], who.name, who.kind, who.is_bot) for who in found.forecasters] == [
        ("metaculus-abababa", "Metaculus abababab", "person", False),
        ("metaculus-recency", "Metaculus, recency weighted", "publication", True),
    ]


def test_an_aggregate_is_credited_to_metaculus_and_a_bot_is_one() -> None:
    found = parsed([{}], {"Forecaster ID": "", "Forecaster Username": "unweighted"}, {"Is Bot": "True"})
    assert [(who.name, who.kind, who.is_bot) for who in found.forecasters] == [
        ("Metaculus, unweighted", "publication", True),
        ("harbour-desk", "ai_model", True),
    ]
    assert [row.basis for row in said(found)] == ["aggregate", "model"]


def test_a_forecast_that_ends_while_the_question_is_open_and_has_no_successor_was_withdrawn() -> None:
    second, third = "2026-02-01 00:00:00+00:00", "2026-03-01 00:00:00+00:00"
    found = parsed([{}], {"End Time": second}, {"Start Time": second, "End Time": third, "Probability Yes": "0.8"})
    assert [(row.row, row.value) for row in said(found)] == [(2, Decimal("0.7")), (3, Decimal("0.8")), (3, None)]
    assert len({row.external_id for row in said(found)}) == 3
    for closed in (QUESTION["Actual Close Time"], "2026-06-30 21:00:00+00:00"):
        assert [row.value for row in said(parsed([{}], {"End Time": closed}))] == [Decimal("0.7")]


def test_a_later_export_has_the_same_keys() -> None:
    before, after = (
        parsed([{}], {}),
        parsed(
            [KNOWN | {"Resolution": "no"}],
            {"Probability of Resolution": "0.3"},
            {"Start Time": "2026-03-01 00:00:00+00:00"},
        ),
    )
    assert said(before)[0].external_id == said(after)[0].external_id


@pytest.mark.parametrize(
    ("resolution", "outcome", "void"),
    [("no", "no", ""), ("ambiguous", "", "ambiguous_criteria"), ("annulled", "", "unresolvable"), ("", "", "")],
)
def test_resolutions_of_yes_or_no(resolution: str, outcome: str, void: str) -> None:
    question = only(parsed([KNOWN | {"Resolution": resolution}]))
    assert (question.outcome, question.void_reason, question.known_at is None) == (outcome, void, not resolution)


def test_options_come_as_python_prints_them_and_one_that_was_not_there_yet_has_nothing() -> None:
    shares = {"Probability Yes": "", "Probability Yes Per Category": "[0.25, 0.75, None]"}
    question = only(parsed([CHOICE | KNOWN | {"Resolution": "Tuesday's"}], shares))
    assert (question.kind, question.options, question.outcome) == (
        "multiple_choice",
        ("Monday", "Tuesday's", "never"),
        "1",
    )
    assert question.forecasts[0].value == {"Monday": Decimal("0.25"), "Tuesday's": Decimal("0.75"), "never": 0}


def test_a_number_has_a_cdf_at_the_places_of_its_range() -> None:
    question = only(parsed([NUMBER | KNOWN | {"Resolution": "7.5"}], CDF))
    assert (question.kind, question.range_min, question.range_max) == ("numeric", 0, 20)
    assert (question.open_below, question.open_above, question.log_scale, question.outcome) == (
        False,
        True,
        False,
        "7.5",
    )
    # The closed end says 0 by itself; at the open one 0.9 is given, and 0.1 lies beyond.
    points = [("5", Decimal("0.25")), ("10", Decimal("0.5")), ("20", Decimal("0.9"))]
    assert question.forecasts[0].value == points


def test_a_logarithmic_range_is_told_by_its_middle() -> None:
    log = NUMBER | {"Lower Bound": "1", "Upper Bound": "100", "Continuous Range": "[1.0, 10.0, 100.0]"}
    assert only(parsed([log])).log_scale
    assert not only(parsed([log | {"Continuous Range": "[1.0, 50.5, 100.0]"}])).log_scale


def test_more_points_than_can_be_kept_lose_those_that_change_least() -> None:
    places = [f"{number / 10}" for number in range(201)]
    shares = [number / 201 for number in range(200)] + [0.999]
    both_open = NUMBER | {"Open Lower Bound": "True", "Continuous Range": f"[{', '.join(places)}]"}
    found = parsed([both_open], CDF | {"Continuous CDF": str(shares)})
    value = said(found)[0].value
    assert isinstance(value, list)
    assert (len(value), value[0], value[-1]) == (200, ("0", Decimal("0.0")), ("20", Decimal("0.999")))


def test_a_date_stands_for_its_day_and_one_that_never_came_for_not_before() -> None:
    question = only(parsed([DATE | KNOWN | {"Resolution": "2026-01-20T12:00:00+00:00"}], CDF))
    day = (dt.date(2026, 1, 31) - dt.date(1970, 1, 1)).days + 1
    assert (question.kind, question.range_max, question.open_above, question.outcome) == (
        "date",
        day,
        True,
        "2026-01-20",
    )
    points = [("2026-01-01", Decimal("0.0")), ("2026-01-15", Decimal("0.5")), ("2026-01-31", Decimal("0.9"))]
    assert question.forecasts[0].value == points
    assert only(parsed([DATE | KNOWN | {"Resolution": "above_upper_bound"}])).outcome == "not_before"


def test_questions_of_one_post_are_a_family_and_have_their_label() -> None:
    found = parsed([{"Label": "North"}, {"Label": "South"}, {"Post ID": "91"}])
    title = QUESTION["Question Title"]
    assert [(row.statement, row.group) for row in found.predictions] == [
        (f"{title} (North)", "Metaculus post 90"),
        (f"{title} (South)", "Metaculus post 90"),
        (title, ""),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"Question Type": "conditional"}, "Question Type"),
        ({"Scheduled Close Time": ""}, "Scheduled Close Time"),
        ({"Resolution": "0.5"} | KNOWN, "Resolution"),
        ({"Resolution": "yes"}, "Resolution Known Time"),
        (CHOICE | {"Resolution": "Friday"} | KNOWN, "Resolution"),
        (CHOICE | {"MC Options (All)": "[1, 2]"}, "MC Options (All)"),
        (CHOICE | {"MC Options (All)": "[['a'], ['b']]"}, "MC Options (All)"),
        (CHOICE | {"MC Options (All)": "__import__('os')"}, "MC Options (All)"),
        (NUMBER | {"Resolution": "above_upper_bound"} | KNOWN, "Resolution"),
        (NUMBER | {"Continuous Range": ""}, "Continuous Range"),
        (NUMBER | {"Continuous Range": "[1, 'x']"}, "Continuous Range"),
        (NUMBER | {"Upper Bound": ""}, "Upper Bound"),
        (DATE | {"Open Lower Bound": "True"}, "Open Lower Bound"),
        (DATE | {"Resolution": "below_lower_bound"} | KNOWN, "Resolution"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused_with_its_forecasts(change: dict[str, str], field: str) -> None:
    found = parsed([change], {})
    assert found.predictions == ()
    assert [row[:2] for row in reasons(found)] == [(2, f"{QUESTIONS}: {field}"), (2, f"{FORECASTS}: Question ID")]


@pytest.mark.parametrize(
    ("question", "change", "field"),
    [
        ({}, {"Probability Yes": ""}, "Probability Yes"),
        ({}, {"Probability Yes": "1.01"}, "Probability Yes"),
        ({}, {"Start Time": "2026-01-02"[:7]}, "Start Time"),
        ({}, {"Forecaster ID": "", "Forecaster Username": ""}, "Forecaster (Anonymized)"),
        (CHOICE, {"Probability Yes Per Category": "[0.5, 0.5]"}, "Probability Yes Per Category"),
        (CHOICE, {"Probability Yes Per Category": "[0.5, 0.4, 0.0]"}, "Probability Yes Per Category"),
        (CHOICE, {"Probability Yes Per Category": "[2, -1, 0]"}, "Probability Yes Per Category"),
        (NUMBER, {"Continuous CDF": "[0.0, 0.5, 0.4, 0.9]"}, "Continuous CDF"),
        (NUMBER, {"Continuous CDF": "[0.0, 0.5]"}, "Continuous CDF"),
        (NUMBER, {"Continuous CDF": ""}, "Continuous CDF"),
    ],
)
def test_a_forecast_that_cannot_be_read_is_refused(
    question: dict[str, str], change: dict[str, str], field: str
) -> None:
    found = parsed([question], change)
    assert ([row[:2] for row in reasons(found)], said(found)) == ([(2, f"{FORECASTS}: {field}")], [])


def test_an_archive_that_is_none_or_is_damaged_is_refused() -> None:
    good = zipped({QUESTIONS: table([QUESTION]), FORECASTS: table([FORECAST])})
    for data in (b"", b"PK", good[:-30], good[:100] + b"\0" * 50 + good[150:]):
        with refuses("file", "give a whole zip archive"):
            parse({"d.zip": data})


def test_an_archive_meant_to_do_harm_is_refused() -> None:
    with refuses("file", "unpack to at most 200 times"):
        parse({"d.zip": zipped({QUESTIONS: b" " * (3 * 2**20)})})
    with refuses("file", "at most 100 files"):
        parse({"d.zip": zipped({str(number): b"" for number in range(101)})})
    with refuses("file", "stored or deflated"):
        parse({"d.zip": zipped({QUESTIONS: b"a"}, zipfile.ZIP_LZMA)})
    twice = zipped({QUESTIONS: b"a", QUESTIONS.upper(): b"b"}).replace(QUESTIONS.upper().encode(), QUESTIONS.encode())
    with refuses("file", f"one {QUESTIONS}; it has 2"):
        parse({"d.zip": twice})
    with refuses("files", f"missing: .*{QUESTIONS}"):
        parse({"d.zip": zipped({f"../{QUESTIONS}": b"a", f"folder/{FORECASTS}": b"b"})})
