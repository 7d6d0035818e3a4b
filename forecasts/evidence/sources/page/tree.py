"""Markup to a tree that is safe to work on.

HTML5 parsers take quadratic time on deep nesting and multiply unclosed formatting elements: a megabyte can take
minutes or gigabytes. So libxml2 reads first: it is linear, and stops at a depth. What passes the caps here is written
out again, properly nested, for the parser that knows selectors.
"""

import re
from typing import Any

from lxml import etree, html

from forecasts.errors import UnreadableSource

MAX_ELEMENTS = 50_000
MAX_DEPTH = 250  # libxml2 drops, without a word, what is nested over 256 deep
MAX_COST = 500_000
MAX_SIBLINGS = 10_000  # to match :nth-child, the selectors' parser counts from the first sibling, for each one
MAX_ATTRIBUTES = 500

# libxml2 compares each attribute of an element with all those before it. Repeated names are dropped and cost nothing,
# which spares scripts in which "i<n" begins what looks like a tag of a thousand words.
_ATTRIBUTE = r"[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+"
_TAG = re.compile(rf"<[a-z][^\s/>]*+((?:{_ATTRIBUTE})*+)", re.I)
_NAMES = re.compile(_ATTRIBUTE)
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
# Never text, and parsed by rules of their own, under which other parsers would see elements that were not counted.
_OPAQUE = (
    *("script", "style", "svg", "math", "template", "noscript", "iframe"),
    *("xmp", "noembed", "noframes", "plaintext", "object"),
)


def safe_tree(markup: str) -> Any:
    """The root element (lxml) of `markup`. Raises UnreadableSource with code `empty`, `too_complex` or `too_deep`."""
    if any(_is_heavy(tag[1]) for tag in _TAG.finditer(markup)):
        raise _too_complex()
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(markup.encode(), parser=parser)
    except etree.LxmlError:
        raise UnreadableSource("expected a page; got one without any element", "empty") from None
    _check_caps(root)
    return root


def visible_markup(root: Any) -> str:
    """The tree written out, without scripts, drawings and the like, which are taken from `root`."""
    etree.strip_elements(root, *_OPAQUE, with_tail=False)
    return str(etree.tostring(root, encoding="unicode", method="html"))


def _is_heavy(attributes: str) -> bool:
    return len(attributes) > MAX_ATTRIBUTES and len({name[1] for name in _NAMES.finditer(attributes)}) > MAX_ATTRIBUTES


def _check_caps(root: Any) -> None:
    """Each element may be repeated by an HTML5 parser with every formatting element around it; that is its cost."""
    elements = depth = formatting = cost = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        step = 1 if event == "start" else -1
        depth += step
        formatting += step * (element.tag in _FORMATTING)
        if event == "end":
            continue
        elements += 1
        cost += 1 + formatting
        if depth > MAX_DEPTH:
            raise UnreadableSource(f"the page is nested over {MAX_DEPTH} deep; at most that is read", "too_deep")
        if elements > MAX_ELEMENTS or cost > MAX_COST or len(element) > MAX_SIBLINGS:
            raise _too_complex()


def _too_complex() -> UnreadableSource:
    return UnreadableSource(
        f"the page has too much markup; at most {MAX_ELEMENTS:,} elements with {MAX_ATTRIBUTES} attributes are read",
        "too_complex",
    )
