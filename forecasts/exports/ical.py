"""iCalendar (RFC 5545). Pure: deadlines in, the calendar out."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from forecasts.evidence.plaintext import clean

MEDIA_TYPE = "text/calendar"
LINE = 75  # octets, without the line break
DAY = dt.timedelta(days=1)
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True)
class Event:
    """Something due at `at`: on that UTC day if `is_day`. `revised` is when its data last changed."""

    name: UUID
    at: dt.datetime
    is_day: bool
    summary: str
    url: str
    revised: dt.datetime
    revision: int


@dataclass(frozen=True)
class Calendar:
    """`url` is its own address."""

    title: str
    url: str
    events: Sequence[Event]


def calendar(found: Calendar) -> bytes:
    """The calendar in UTF-8. It carries no METHOD, so that DTSTAMP says when an event was last revised, and not now."""
    return "".join(f"{part}\r\n" for line in _lines(found) for part in folded(line)).encode()


def folded(line: str) -> Iterator[str]:
    """`line` in parts of at most 75 octets, all but the first behind a space; no character is cut in two."""
    part, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LINE:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + octets
    yield part


def _lines(found: Calendar) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Reckoner//Deadlines//EN")
    yield f"NAME:{_text(found.title)}"
    yield f"X-WR-CALNAME:{_text(found.title)}"
    yield f"SOURCE;VALUE=URI:{found.url}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT12H"
    for event in found.events:
        yield from _event(event)
    yield "END:VCALENDAR"


def _event(event: Event) -> Iterable[str]:
    return (
        "BEGIN:VEVENT",
        f"UID:{event.name}",
        f"DTSTAMP:{_instant(event.revised)}",
        f"LAST-MODIFIED:{_instant(event.revised)}",
        f"SEQUENCE:{event.revision}",
        *_when(event),
        f"SUMMARY:{_text(event.summary)}",
        f"URL:{event.url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def _when(event: Event) -> Iterable[str]:
    """An instant has no end of its own; a day ends, exclusively, on the next."""
    utc = event.at.astimezone(dt.UTC)
    if not event.is_day:
        return (f"DTSTART:{_instant(utc)}",)
    return f"DTSTART;VALUE=DATE:{_day(utc)}", f"DTEND;VALUE=DATE:{_day(utc + DAY)}"


def _instant(at: dt.datetime) -> str:
    utc = at.astimezone(dt.UTC)
    return f"{_day(utc)}T{utc:%H%M%S}Z"


def _day(at: dt.datetime) -> str:
    return f"{at.year:04}{at:%m%d}"


def _text(text: str) -> str:
    return clean(text).translate(ESCAPED)
