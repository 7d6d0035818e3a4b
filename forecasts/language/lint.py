"""Can a draft be resolved? Five rules, each a heuristic for English that says what is missing and how to fix it.

A rule speaks only where it is fairly sure, since a false alarm costs an editor a written override. What a rule cannot
see (whether the threshold is the right one, whether the source will say it) stays with the editor.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from forecasts.language.verbs import EVENT, SECOND_VERB

Rule = Literal["subject", "observable", "date", "source", "one_condition"]

_MODAL = r"(?:will|won['’]t|would|shall|should|may|might|could|can)"
_CERTAINTY_FIRST = re.compile(r"it\s+(?:is|seems)\s+(?:\w+\s+){1,4}that\s+", re.IGNORECASE)
_VAGUE_SUBJECT = re.compile(
    r"(?:it|this|that|these|those|they|he|she|we|you|things|people|someone|somebody|something|everyone|"
    r"(?:many|some|several|various)\s+\w+|experts|observers|others)\b",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(rf"(?:{_MODAL}|is|are|to)\b(?![^?]*\?\s*$)", re.IGNORECASE)
_THRESHOLD = re.compile(
    r"[$€£¥]\s?\d"
    r"|\d\s?(?:%|(?:per\s?cent|percent|[kmb]n|million|billion|trillion|points?|seats|votes|tonnes|degrees)\b)"
    r"|\b(?:at\s(?:least|most)|(?:more|less|fewer|greater|higher|lower)\sthan|above|below|over|under|to|exactly)\s[$€£¥]?\d"
    r"|\b(?:first|second|third)\s(?:place|country|company|time)\b",
    re.IGNORECASE,
)
_NO_SOURCE = re.compile(
    r"(?:the\s|various\s|credible\s|public\s|media\s|news\s|press\s)*(?:internet|web|news|media|press|google|search|"
    r"social media|sources?|reports?|tbd|tba|unknown|none|n/?a|to be (?:decided|determined)|\W*)\W*",
    re.IGNORECASE,
)
_FIRST_VERB = re.compile(rf"\b(?:{_MODAL}|to|is|are)\b", re.IGNORECASE)
_JOINT = re.compile(
    r"(?:\b(?:and|or|but|while|whereas|as\s+well\s+as)|;)\s+(?:(?:then|also|not|\w+ly)\s+)?", re.IGNORECASE
)
_SECOND_SUBJECT = re.compile(rf"(?:(?!(?:and|or|that|which|who|if)\b)[^\s,;]+\s+){{0,6}}?{_MODAL}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Draft:
    """What an editor has written so far. `deadline_reason` says why the words gave no date, if they were read."""

    statement: str
    criteria: str
    resolution_source: str
    resolves_by: datetime | None
    deadline_reason: str = ""


@dataclass(frozen=True)
class Failure:
    """A rule that the draft breaks, what is wrong and what to do."""

    rule: Rule
    message: str
    fix: str

    @property
    def label(self) -> str:
        return self.rule.replace("_", " ")


def lint(draft: Draft) -> tuple[Failure, ...]:
    """The rules that the draft breaks, in the order subject, observable, date, source, one_condition; () is clean."""
    return tuple(_failures(draft, _CERTAINTY_FIRST.sub("", draft.statement.strip(), count=1)))


def _failures(draft: Draft, claim: str) -> Iterator[Failure]:
    if len(claim.split()) < 3 or _VAGUE_SUBJECT.match(claim) or _NO_SUBJECT.match(claim):
        yield Failure(
            "subject",
            "The statement does not say who or what it is about.",
            "Begin with a name: “The European Commission will …”.",
        )
    if not any(EVENT.search(text) or _THRESHOLD.search(text) for text in (claim, draft.criteria)):
        yield Failure(
            "observable",
            "Neither the statement nor the criteria name an event or a threshold that somebody could observe.",
            "Say what will be published, signed, in force or counted, or give the number to reach.",
        )
    if draft.resolves_by is None:
        yield Failure(
            "date",
            f"There is no deadline. {draft.deadline_reason or 'The statement names no date.'}",
            "Give the last day on which it may happen: “by 31 December 2027”.",
        )
    if _NO_SOURCE.fullmatch(draft.resolution_source.strip()):
        yield Failure(
            "source",
            "No source is named that will show the outcome.",
            "Name a page, a register, a data series or a publication that anybody can check.",
        )
    second = _second_predicate(claim)
    if second:
        yield Failure(
            "one_condition",
            f"The statement joins two conditions: “{second}” could come true without the rest.",
            "Split it into one prediction each; a family keeps them together.",
        )


def _second_predicate(claim: str) -> str:
    """The words from the joint to a second verb; "" where one verb has all the objects.

    "ban X and fine Y" and "ban X and the EU will follow" have two, "the US and China will sign", "Enterprise & Security
    Teams" and "rules for chips and models that will ship" have one.
    """
    first = _FIRST_VERB.search(claim)
    for joint in _JOINT.finditer(claim, first.end() if first else len(claim)):
        second = SECOND_VERB.match(claim, joint.end()) or _SECOND_SUBJECT.match(claim, joint.end())
        if second:
            return claim[joint.start() : second.end()].strip("; ")
    return ""
