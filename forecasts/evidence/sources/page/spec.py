"""What an editor may say about a page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from forecasts.errors import Problem, Refused

KEYS = ("select", "drop", "ignore")
MAX_SELECTOR = 500
MAX_PARTS = 50

# Each :has inside another multiplies the time. An escape behind a colon could spell it.
_COSTLY = re.compile(r":(?:has\(|[\w-]*\\)", re.I)


@dataclass(frozen=True)
class PageSpec:
    """`select`: a CSS selector of what is watched, "" for the main text. `drop`: CSS selectors of what is left out.

    `ignore`: a line that contains one of these is volatile and left out.
    """

    select: str = ""
    drop: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "PageSpec":
        """Raises Refused naming every unknown key and every wrong value."""
        problems = [
            Problem(f"spec.{key}", value, f"a page's spec has the keys: {', '.join(KEYS)}")
            for key, value in data.items()
            if key not in KEYS
        ]
        select, drop, ignore = data.get("select", ""), data.get("drop", ()), data.get("ignore", ())
        if select != "" and not _is_selector(select):
            problems.append(Problem("spec.select", select, _ACCEPTED))
        problems += _wrong_parts("drop", drop, _is_selector, _ACCEPTED)
        problems += _wrong_parts("ignore", ignore, _is_words, "give a part of a line, of 1 to 500 characters")
        if problems:
            raise Refused.all(problems)
        return cls(select, tuple(drop), tuple(ignore))


_ACCEPTED = f"give a CSS selector of at most {MAX_SELECTOR} characters such as article or #main > p, without :has"


def _wrong_parts(key: str, parts: object, is_right: Any, accepted: str) -> list[Problem]:
    if not isinstance(parts, list | tuple) or len(parts) > MAX_PARTS:
        return [Problem(f"spec.{key}", parts, f"give a list of at most {MAX_PARTS}")]
    return [Problem(f"spec.{key}[{n}]", part, accepted) for n, part in enumerate(parts) if not is_right(part)]


def _is_words(part: object) -> bool:
    return isinstance(part, str) and bool(part.strip()) and len(part) <= MAX_SELECTOR


def _is_selector(selector: object) -> bool:
    """Whether `selector` compiles, which is found out by using it."""
    if not isinstance(selector, str) or not 0 < len(selector) <= MAX_SELECTOR or _COSTLY.search(selector):
        return False
    try:
        LexborHTMLParser("<p>").css(selector)
    except (SelectolaxError, ValueError):
        return False
    return True
