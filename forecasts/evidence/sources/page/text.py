"""From a page's markup to the lines that are watched."""

import unicodedata
from collections.abc import Iterable
from typing import Any

import trafilatura
from selectolax.lexbor import LexborHTMLParser, LexborNode

from forecasts.errors import UnreadableSource
from forecasts.evidence.plaintext import clean, from_html
from forecasts.evidence.sources.page.spec import PageSpec

MAX_TEXT = 1_000_000
MAX_MARKUP = 5_000_000


def watched_text(markup: str, spec: PageSpec) -> str:
    """What `spec` selects, a block a line, without volatile lines.

    Raises UnreadableSource with code `no_match` when the selector matches nothing, `empty` when no text is left, and
    `too_large` over a million characters (five million with markup).
    """
    tree = LexborHTMLParser(markup)
    for selector in spec.drop:
        _drop(tree, selector)
    text = _without_volatile(normal(_selected(tree, spec.select)), spec.ignore)
    if not text:
        raise UnreadableSource("the page has no text to watch; perhaps it needs a script to show any", "empty")
    if len(text) > MAX_TEXT:
        raise UnreadableSource(f"the page has over {MAX_TEXT:,} characters of text; select a part of it", "too_large")
    return text


def normal(text: str) -> str:
    """Cleaned text in Unicode's composed form."""
    return unicodedata.normalize("NFC", clean(text))


def _drop(tree: LexborHTMLParser, selector: str) -> None:
    for node in _outermost(tree.css(selector)):
        if node.tag == "html":  # which cannot be taken out of its document
            raise UnreadableSource(f"the selector '{selector}' drops the whole page", "empty")
        node.decompose()


def _selected(tree: LexborHTMLParser, selector: str) -> str:
    if not selector:
        return _main_text(tree.html or "")
    nodes = _outermost(tree.css(selector))
    if not nodes:
        raise UnreadableSource(f"nothing on the page matches the selector '{selector}'", "no_match")
    return _all_text("<p>".join(node.html or "" for node in nodes))


def _main_text(markup: str) -> str:
    """The article on the page; everything when there is no article."""
    main = trafilatura.extract(markup, fast=True, include_comments=False) if markup else ""
    return main or _all_text(markup)


def _all_text(markup: str) -> str:
    if len(markup) > MAX_MARKUP:
        raise UnreadableSource(f"the page has over {MAX_MARKUP:,} characters; select a part of it", "too_large")
    return from_html(markup, cap=MAX_MARKUP)


def _outermost(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    """Those of `nodes`, given in document order, that are inside no other of them."""
    inside: dict[int, bool] = {}
    return [node for node in nodes if not _is_inside(node, inside)]


def _is_inside(node: Any, inside: dict[int, bool]) -> bool:
    """Whether `node`, itself selected, is in a selected one; `inside` remembers it of all nodes on the way up."""
    passed = []
    above = node.parent
    while above is not None and above.mem_id not in inside:
        passed.append(above.mem_id)
        above = above.parent
    answer = above is not None and inside[above.mem_id]
    inside.update(dict.fromkeys(passed, answer))
    inside[node.mem_id] = True
    return answer


def _without_volatile(text: str, ignore: Iterable[str]) -> str:
    marks = [normal(mark) for mark in ignore]
    return "\n".join(line for line in text.split("\n") if not any(mark in line for mark in marks))
