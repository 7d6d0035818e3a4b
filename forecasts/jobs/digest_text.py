"""The weekly digest and its recap as plain text: what a mail says, and what an editor copies."""

import datetime as dt
from collections.abc import Iterator

from forecasts.evidence.plaintext import clean
from forecasts.queries.desk import DeskSection
from forecasts.queries.digest import Digest, NewPrediction, Recap, Said, Settled

DESK = "/desk/"


def digest_text(digest: Digest, site: str) -> str:
    """The whole of it; links begin with `site`, such as https://reckoner.example."""
    return "\n".join([*_desk(digest, site), *_recap(digest.recap, site)]).strip() + "\n"


def recap_text(recap: Recap, site: str) -> str:
    return "\n".join(_recap(recap, site)).strip() + "\n"


def line(text: str) -> str:
    """`text` on one line and without control or direction characters: no title may pass for a line of ours."""
    return " ".join(clean(text).split())


def days(recap: Recap) -> str:
    """The first and the last day of the week, such as 16 November to 22 November 2026."""
    return f"{_day(recap.since.date())} to {_day(recap.last_day)} {recap.last_day.year}"


def _desk(digest: Digest, site: str) -> Iterator[str]:
    yield f"The desk: {site}{DESK}"
    for section in digest.sections:
        yield from _pile(section, site)
    yield ""


def _pile(section: DeskSection, site: str) -> Iterator[str]:
    yield ""
    yield f"{section.name}: {section.count}"
    for each in section.lines:
        yield f"- {line(each.title)} ({line(each.note)})" if each.note else f"- {line(each.title)}"
        yield f"  {site}{DESK}forecasts/{each.url}"
    if section.count > len(section.lines):
        yield f"- all {section.count}: {site}{DESK}forecasts/{section.more_url}"


def _recap(recap: Recap, site: str) -> Iterator[str]:
    if recap.is_empty:
        return
    yield f"Recap, {days(recap)}"
    yield ""
    if recap.resolved:
        yield f"Resolved: {recap.resolved_count}. {leanings(recap)}"
        for row in recap.resolved:
            yield from _settled(row, site)
        yield from _rest(recap.more_resolved)
    if recap.corrected:
        yield f"Corrected: {recap.corrected_count}."
        for row in recap.corrected:
            yield from _settled(row, site)
        yield from _rest(recap.more_corrected)
    if recap.new:
        yield f"New: {recap.new_count}."
        for each in recap.new:
            yield from _new(each, site)
        yield from _rest(recap.more_new)


def leanings(recap: Recap) -> str:
    """How many forecasts leant which way, over those that are told; misses first."""
    if not recap.misses + recap.hits:
        return ""
    return f"Of the forecasts that leant one way, {recap.misses} missed and {recap.hits} hit."


def said_words(one: Said) -> str:
    words = f"{line(one.name)}: {line(one.words)}"
    return f"{words} ({one.leant})" if one.leant else words


def _settled(row: Settled, site: str) -> Iterator[str]:
    yield f"- {line(row.statement)}"
    happened = f"now: {row.happened}; before: {row.before}" if row.before else row.happened
    yield f"  {line(happened)}. Said before: {'; '.join(map(said_words, row.shown)) or 'nothing'}" + (
        f"; and {row.more} more" if row.more else ""
    )
    if row.before and row.note:
        yield f"  Why: {line(row.note)}"
    yield f"  {site}{row.path}"


def _new(row: NewPrediction, site: str) -> Iterator[str]:
    deadline = f"by {row.deadline:%Y-%m-%d}" if row.deadline else ""
    about = "; ".join(filter(None, (deadline, line(row.said))))
    yield f"- {line(row.statement)}" + (f" ({about})" if about else "")
    yield f"  {site}{row.path}"


def _rest(more: int) -> Iterator[str]:
    if more > 0:
        yield f"- and {more} more"
    yield ""


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B}"
