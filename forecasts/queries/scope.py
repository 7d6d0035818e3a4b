"""What a calibration statistic is asked about: parsed once, with one spelling, for the page and the API alike."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet

from forecasts.errors import Refused
from forecasts.models import (
    EXPLICIT,
    Article,
    Basis,
    Cohort,
    Forecaster,
    ForecasterKind,
    PredictionKind,
    Scope,
    Topic,
    Track,
)
from forecasts.scoring.settlement import COUNTINGS
from forecasts.scoring.timeline import LEAD_BANDS

from .article_page import public_articles
from .public import public_forecasters

M = TypeVar("M", bound=Model)

COHORTS = (Cohort.DUE.value, "all")
BASES = (EXPLICIT, *Basis.values)
PARAMETERS = (
    "forecaster", "topic", "article", "kind", "track", "cohort", "counting", "basis", "lead", "from", "to",
)  # fmt: skip
FILTER = "filter:"  # before the keys of what is computed only when it was asked for
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Named:
    """Whose or what's forecasts: a row's key, its slug for addresses, its name for readers."""

    pk: int
    slug: str = ""
    name: str = ""
    is_derived: bool = False


@dataclass(frozen=True)
class CalibrationQuery:
    """Whose forecasts, on what, which track, cohort, counting and basis; by default everybody's on anything.

    `lead` narrows to one lead band; `since` and `until` to months of the deadline, both included.
    """

    forecaster: Named | None = None
    topic: Named | None = None
    article: Named | None = None
    kind: str = PredictionKind.BINARY
    track: str = Track.LIVE
    cohort: str = Cohort.DUE
    counting: str = "first"
    basis: str = EXPLICIT
    lead: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def scope(self) -> tuple[str, int]:
        """The roll-up to which it belongs, and the key within it."""
        if self.forecaster:
            return Scope.FORECASTER, self.forecaster.pk
        return (Scope.TOPIC, self.topic.pk) if self.topic else (Scope.ALL, 0)

    @property
    def is_rolled_up(self) -> bool:
        """Whether cells hold its sums; a rarer crossing of filters is summed from fact rows."""
        return not (self.article or (self.forecaster and (self.topic or self.lead)))

    @property
    def is_kept(self) -> bool:
        """Whether intervals, band and test are computed after scoring and stored."""
        whole = self.is_rolled_up and not (self.lead or self.since or self.until)
        return whole and self.cohort == Cohort.DUE and self.basis in (EXPLICIT, Basis.IMPLIED)

    @property
    def can_be_kept(self) -> bool:
        """Whether intervals, band and test are computed once somebody asks; scores know nothing of lead bands."""
        return not self.lead

    @property
    def key(self) -> str:
        """The name under which intervals, band and test are stored; of a rarer filter the digest of its parts."""
        if self.is_kept:
            return statistic_key(self.scope, self.kind, self.counting, self.track, self.basis)
        whose = (row.pk if row else 0 for row in (self.forecaster, self.topic, self.article))
        how = (self.kind, self.track, self.cohort, self.counting, self.basis, self.lead, self.since, self.until)
        return FILTER + hashlib.sha256("|".join(map(str, (*whose, *how))).encode()).hexdigest()

    @property
    def parameters(self) -> dict[str, str]:
        """The normalised query, every parameter that matters spelled out."""
        whose = {"forecaster": self.forecaster, "topic": self.topic, "article": self.article}
        months = {"from": self.since, "to": self.until}
        return {
            **{name: row.slug for name, row in whose.items() if row},
            "kind": self.kind,
            "track": self.track,
            "cohort": self.cohort,
            "counting": self.counting,
            "basis": self.basis,
            **({"lead": self.lead} if self.lead else {}),
            **{name: f"{month:%Y-%m}" for name, month in months.items() if month},
        }

    @property
    def url(self) -> str:
        return f"/api/v1/calibration?{urlencode(self.parameters)}"

    @property
    def bases(self) -> tuple[str, ...]:
        """The bases whose cells are summed."""
        if self.basis == EXPLICIT:
            return tuple(basis for basis in Basis.values if basis != Basis.IMPLIED)
        return (self.basis,)

    @property
    def cohorts(self) -> tuple[str, ...]:
        return tuple(Cohort.values) if self.cohort == "all" else (self.cohort,)


def statistic_key(scope: tuple[str, int], kind: str, counting: str, track: str, basis: str) -> str:
    return f"{scope[0]}:{scope[1]}|{kind}|{counting}|{track}|{basis}"


def query_of_key(key: str) -> CalibrationQuery:
    """The query that `statistic_key` named, without its slug and name."""
    whose, kind, counting, track, basis = key.split("|")
    scope, _, pk = whose.partition(":")
    query = CalibrationQuery(kind=kind, counting=counting, track=track, basis=basis)
    if scope == Scope.FORECASTER:
        return replace(query, forecaster=_named(Forecaster.objects.get(pk=pk)))
    return replace(query, topic=Named(int(pk))) if scope == Scope.TOPIC else query


def parse_query(parameters: Mapping[str, str]) -> CalibrationQuery:
    """A query from text parameters; raises Refused for an unknown parameter or value, naming what is accepted."""
    for name, value in parameters.items():
        if name not in PARAMETERS:
            raise Refused(name, value, f"the parameters are {', '.join(PARAMETERS)}")
    query = CalibrationQuery(
        forecaster=named_forecaster(parameters, "forecaster"),
        topic=_row(parameters, "topic", Topic.objects.all, "as /api/v1/topics lists them"),
        article=_row(parameters, "article", public_articles, "as predictions name it"),
        kind=_one_of(parameters, "kind", PredictionKind.values, PredictionKind.BINARY),
        track=_one_of(parameters, "track", Track.values, Track.LIVE),
        cohort=_one_of(parameters, "cohort", COHORTS, Cohort.DUE),
        counting=_one_of(parameters, "counting", COUNTINGS, "first"),
        basis=_one_of(parameters, "basis", BASES, EXPLICIT),
        lead=_one_of(parameters, "lead", ("", *LEAD_BANDS), ""),
        since=_month(parameters, "from"),
        until=_month(parameters, "to"),
    )
    if query.since and query.until and query.since > query.until:
        raise Refused("to", parameters["to"], f"give a month not before {parameters['from']}")
    return query


def named_forecaster(parameters: Mapping[str, str], name: str) -> Named | None:
    """Whom a parameter names, whoever they were merged into; None without it. Raises Refused for nobody's slug."""
    return _row(parameters, name, public_forecasters, "as /api/v1/forecasters lists them")


