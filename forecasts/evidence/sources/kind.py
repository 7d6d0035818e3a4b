"""What every kind of source offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any, Literal, Protocol

BETWEEN = "\n\n"


@dataclass(frozen=True)
class Item:
    """One report read from a source.

    `guid` names it within its source (the source's own id, else its link, else a digest of its text). `url` is http(s)
    or "". `text` is plain: the title, a line break, then the summary or content; quotes and offsets point into it.
    `published_at` is aware UTC, as dated by `dated_by`; None when the source gave no believable date.
    """

    guid: str
    url: str
    title: str
    text: str
    published_at: datetime | None
    dated_by: Literal["feed", "json-ld", "meta", "htmldate", "none"]


@dataclass(frozen=True)
class Observation:
    """One value of a series: the period it is for, as labelled and as days, and the value as it was printed."""

    label: str
    start: date
    end: date
    value: Decimal


@dataclass(frozen=True)
class Reading:
    """What one answer says: the text that is kept and quoted, and the items in it, each with where it begins.

    A quote at `start` in item n is at `begins[n] + start` in the text. Only data series and markets have observations.
    """

    text: str
    items: tuple[Item, ...] = ()
    begins: tuple[int, ...] = ()
    observations: tuple[Observation, ...] = ()

    @classmethod
    def of(cls, items: Sequence[Item]) -> "Reading":
        """The items and nothing else, a blank line between them."""
        begins = accumulate((len(item.text) + len(BETWEEN) for item in items), initial=0)
        return cls(BETWEEN.join(item.text for item in items), tuple(items), tuple(begins)[: len(items)])


class SourceKind(Protocol):
    """A kind: its name, its extractor (name and version, kept with every snapshot), its spec, how to read an answer."""

    @property
    def name(self) -> str: ...

    @property
    def extractor(self) -> str: ...

    def spec(self, data: Mapping[str, Any]) -> Any:
        """A validated spec. Raises Refused naming each wrong or unknown key."""
        ...

    def read(
        self,
        body: bytes,
        media_type: str,
        spec: Any,
        *,
        charset: str = "",
        url: str = "",
        now: datetime | None = None,
        before: str = "",
    ) -> Reading:
        """What `body` says, items in its order. Raises UnreadableSource when it is not what the kind promises.

        `charset` is what the server declared, `url` what relative links are relative to, `now` the time of the fetch,
        `before` the text of the source's last snapshot, empty at its first check.
        """
        ...
