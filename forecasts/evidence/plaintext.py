"""Plain text from markup and from hostile strings.

The markup is read by one forward scan: the standard library's HTML parser and nh3 both take quadratic time on unclosed
comments or deep nesting (minutes for 200 kB), and no structure is needed here. The result is text, never HTML: it is
escaped where it is shown.
"""

import html
import re
import string

MAX_MARKUP = 200_000

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)  # keeps offsets, unlike str.lower
_TAG_NAME = re.compile(r"/?([a-z][a-z0-9:-]{0,30})")
_HIDDEN = frozenset({"script", "style", "template", "noscript", "iframe", "svg", "math", "object"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s"}
    | {"samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
# Control characters, soft hyphen, zero-width and bidi marks, surrogates, non-characters, tag characters. The two
# joiners (U+200C, U+200D) stay: words in Persian and Hindi need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[\n ]*")


def clean(text: str) -> str:
    """`text` without control, zero-width, direction and tag characters; runs of spaces or line breaks become one."""
    text = "\n".join(_UNWANTED.sub("", text).splitlines())
    return _BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()


def from_html(markup: str, cap: int = MAX_MARKUP) -> str:
    """The text of an HTML fragment, cleaned: no tags, comments or hidden elements; blocks begin new lines.

    Only the first `cap` characters are read.
    """
    return clean(_REFERENCE.sub(lambda match: html.unescape(match[0]), _without_tags(markup[:cap])))


def _without_tags(markup: str) -> str:
    lower = markup.translate(_LOWER)
    parts: list[str] = []
    position = 0
    while (opening := markup.find("<", position)) >= 0:
        parts.append(markup[position:opening])
        if lower.startswith("<!--", opening):
            position = _after(lower, "-->", opening + 4)
            continue
        name = _TAG_NAME.match(lower, opening + 1)
        closing = markup.find(">", opening)
        if closing < 0:  # no tag can follow
            return "".join((*parts, markup[opening:]))
        if name is None and markup[opening + 1] not in "!?/":
            parts.append("<")  # as in "1 < 2"
            position = opening + 1
            continue
        position = closing + 1
        if name is not None:
            parts.append("" if name[1] in _INLINE else "\n")
            if name[1] in _HIDDEN and lower[opening + 1] != "/" and markup[closing - 1] != "/":
                position = _after(lower, f"</{name[1]}", position)
    return "".join((*parts, markup[position:]))


def _after(text: str, mark: str, start: int) -> int:
    """Where `mark` begins from `start` on, or the end of the text: what is never closed stays hidden."""
    found = text.find(mark, start)
    if found < 0:
        return len(text)
    return found + (len(mark) if mark == "-->" else 0)