def _row(parameters: Mapping[str, str], name: str, rows: Callable[[], QuerySet[Any]], where: str) -> Named | None:
    """Describing `rows` takes a millisecond, so it is done only where one is named."""
    slug = parameters.get(name, "")
    if not slug:
        return None
    found = rows().filter(slug=slug).first()
    if found is None:
        raise Refused(name, slug, f"give a slug, {where}")
    return _named(getattr(found, "merged_into", None) or found)


def _named(row: Forecaster | Topic | Article) -> Named:
    derived = isinstance(row, Forecaster) and ForecasterKind(row.kind).is_derived
    return Named(row.pk, row.slug, str(row), derived)


def of_forecaster(row: Forecaster) -> CalibrationQuery:
    return CalibrationQuery(forecaster=_named(row))


def about(row: Forecaster | Topic | Article) -> CalibrationQuery:
    """Everything that a forecaster has said, or that was said on a topic or on what an article predicted."""
    match row:
        case Forecaster():
            return of_forecaster(row)
        case Topic():
            return CalibrationQuery(topic=_named(row))
        case Article():
            return CalibrationQuery(article=_named(row))


def _one_of(parameters: Mapping[str, str], name: str, accepted: tuple[str, ...] | list[str], default: str) -> str:
    value = parameters.get(name, default)
    if value not in accepted:
        raise Refused(name, value, f"give one of {', '.join(filter(None, accepted))}")
    return value


def _month(parameters: Mapping[str, str], name: str) -> dt.date | None:
    value = parameters.get(name, "")
    if value and not MONTH.fullmatch(value):
        raise Refused(name, value, "give a month such as 2026-03")
    try:
        return dt.date.fromisoformat(f"{value}-01") if value else None
    except ValueError:
        raise Refused(name, value, "give a month such as 2026-03") from None
