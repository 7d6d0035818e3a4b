"""Any page into what is new on it since the last time."""

import hashlib
import re
from datetime import datetime
from typing import Any

from forecasts.errors import UnreadableSource
from forecasts.evidence.changes import blocks, new_blocks
from forecasts.evidence.sources.feed.decode import decode
from forecasts.evidence.sources.feed.items import MAX_TITLE, web_link
from forecasts.evidence.sources.kind import Item, Reading
from forecasts.evidence.sources.page.dates import modified, published
from forecasts.evidence.sources.page.spec import PageSpec
from forecasts.evidence.sources.page.text import normal, watched_text
from forecasts.evidence.sources.page.tree import safe_tree, visible_markup
from forecasts.evidence.sources.page.walls import check_is_no_wall

MAX_ITEMS = 2_000

_DECLARED = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.I)
_NOT_TEXT = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b")


def read(
    body: bytes,
    media_type: str,
    spec: PageSpec,
    *,
    charset: str = "",
    url: str = "",
    now: datetime | None = None,
    before: str = "",
) -> Reading:
    """The watched text of a page. Its items are the blocks that are new since `before`; at first the whole page is one.

    New blocks that follow each other are one item. The first item is dated by when the page appeared, the others by
    when it says it last changed.

    Raises UnreadableSource with code `empty`, `not_a_page`, `too_complex`, `too_deep`, `too_large`, `bot_wall`,
    `login_wall` or `no_match`.
    """
    if body.startswith(_NOT_TEXT):
        raise UnreadableSource(f"expected a page; got {media_type or 'something else'} that is no text", "not_a_page")
    markup = decode(body, _declared(body) or charset)
    if not markup.strip():
        raise UnreadableSource("expected a page; got an empty answer", "empty")
    root = safe_tree(markup)
    title = _title(root)
    check_is_no_wall(root, title)
    date, dated_by = (modified if before else published)(root, now)  # before scripts are taken out
    text = watched_text(visible_markup(root), spec)
    parts = _new_parts(before, text)
    items = tuple(
        Item(_digest(text[start:end]), web_link(url, url), title, text[start:end], date, dated_by)
        for start, end in parts
    )
    return Reading(text, items, tuple(start for start, _ in parts))


def _declared(body: bytes) -> str:
    match = _DECLARED.search(body[:4_096])
    return match[1].decode("ascii") if match else ""


def _title(root: Any) -> str:
    """The page's title, else its first heading."""
    found = (" ".join(normal("".join(element.itertext())).split()) for element in root.iter("title", "h1"))
    return next(filter(None, found), "")[:MAX_TITLE]


def _new_parts(before: str, text: str) -> list[tuple[int, int]]:
    """Where in `text` the new parts begin and end, at most 2,000: the last one then reaches over all that remain.

    A part that is there twice is given once.
    """
    if not before:
        return [(0, len(text))]
    parts = _runs(text, blocks(before), blocks(text))
    if len(parts) > MAX_ITEMS:
        parts = [*parts[: MAX_ITEMS - 1], (parts[MAX_ITEMS - 1][0], parts[-1][1])]
    return list({text[start:end]: (start, end) for start, end in reversed(parts)}.values())[::-1]


def _runs(text: str, old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """New blocks as (start, end) in `text`, those that follow each other as one."""
    is_new = set(new_blocks(old, new))
    runs: list[tuple[int, int]] = []
    start = 0
    for index, block in enumerate(new):
        end = start + len(block)
        if index in is_new and index - 1 in is_new:
            runs[-1] = (runs[-1][0], end)
        elif index in is_new:
            runs.append((start, end))
        start = end + len("\n")
    return runs


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
