"""Find what an article predicts: sentences about the future, each with a suggestion of how to log it.

Suggestions are words from the sentence, never new facts: the statement in one line, with the date written out where it
was read; deadline and probability with the rule they were read by, or the reason why not; criteria to start from; what
the lint says. What only looks like a prediction is left out, with the reason. How often that is right: docs/claims.md.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from forecasts.language.cues import (
    ACCORDING,
    AIMS,
    CONDITIONAL,
    NO_PREDICTION,
    PAST,
    QUOTED,
    SAID_BEFORE,
    SAID_BEHIND,
    SAID_WITHIN,
    SCHEDULED,
    STRONG,
    WEAK,
)
from forecasts.language.deadlines import BEFORE_PUBLICATION, Deadline, Unreadable, read_deadline
from forecasts.language.lint import Draft, Failure, lint
from forecasts.language.sentences import LONGEST_SENTENCE, Sentence, sentences
from forecasts.language.wording import Implied, imply

MOST = 30  # candidates of one article; more would not be read
MOST_LEFT_OUT = 100
FEWEST_WORDS = 4
TICKS = 10_000
NO_DATE = "the statement names no date"
A_CONDITION = "It has a condition; say in the criteria what happens when the condition does not hold."
SOMEBODY_ELSE = "Somebody else said it"
IN_THE_PAST = "its date lies before the article was published"
TOO_LONG = f"it is longer than {LONGEST_SENTENCE} characters"
TOO_MANY = f"the article has more than {MOST} candidates, and others name dates or are surer"

_STRENGTHS = ((STRONG, 3), (AIMS, 2), (WEAK, 1))
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_OPENERS = re.compile(
    r"^(?:(?:however|meanwhile|moreover|furthermore|in\saddition|additionally|as\sa\sresult|therefore|still|indeed|"
    r"for\snow|at\sthe\ssame\stime|also|finally|ultimately),\s|(?:but|and|yet|so)\s)(?=\S)",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"^[A-Z][A-Z.,/ -]{2,40}(?:\([A-Za-z ]{2,30}\)\s)?\s?[—–-]\s(?=\S)")
_STATED = re.compile(
    r"(?<![\d.,-])(?P<percent>\d{1,3}(?:\.\d{1,2})?)\s?(?:%|per\s?cent|percent)\s(?:chance|probability|likelihood)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20|21)\d\d")


@dataclass(frozen=True)
class Claim:
    """A candidate: `quote` is text[start:end] of the article, exactly, and the rest is a suggestion.

    `tick` is the probability in ten-thousandths that its words imply (`implied`) or that it states as a number, by
    `tick_rule`. `doubts` say what an editor should look at first; `said_by` who is quoted, where that is not the
    publisher. `rank` is higher for what is more surely a prediction that can be settled.
    """

    quote: str
    start: int
    end: int
    statement: str
    deadline: Deadline | Unreadable | None
    tick: int | None
    tick_rule: str
    implied: Implied | None
    criteria: str
    failures: tuple[Failure, ...]
    doubts: tuple[str, ...] = ()
    said_by: str = ""
    rank: int = 0

    @property
    def resolves_by(self) -> datetime | None:
        return self.deadline.resolves_by if isinstance(self.deadline, Deadline) else None

    @property
    def deadline_rule(self) -> str:
        """How the deadline was read, or why there is none."""
        if isinstance(self.deadline, Deadline):
            return self.deadline.rule
        return self.deadline.reason if self.deadline else NO_DATE


@dataclass(frozen=True)
class LeftOut:
    """A sentence with words about the future that is no candidate, and why."""

    quote: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Found:
    """At most MOST candidates in the order of the text, and what was left out."""

    claims: tuple[Claim, ...]
    left_out: tuple[LeftOut, ...]


def find_claims(text: str, published_at: datetime | None, by_year_means: str = "end") -> Found:
    """The candidate predictions in any English prose, each once, where it is said first.

    `published_at` (aware) is what relative dates count from.
    """
    claims, left_out = [], []
    judged: set[str] = set()
    for sentence in sentences(text):
        if sentence.flat in judged:  # a headline, a summary and a caption often say the same
            continue
        judged.add(sentence.flat)
        found = _judge(sentence, published_at, by_year_means)
        if isinstance(found, Claim):
            claims.append(found)
        elif found:
            left_out.append(found)
    best = sorted(claims, key=lambda claim: (-claim.rank, claim.start))
    left_out += [LeftOut(claim.quote, claim.start, claim.end, TOO_MANY) for claim in best[MOST:]]
    left_out.sort(key=lambda one: one.start)
    return Found(tuple(sorted(best[:MOST], key=lambda claim: claim.start)), tuple(left_out[:MOST_LEFT_OUT]))


def suggest(
    quote: str, start: int, published_at: datetime | None, by_year_means: str = "end", strength: int = 0
) -> Claim:
    """The suggestion for a sentence that is known to be a prediction."""
    flat = _flat(quote)
    deadline = read_deadline(flat, published_at, by_year_means=by_year_means)
    resolves_by = deadline.resolves_by if isinstance(deadline, Deadline) else None
    statement, said_by = _statement(flat, deadline), _said_by(flat)
    criteria = skeleton(statement, resolves_by)
    stated, implied = _STATED.search(flat), imply(flat)
    tick = round(float(stated["percent"]) * 100) if stated else implied.tick if implied else None
    reason = deadline.reason if isinstance(deadline, Unreadable) else ""
    failures = lint(Draft(statement, criteria, "", resolves_by, reason))
    doubts = tuple(_doubts(flat, said_by))
    return Claim(
        quote=quote,
        start=start,
        end=start + len(quote),
        statement=statement,
        deadline=deadline,
        tick=tick if tick is not None and tick <= TICKS else None,
        tick_rule=f"The sentence says “{stated.group()}”." if stated else implied.rule if implied else "",
        implied=None if stated else implied,
        criteria=criteria,
        failures=failures,
        doubts=doubts,
        said_by=said_by,
        rank=strength + 3 * (resolves_by is not None) + (tick is not None) - len(doubts) - len(failures),
    )


def _flat(quote: str) -> str:
    """In one line, without what nobody sees: a statement must read as it is written."""
    return " ".join(_UNSEEN.sub("", quote).split())


def skeleton(statement: str, resolves_by: datetime | None) -> str:
    """Criteria to start from; "" without a deadline, since they would say nothing that can be checked."""
    if resolves_by is None:
        return ""
    by = f"{resolves_by:%d %B %Y}, {resolves_by:%H:%M:%S} UTC"
    return (
        f"Yes if, by {by}, this has happened: {statement} "
        f"No if it has not happened by then. Source: the one named as resolution source."
    )


def _judge(sentence: Sentence, published_at: datetime | None, by_year_means: str) -> Claim | LeftOut | None:
    """A candidate, a near miss with its reason, or None for a sentence that says nothing of the future."""
    if len(sentence.text) > LONGEST_SENTENCE:
        return _left_out(sentence, TOO_LONG) if _speaks_of_the_future(sentence.text[:LONGEST_SENTENCE]) else None
    flat = _flat(sentence.text)
    if len(flat.split()) < FEWEST_WORDS or not _speaks_of_the_future(flat):
        return None
    reason = next((doubt.says for doubt in NO_PREDICTION if doubt.pattern.search(flat)), "")
    if reason:
        return _left_out(sentence, reason)
    claim = suggest(sentence.text, sentence.start, published_at, by_year_means, _strength(flat))
    if isinstance(claim.deadline, Unreadable) and BEFORE_PUBLICATION in claim.deadline.reason:
        return _left_out(sentence, IN_THE_PAST)
    if not _strength(flat) and claim.resolves_by is None:  # "takes effect" counts only with a date
        return None
    return claim


def _left_out(sentence: Sentence, reason: str) -> LeftOut:
    return LeftOut(sentence.text, sentence.start, sentence.end, reason)


def _speaks_of_the_future(flat: str) -> bool:
    """Or once did, which is worth saying why it is left out."""
    return any(pattern.search(flat) for pattern in (STRONG, AIMS, WEAK, SCHEDULED, PAST.pattern))


def _strength(flat: str) -> int:
    """How surely the words themselves speak of the future; 0 for those that do so only beside a date."""
    return next((strength for pattern, strength in _STRENGTHS if pattern.search(flat)), 0)


def _doubts(flat: str, said_by: str) -> Iterator[str]:
    if CONDITIONAL.search(flat):
        yield A_CONDITION
    if said_by:
        yield f"{SOMEBODY_ELSE}: {said_by}. Nobody is credited until you choose a forecaster on the draft."


def _said_by(flat: str) -> str:
    """Who is quoted, in the words of the sentence; "" where nobody is."""
    for pattern in (ACCORDING, SAID_WITHIN, SAID_BEHIND, SAID_BEFORE):
        if match := pattern.search(flat):
            found = match.groupdict()
            return (found["by"] or found.get("to") or "").strip("\"“”' ")
    return "whoever is quoted" if QUOTED.search(flat) else ""


def _statement(flat: str, deadline: Deadline | Unreadable | None) -> str:
    """The sentence as a statement of its own: without opener and speaker, and with the date written out."""
    said = flat
    if isinstance(deadline, Deadline) and not _YEAR.search(deadline.wording):
        by = f"by {deadline.resolves_by.day} {deadline.resolves_by:%B %Y}"
        said = f"{flat[: deadline.start]}{by}{flat[deadline.end :]}"
    said = _OPENERS.sub("", _DATELINE.sub("", said), count=1)
    said = SAID_BEHIND.sub("", SAID_WITHIN.sub("", ACCORDING.sub("", said)))
    before = SAID_BEFORE.match(said)
    if before and before["that"]:
        said = said[before.end() :]
    said = said.strip('"“” ')
    said = said[:1].upper() + said[1:]
    return said if said.endswith((".", "!", "?", "…", "'", "’")) else f"{said}."


def without_overlap(first: Iterable[Claim], then: Iterable[Claim]) -> tuple[Claim, ...]:
    """All of `first`, and those of `then` that share no character with them."""
    kept = list(first)
    for claim in then:
        if all(claim.end <= one.start or one.end <= claim.start for one in kept):
            kept.append(claim)
    return tuple(kept)
