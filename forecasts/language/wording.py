"""What a verbal forecast implies: the first expression of the published table in a sentence, with its probability."""

import re
from dataclasses import dataclass

from forecasts.language.wording_table import TABLE, TABLE_VERSION, Entry

__all__ = ["TABLE", "TABLE_VERSION", "Entry", "Implied", "imply"]

# Gaps are bounded so that the time stays linear in the sentence.
_GAP = r"[\s,]{1,4}"

# Comparisons and nouns that hold a word of the table and forecast nothing.
_NOT_A_FORECAST = (
    "more likely",
    "less likely",
    "as likely as",
    "how likely",
    "how unlikely",
    "the likely",
    "a likely",
    "at will",
    "free will",
    "the will",
    "the might of",
    "military might",
)

_BE = "(?:is|are|was|were|be|been|looks?|seems?|appears?|remains?|(?<=\\w)['’](?:s|re))"
_WORD_FORMS = {
    "is": _BE,
    "is not": f"(?:{_BE}{_GAP}not|(?:is|are|was|were)n['’]t)",
    "will": "(?:will|(?<=\\w)['’]ll)",
    "will not": "(?:will[\\s,]{1,4}not|won['’]t|['’]ll[\\s,]{1,4}not)",
    "cannot": f"(?:cannot|can{_GAP}not|can['’]t)",
    "does not": f"do(?:es)?(?:{_GAP}not|n['’]t)",
    **{
        verb: f"{verb}?"
        for verb in ("plans", "intends", "pledges", "vows", "expects", "aims", "hopes", "seeks", "wants")
    },
    "looks": "(?:looks?|seems?|appears?)",
    "has": "(?:has|have)",
    "that": "(?:that|of|for)",
}
_PIECE = re.compile(r"is not|will not|does not|\S+")
_NEGATED_BEFORE = re.compile(
    r"(?:\b(?:not|never|hardly|no longer|by no means|far from)|n['’]t)\s+(?:\w+\s+)?$", re.IGNORECASE
)
_NEGATED_AFTER = re.compile(r"\s+(?:not|never|no longer)\b", re.IGNORECASE)
_LONGEST_NEGATION = 30


@dataclass(frozen=True)
class Implied:
    """A probability read from words: the table's expression, its tick (100..9900) and where it stands."""

    expression: str
    tick: int
    table_version: str
    start: int
    end: int
    rule: str


def _pattern(expression: str) -> str:
    return _GAP.join(_WORD_FORMS.get(piece, re.escape(piece)) for piece in _PIECE.findall(expression))


_ENTRIES: dict[str, Entry | None] = {entry.expression: entry for entry in TABLE} | dict.fromkeys(_NOT_A_FORECAST)
_LONGEST_FIRST = sorted(_ENTRIES, key=lambda expression: (-len(expression.split()), -len(expression)))
_EXPRESSION = re.compile(
    r"(?:(?<![\w-])(?=\w)|(?<=\w)(?=['’]))(?:"
    + "|".join(f"({_pattern(expression)})" for expression in _LONGEST_FIRST)
    + r")(?![\w-])",
    re.IGNORECASE,
)


def imply(sentence: str) -> Implied | None:
    """The forecast that a sentence makes in words; None where the table has none of its words.

    The first expression counts, since later ones usually belong to a side clause; where several begin at the same
    word, the longest. A negation that the table does not list gives None: a guess would have the wrong sign. The
    probability is that of the thing happening: "will not" is low.
    """
    for match in _EXPRESSION.finditer(sentence):
        entry = _ENTRIES[_LONGEST_FIRST[(match.lastindex or 1) - 1]]
        if entry is None or match.group() in {"Will", "May"}:  # a name, a month
            continue
        before = sentence[max(0, match.start() - _LONGEST_NEGATION) : match.start()]
        if _NEGATED_BEFORE.search(before) or _NEGATED_AFTER.match(sentence, match.end()):
            return None
        return Implied(
            entry.expression, entry.tick, TABLE_VERSION, match.start(), match.end(), _rule(match.group(), entry)
        )
    return None


def _rule(found: str, entry: Entry) -> str:
    return (
        f"“{found}” is read as a probability of {entry.tick / 100:g} % that it happens "
        f"(wording table {TABLE_VERSION}, “{entry.expression}”; {entry.source})."
    )
