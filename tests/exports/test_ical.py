"""Calendars: RFC 5545 by hand, and read back by a parser of others."""

import datetime as dt
import uuid
from typing import Any

import icalendar
import pytest

from forecasts.exports.ical import Calendar, Event, calendar, folded

AT = dt.datetime(2026, 6, 30, 23, 59, 59, tzinfo=dt.UTC)
NAME = uuid.UUID(int=7)


def event(**given: Any) -> Event:
    fields: dict[str, Any] = {
        "name": NAME,
        "at": AT,
        "is_day": True,
        "summary": "Due: a rule",
        "url": "https://reckoner.example/predictions/a/",
        "revised": dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        "revision": 2,
        **given,
    }
    return Event(**fields)


def written(*events: Event, title: str = "Deadlines") -> str:
    return calendar(Calendar(title, "https://reckoner.example/feeds/deadlines.ics", events)).decode()


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_it_works() -> None:
    assert written(event()) == "\r\n".join(
        (
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Reckoner//Deadlines//EN",
            "NAME:Deadlines",
            "X-WR-CALNAME:Deadlines",
            "SOURCE;VALUE=URI:https://reckoner.example/feeds/deadlines.ics",
            "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
            "BEGIN:VEVENT",
            "UID:00000000-0000-0000-0000-000000000007",
            "DTSTAMP:20260102T030405Z",
            "LAST-MODIFIED:20260102T030405Z",
            "SEQUENCE:2",
            "DTSTART;VALUE=DATE:20260630",
            "DTEND;VALUE=DATE:20260701",  # the first day that is not in it
            "SUMMARY:Due: a rule",
            "URL:https://reckoner.example/predictions/a/",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        )
    )


def test_a_parser_reads_the_same_back() -> None:
    evil = "A \\ back; a, comma\r\nEND:VEVENT\nATTENDEE:mailto:x@evil.test\u202e " + "ü" * 90
    (read,) = icalendar.Calendar.from_ical(written(event(summary=evil, is_day=False))).walk("VEVENT")
    assert str(read["SUMMARY"]) == "A \\ back; a, comma\nEND:VEVENT\nATTENDEE:mailto:x@evil.test " + "ü" * 90
    assert read["DTSTART"].dt == AT
    assert "DTEND" not in read
    assert "ATTENDEE" not in read
    assert read["DTSTAMP"].dt == event().revised


def test_what_is_due_on_new_years_eve_ends_with_the_year() -> None:
    lines = unfolded(written(event(at=dt.datetime(2027, 12, 31, 23, 59, 59, tzinfo=dt.UTC))))
    assert {"DTSTART;VALUE=DATE:20271231", "DTEND;VALUE=DATE:20280101"} <= set(lines)


def test_the_day_is_the_one_in_utc() -> None:
    tokyo = dt.timezone(dt.timedelta(hours=9))
    assert "DTSTART;VALUE=DATE:20260630" in unfolded(written(event(at=AT.astimezone(tokyo))))


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("a" * 75, ["a" * 75]),
        ("a" * 76, ["a" * 75, " a"]),
        ("a" * 74 + "ü", ["a" * 74, " ü"]),  # 74 + 2 octets
        ("a" * 73 + "ü", ["a" * 73 + "ü"]),
        ("a" * 75 + "b" * 75, ["a" * 75, " " + "b" * 74, " b"]),
        ("😀" * 20, ["😀" * 18, " " + "😀" * 2]),  # 18 x 4 = 72 octets; a nineteenth would make 76
    ],
)
def test_lines_are_folded_at_75_octets_and_between_letters(line: str, parts: list[str]) -> None:
    assert list(folded(line)) == parts


def test_no_line_is_longer_and_none_ends_otherwise_than_in_crlf() -> None:
    text = written(event(summary="ستنشر هيئة الاتصالات " * 40), title="ü" * 100)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")


def test_without_events_it_is_still_a_calendar() -> None:
    assert list(icalendar.Calendar.from_ical(written()).walk("VEVENT")) == []
