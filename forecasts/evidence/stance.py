"""What an item seems to say about a prediction: cue words, dates, numbers, names. An order to read in, and warnings.

Words alone tell yes from no about six times in ten. So nothing here names an outcome: an editor reads and decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from forecasts.evidence.folding import fold
from forecasts.evidence.quantities import quantities, threshold
from forecasts.evidence.subjects import Found, Known, Report, read_report
from forecasts.evidence.words import terms

CueKind = Literal["done", "not done", "denied", "postponed", "not yet"]

_CUES: dict[CueKind, str] = {
    "denied": (
        r"den(?:y|ies|ied)|reject(?:s|ed)?|rul(?:es|ed) out|veto(?:es|ed)?|abandon(?:s|ed)?|shelve[sd]?|withdrew|"
        r"withdrawn|dropp?(?:s|ed)|struck down|strips?|fail(?:s|ed)? to|voted? down|turn(?:s|ed) down|refused|annulled|"
        r"off the table|break down|keeps?|stays?"
    ),
    "postponed": (
        r"postpon(?:es|ed)|delay(?:s|ed)?|push(?:es|ed) (?:\w+ ){0,4}(?:back|into|to)|slip(?:s|ped)|slides?|"
        r"mov(?:es|ed) to 20\d\d|puts? off|must wait|will wait|late\b"
    ),
    "not yet": (
        r"drafts?|consult(?:s|ation)|propos(?:es|ed|al)|preliminary|provisional deal|green paper|plans? to|weighs?|"
        r"considers?|expect(?:s|ed)?|hints?|could|may|would|should|urges?|press(?:es)?|demands?|polls?|survey|odds|"
        r"forecasts?|analysts|ahead of|under way|next (?:week|month|year)"
    ),
    "done": (
        r"(?:in|into) force|t(?:akes|ook) effect|in effect|adopt(?:s|ed)|approv(?:es|ed)|cleared|clears|sign(?:s|ed)|"
        r"pass(?:es|ed)|enact(?:s|ed)|releas(?:es|ed)|publish(?:es|ed)|deliver(?:s|ed)|began|begun|declared|confirm(?:s|ed)|"
        r"ordered|won|wins|elected|sworn in|royal assent|now law|first time|completed|announced"
    ),
}
_CUE = re.compile("|".join(rf"(?P<k{number}>\b(?:{words})\b)" for number, words in enumerate(_CUES.values())))
_NEGATION = re.compile(r"\b(?:not|no|never|none|without|nobody|neither|n't|yet to)(?:\W+\w+){0,4}\W*$")
_WINDOW = 45  # characters before a cue in which a negation counts
_ORDER = {"done": 250, "not done": 150, "denied": 150, "postponed": 150, "not yet": -250}
MIDDLE = 500
WARNING_COSTS = 200


@dataclass(frozen=True)
class Cue:
    """A telling word at `start..end` of the item (title, line break, text)."""

    kind: CueKind
    wording: str
    start: int
    end: int


@dataclass(frozen=True)
class Stance:
    """In which order to read an item (`order`, 0 to 1000, more is sooner), why, and what to beware of."""

    order: int
    cues: tuple[Cue, ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    is_late: bool


def stance(known: Known, report: Report, *, is_primary: bool = False) -> Stance:
    """How an item stands to a prediction, in words and never as an outcome.

    `is_primary` says that the source is where the event is announced first: it is read sooner.
    """
    text = f"{report.title}\n{report.text}"
    cues = tuple(_cues(text))
    kinds = {cue.kind for cue in cues}
    found = read_report(terms(text), report.published_on)
    mismatches = tuple(_mismatches(known, found))
    late = tuple(_late(known, report))
    reasons = (*_told(cues), *_numbers(known, text), *(["a primary source"] if is_primary else []))
    order = MIDDLE + sum(_ORDER[kind] for kind in kinds) - WARNING_COSTS * len(mismatches) + 100 * is_primary
    return Stance(max(0, min(1000, order)), cues, reasons, (*mismatches, *late), bool(late))


def _cues(text: str) -> Iterator[Cue]:
    folded = fold(text)
    for match in _CUE.finditer(folded.text):
        kind = next(kind for number, kind in enumerate(_CUES) if match[f"k{number}"])
        start, end = folded.origin[match.start()], folded.origin[match.end() - 1] + 1
        if kind == "done" and _is_negated(folded.text, match.start()):
            kind = "not done"
        yield Cue(kind, text[start:end], start, end)


def _is_negated(folded: str, place: int) -> bool:
    """A negation a few words before, in the same sentence."""
    before = re.split(r"[.;!?\n]", folded[max(0, place - _WINDOW) : place])[-1]
    return _NEGATION.search(before) is not None


def _told(cues: tuple[Cue, ...]) -> Iterator[str]:
    for kind in dict.fromkeys(cue.kind for cue in cues):
        said = dict.fromkeys(cue.wording.lower() for cue in cues if cue.kind == kind)
        yield f"{kind}: " + ", ".join(f"“{wording}”" for wording in said)


def _numbers(known: Known, text: str) -> Iterator[str]:
    """Each number of the item in the unit that the prediction asks about, beside what is asked."""
    asked = threshold(known.subject.statement)
    if asked is None:
        return
    for wording, is_met in dict.fromkeys(
        (quantity.wording, asked.is_met_by(quantity))
        for quantity in quantities(text)
        if quantity.unit == asked.quantity.unit
    ):
        yield f"says {wording}, which is {'' if is_met else 'not '}{asked.asked} {asked.quantity.wording}"


def _mismatches(known: Known, found: Found) -> Iterator[str]:
    if known.is_other_place(found):
        places = ", ".join(sorted(found.places))
        yield f"another place: it names {places}, the prediction {', '.join(sorted(known.places))}"
    if known.is_lead_missing(found):
        yield f"another actor: it does not name {known.names[0]}"
    if known.is_other_time(found):
        yield "another time: its date or the years it names do not fit the deadline"


def _late(known: Known, report: Report) -> Iterator[str]:
    """The date gate. An item after the deadline may still report what happened before it."""
    if report.published_on is not None and report.published_on > known.subject.resolves_by:
        yield f"late: published {report.published_on}, after the deadline {known.subject.resolves_by}"
