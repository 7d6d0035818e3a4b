"""What an assessor is: one question and one report in, one assessment out. It has no tools and decides nothing."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

Relation = Literal["confirms", "refutes", "partial", "related", "unrelated", "cannot_tell"]
RELATIONS: tuple[str, ...] = get_args(Relation)


@dataclass(frozen=True)
class Question:
    """A prediction as an assessor sees it. Times are aware UTC; `deadline` is `resolves_by`."""

    statement: str
    criteria: str
    opens_at: dt.datetime
    deadline: dt.datetime


@dataclass(frozen=True)
class Report:
    """One item. `text` is plain text, as kept in the snapshot or finding: quotes point into it."""

    title: str
    text: str
    url: str = ""
    published_at: dt.datetime | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of everything an assessor is shown; the address is not, so equal wire text is paid for once."""
        published = self.published_at.date().isoformat() if self.published_at else None
        return hashlib.sha256(json.dumps([self.title, self.text, published]).encode()).hexdigest()


@dataclass(frozen=True)
class Quote:
    """`text` is `report.text[start:end]`, the report's own spelling."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Usage:
    """What one call took: tokens, and money in millionths of the operator's currency.

    `estimated`: the endpoint named no usage, so both are upper bounds of ours.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_micros: int = 0
    estimated: bool = False


@dataclass(frozen=True)
class Assessment:
    """What an assessor makes of one report, after our rules.

    `relation` is what may be used. `claimed` is what the assessor said, "" when it gave no readable answer; where the
    two differ `overruled` names the rule in one word (see `answer.OVERRULED`). `unmet` are conditions of the criteria
    that the report leaves open; `annul_reason` is why the prediction may be void. `confidence` runs from 0 to 1 and is
    the assessor's own word. `prompt_version` and `model` name who said it.
    """

    relation: Relation
    claimed: str = ""
    overruled: str = ""
    event_date: dt.date | None = None
    quotes: tuple[Quote, ...] = ()
    unmet: tuple[str, ...] = ()
    annul_reason: str = ""
    confidence: float = 0.0
    why: str = ""
    model: str = ""
    prompt_version: str = ""
    usage: Usage = Usage()


class Assessor(Protocol):
    """A plug-in: give it a name in `ASSESSORS`."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str:
        """Changes whenever the same input might be assessed differently."""
        ...

    def at_most(self, question: Question, report: Report) -> int:
        """The most that one `assess` can cost, in millionths of the operator's currency."""
        ...

    def assess(self, question: Question, report: Report) -> Assessment:
        """Raises FetchFailed when the assessor could not be reached or does not work; the item waits for another try.

        An answer that makes no sense is no error: its relation is `cannot_tell`.
        """
        ...
