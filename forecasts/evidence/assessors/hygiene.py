"""Text of strangers, made fit to stand in a prompt: only what a reader of the page would see, and no delimiters.

This makes injection harder; it does not make it harmless. What an assessor answers is checked in `answer`, and an
editor decides.
"""

import re
import unicodedata

_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")  # letters and marks that draw nothing
_UNSEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs"))  # controls, zero-width, bidi and tag characters, and no characters
_HIDING = re.compile(
    r"<(?:(?P<kind>script|style|template|noscript|iframe|svg|math|object)\b|(?P<name>[a-z][a-z0-9]{0,20})\b"
    r"(?=[^<>]{0,500}?(?:\shidden\b|aria-hidden\s*=\s*[\"']?true|display\s*:\s*none|visibility\s*:\s*hidden|"
    r"opacity\s*:\s*0(?![.\d])|font-size\s*:\s*0(?![.\d]))))[^<>]{0,500}>",
    re.IGNORECASE,
)
_BRACKETS = "<>＜＞‹›«»⟨⟩〈〉《》≪≫⟪⟫❮❯"
_BRACKET_RUN = re.compile(rf"[{_BRACKETS}](?:\s*[{_BRACKETS}])+")
_CONTROL_TOKEN = re.compile(
    r"[<＜]\s*/?\s*(?:[|｜][^<>\n]{0,60}?[|｜]|s|bos|eos|start_of_turn|end_of_turn)\s*[>＞]|\[\s*/?\s*INST\s*\]",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*")
GAP = " … "


def is_unseen(character: str) -> bool:
    """Whether `character` takes no ink and is no white space: nothing that a reader could see or quote."""
    if character.isspace():
        return False
    if character in _BLANK_LETTERS or "\ufe00" <= character <= "\ufe0f" or "\U000e0000" <= character <= "\U000e0fff":
        return True
    return unicodedata.category(character) in _UNSEEN


def visible(text: str) -> str:
    """`text` without unseen characters, markup comments and elements that browsers hide."""
    return _without_hidden("".join(character for character in text if not is_unseen(character)))


def defused(text: str) -> str:
    """`visible` text in which nothing looks like a delimiter of ours or a control token of a chat model."""
    text = _CONTROL_TOKEN.sub(GAP, visible(text))
    text = text.replace("<|", "< ").replace("|>", " >")  # also where taking something away has joined two halves
    return _BREAKS.sub("\n", _SPACES.sub(" ", _BRACKET_RUN.sub(GAP, text))).strip()


def one_line(text: str) -> str:
    return " ".join(defused(text).split())


def _without_hidden(text: str) -> str:
    parts: list[str] = []
    position = 0
    while (opening := text.find("<", position)) >= 0:
        parts.append(text[position:opening])
        if text.startswith("<!--", opening):
            position = _after(text, "-->", opening + 4)
        elif hiding := _HIDING.match(text, opening):
            position = _end_of(text, (hiding["kind"] or hiding["name"]).lower(), hiding.end())
        else:
            parts.append("<")
            position = opening + 1
    return "".join((*parts, text[position:]))


def _after(text: str, mark: str, start: int) -> int:
    """Where `mark` ends from `start` on, or the end of the text: what is never closed stays hidden."""
    found = text.find(mark, start)
    return len(text) if found < 0 else found + len(mark)


def _end_of(text: str, name: str, start: int) -> int:
    """Where the element `name` that was opened before `start` ends, elements of its name within it counted."""
    depth = 1
    for tag in re.compile(rf"<(/?){name}\b[^<>]{{0,500}}>", re.IGNORECASE).finditer(text, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.end()
    return len(text)
