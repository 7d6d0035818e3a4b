"""Read an insight article: a news summary with takeaways, dated milestones and forecasts, in one known layout.

The layout, as text or as HTML of it: a title, "Read original on <publisher>", a headline after a bulb, the headings
below, forecasts as pairs of lines (statement, rationale) and a timeline of date lines, each with its text. Damaged
text is repaired first; a heading is found whatever symbols stand before it, since some are lost for good.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from forecasts.errors import Refused
from forecasts.imports.page import LINK, PUBLISHER_LINE, Page, read_page

SECTIONS = (
    "What Changed",
    "Why It Matters",
    "What To Do Next",
    "Who should care",
    "Key Takeaways",
    "Future Implications",
    "Timeline",
)
SOURCE_LINE = "Original source:"

# Lines of the page around the article. Those in _OTHER_HEADINGS also end the section before them.
_OTHER_HEADINGS = (
    "30-Second TL;DR",
    "Deep Insight",
    "Weekly AI Recap",
    "Related Updates",
    "AI-curated news aggregator",
    PUBLISHER_LINE,
    SOURCE_LINE,
)
_FURNITURE = re.compile(
    r"AI analysis grounded in|AI-generated analysis|.*collected in \d+|Post$|LinkedIn$|PostLinkedIn$"
)
_SYMBOLS = r"[^0-9A-Za-z•*]{0,8}"
_HEADING = re.compile(
    rf"{_SYMBOLS}(?:Enhanced )?(?P<section>(?i:{'|'.join(SECTIONS)}))(?P<rest>$|:.*|[A-Z].*)"
    rf"|{_SYMBOLS}(?i:{'|'.join(map(re.escape, _OTHER_HEADINGS))})"
)
_BULB = "💡"
_BULLETS = re.compile(r"^[\s•*·–-]+")
_DATE_LINE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


@dataclass(frozen=True)
class InsightMilestone:
    """A dated event of the timeline; a year or a month is given as its first day, with the precision."""

    date: date
    precision: Literal["year", "month", "day"]
    text: str


@dataclass(frozen=True)
class InsightClaim:
    """A forecast of the article and its rationale; the statement is `text[start:end]` of the article."""

    statement: str
    rationale: str
    start: int
    end: int


@dataclass(frozen=True)
class InsightArticle:
    """An insight article. `text` is the whole text after repair; `markup` says that it came as HTML."""

    title: str
    publisher: str
    url: str
    headline: str
    what_changed: str
    why_it_matters: str
    what_to_do_next: str
    who_should_care: str
    key_takeaways: tuple[str, ...]
    milestones: tuple[InsightMilestone, ...]
    claims: tuple[InsightClaim, ...]
    text: str
    repaired_runs: int
    markup: bool


@dataclass(frozen=True)
class _Line:
    text: str
    start: int


def parse(data: bytes | str) -> InsightArticle:
    """The article in bytes of UTF-8 or in text, damaged or sound, plain or HTML.

    Raises Refused, naming what was looked for, when the text is not in the layout.
    """
    return parse_page(read_page(data))


def parse_page(page: Page) -> InsightArticle:
    """The same of a page that was read. Raises Refused like `parse`."""
    top, sections = _sections(_lines(page.text))
    publisher, url = _original(page.text)
    title, headline = _title_and_headline(top)
    _refuse_missing(page.text, sections, title, publisher)
    return InsightArticle(
        title=title,
        publisher=publisher,
        url=page.original or url,
        headline=headline,
        what_changed=_paragraph(sections["what changed"]),
        why_it_matters=_paragraph(sections["why it matters"]),
        what_to_do_next=_paragraph(sections["what to do next"]),
        who_should_care=_paragraph(sections["who should care"]),
        key_takeaways=tuple(_BULLETS.sub("", line.text) for line in sections["key takeaways"]),
        milestones=tuple(_milestones(sections["timeline"])),
        claims=tuple(_claims(sections["future implications"])),
        text=page.text,
        repaired_runs=page.repaired_runs,
        markup=page.markup,
    )


def _lines(text: str) -> Iterator[_Line]:
    """The lines that say something, without their margins. A line of symbols alone says nothing."""
    for match in re.finditer(r"[^\r\n]+", text):
        line = match.group().strip()
        if any(character.isalnum() for character in line):
            yield _Line(line, match.start() + len(match.group()) - len(match.group().lstrip()))


def _sections(lines: Iterator[_Line]) -> tuple[list[_Line], dict[str, list[_Line]]]:
    """The lines above the first heading, and those under each heading."""
    top: list[_Line] = []
    sections: dict[str, list[_Line]] = {}
    current = top
    for line in lines:
        heading = _HEADING.match(line.text)
        if heading is None:
            if not _FURNITURE.match(line.text):
                current.append(line)
        elif heading["section"] is None:
            current = current if current is top else []
        else:
            current = sections.setdefault(heading["section"].lower(), [])
            value = heading["rest"].removeprefix(":").strip() if heading["rest"].startswith(":") else ""
            if value:
                current.append(_Line(value, line.start + line.text.rindex(value)))
    return top, sections


def _original(text: str) -> tuple[str, str]:
    """The publisher that the article names, and the address beside it; "" where there is none."""
    for words in (PUBLISHER_LINE, SOURCE_LINE):
        match = re.search(rf"{words}[ \t]*([^\r\n]*)", text)
        if match:
            link = LINK.search(match[1])
            return re.sub(r"[^\w)'’.]+$", "", LINK.sub("", match[1])).strip(), link.group() if link else ""
    return "", ""


def _title_and_headline(top: list[_Line]) -> tuple[str, str]:
    """The title is the line that the page repeats, else its first; the headline stands after a bulb."""
    bulbs = [line.text.removeprefix(_BULB).strip() for line in top if line.text.startswith(_BULB)]
    counts = Counter(line.text for line in top if not line.text.startswith(_BULB))
    title = max(counts, key=lambda text: counts[text] > 1, default="")
    return title, bulbs[0] if bulbs else ""


def _refuse_missing(text: str, sections: dict[str, list[_Line]], title: str, publisher: str) -> None:
    missing = [name for name in SECTIONS if name.lower() not in sections]
    missing += [] if title else ["a title above them"]
    missing += [] if publisher else [f"“{PUBLISHER_LINE} …” with the publisher"]
    if missing:
        first_line = text.strip().partition("\n")[0]
        looked_for = (
            f"the insight layout: looked for the headings {', '.join(SECTIONS)}, a title and “{PUBLISHER_LINE} …”"
        )
        raise Refused("article", first_line, f"{looked_for}, and did not find {', '.join(missing)}")


def _paragraph(lines: list[_Line]) -> str:
    return " ".join(line.text for line in lines)


def _claims(lines: list[_Line]) -> Iterator[InsightClaim]:
    for index in range(0, len(lines), 2):
        line = lines[index]
        yield InsightClaim(line.text, _paragraph(lines[index + 1 : index + 2]), line.start, line.start + len(line.text))


def _milestones(lines: list[_Line]) -> Iterator[InsightMilestone]:
    starts = [index for index, line in enumerate(lines) if _DATE_LINE.fullmatch(line.text)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        day, precision = _milestone_date(lines[start].text)
        yield InsightMilestone(day, precision, _paragraph(lines[start + 1 : end]))


def _milestone_date(line: str) -> tuple[date, Literal["year", "month", "day"]]:
    match = _DATE_LINE.fullmatch(line)
    year, month, day = match.groups() if match else (line, None, None)
    try:
        found = date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise Refused("article", line, "a date of the timeline is YYYY, YYYY-MM or YYYY-MM-DD") from error
    return found, "day" if day else "month" if month else "year"
