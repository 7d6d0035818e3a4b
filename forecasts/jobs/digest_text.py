"""The weekly digest and its recap as plain text: what a mail says, and what an editor copies."""

from collections.abc import Iterator, Sequence

from forecasts.evidence.plaintext import clean
from forecasts.language.figures import percent
from forecasts.queries.desk import DeskSection
from forecasts.queries.digest import Digest
from forecasts.queries.last_words import Said
from forecasts.queries.recap import Changed, Pending, Recap, Settled, Surprise

DESK = "/desk/"


def digest_text(digest: Digest, site: str) -> str:
    """The whole of it; links begin with `site`, such as https://reckoner.example."""
    return "\n".join([*_desk(digest, site), *_recap(digest.recap, site)]).strip() + "\n"


def recap_text(recap: Recap, site: str) -> str:
    return "\n".join(_recap(recap, site)).strip() + "\n"


def line(text: str) -> str:
    """`text` on one line and without control or direction characters: no title may pass for a line of ours."""
    return " ".join(clean(text).split())


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
    yield f"Recap, {recap.days}"
    yield ""
    if recap.resolved:
        yield f"Resolved: {recap.resolved_count}. {recap.leanings}"
        for row in recap.resolved:
            yield from _settled(row, site)
        yield from _rest(recap.more_resolved)
    if recap.surprise:
        yield from _surprise(recap.surprise, site)
    if recap.corrected:
        yield f"Corrected: {recap.corrected_count}."
        for row in recap.corrected:
            yield from _settled(row, site)
        yield from _rest(recap.more_corrected)
    if recap.changed:
        yield f"Criteria changed: {recap.changed_count}."
        for change in recap.changed:
            yield from _changed(change, site)
        yield from _rest(recap.more_changed)
    yield from _pending("New", recap.new, recap.new_count, site)
    yield from _pending("Due next", recap.due, recap.due_count, site)


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


def _surprise(row: Surprise, site: str) -> Iterator[str]:
    yield "Biggest surprise"
    yield f"- {line(row.statement)}"
    yield f"  {line(row.happened)}. {line(row.name)}: {line(row.words)}, which left it {percent(row.given)}"
    yield f"  {site}{row.path}"
    yield ""


def _changed(row: Changed, site: str) -> Iterator[str]:
    yield f"- {line(row.statement)}"
    yield f"  Version {row.number}{', after forecasts had been made' if row.after_first_forecast else ''}" + (
        f". Why: {line(row.reason)}" if row.reason else ""
    )
    yield f"  {site}{row.path}"


def _pending(name: str, rows: Sequence[Pending], count: int, site: str) -> Iterator[str]:
    if not rows:
        return
    yield f"{name}: {count}."
    for row in rows:
        deadline = f"by {row.deadline:%Y-%m-%d}" if row.deadline else ""
        about = "; ".join(filter(None, (deadline, line(row.said))))
        yield f"- {line(row.statement)}" + (f" ({about})" if about else "")
        yield f"  {site}{row.path}"
    yield from _rest(count - len(rows))


def _rest(more: int) -> Iterator[str]:
    if more > 0:
        yield f"- and {more} more"
    yield ""
