"""What a calibration statistic is asked about: parsed once, with one spelling, for the page and the API alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from forecasts.errors import Refused
from forecasts.models import EXPLICIT, Basis, Cohort, Forecaster, Scope, Topic, Track
from forecasts.scoring.settlement import COUNTINGS

from .public import public_forecasters

COHORTS = (Cohort.DUE.value, "all")
BASES = (EXPLICIT, *Basis.values)
PARAMETERS = ("forecaster", "topic", "track", "cohort", "counting", "basis")


def statistic_key(scope: str, scope_id: int, counting: str, track: str, basis: str) -> str:
    """The name under which intervals, band and test of the `due` cohort are stored."""
    return f"{scope}:{scope_id}|{counting}|{track}|{basis}"


@dataclass(frozen=True)
class CalibrationQuery:
    """Whose forecasts, which track, cohort, counting and basis. `slug` is empty for everybody's."""

    scope: str = Scope.ALL
    scope_id: int = 0
    slug: str = ""
    name: str = ""
    track: str = Track.LIVE
    cohort: str = Cohort.DUE
    counting: str = "first"
    basis: str = EXPLICIT

    @property
    def key(self) -> str:
        return statistic_key(self.scope, self.scope_id, self.counting, self.track, self.basis)

    @property
    def parameters(self) -> dict[str, str]:
        """The normalised query, every parameter spelled out."""
        whose = {self.scope: self.slug} if self.slug else {}
        return {
            **whose,
            "track": self.track,
            "cohort": self.cohort,
            "counting": self.counting,
            "basis": self.basis,
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


def parse_query(parameters: Mapping[str, str]) -> CalibrationQuery:
    """A query from text parameters; raises Refused for an unknown parameter or value, naming what is accepted."""
    for name, value in parameters.items():
        if name not in PARAMETERS:
            raise Refused(name, value, f"the parameters are {', '.join(PARAMETERS)}")
    forecaster, topic = parameters.get("forecaster", ""), parameters.get("topic", "")
    if forecaster and topic:
        raise Refused("topic", topic, "ask for a forecaster or for a topic, not for both")
    query = _scope(forecaster, topic)
    chosen = {
        "track": _one_of(parameters, "track", Track.values, Track.LIVE),
        "cohort": _one_of(parameters, "cohort", COHORTS, Cohort.DUE),
        "counting": _one_of(parameters, "counting", COUNTINGS, "first"),
        "basis": _one_of(parameters, "basis", BASES, EXPLICIT),
    }
    return CalibrationQuery(**{**vars(query), **chosen})


def _scope(forecaster: str, topic: str) -> CalibrationQuery:
    if forecaster:
        row = public_forecasters().filter(slug=forecaster).first()
        if row is None:
            raise Refused("forecaster", forecaster, "give the slug of a forecaster, as /api/v1/forecasters lists them")
        return of_forecaster(row)
    if topic:
        subject = Topic.objects.filter(slug=topic).first()
        if subject is None:
            raise Refused("topic", topic, "give the slug of a topic")
        return CalibrationQuery(scope=Scope.TOPIC, scope_id=subject.pk, slug=subject.slug, name=subject.name)
    return CalibrationQuery()


def of_forecaster(row: Forecaster) -> CalibrationQuery:
    return CalibrationQuery(scope=Scope.FORECASTER, scope_id=row.pk, slug=row.slug, name=row.name)


def _one_of(parameters: Mapping[str, str], name: str, accepted: tuple[str, ...] | list[str], default: str) -> str:
    value = parameters.get(name, default)
    if value not in accepted:
        raise Refused(name, value, f"give one of {', '.join(accepted)}")
    return value


def query_of_key(key: str) -> CalibrationQuery:
    """The query that `statistic_key` named, without its slug and name."""
    whose, counting, track, basis = key.split("|")
    scope, _, scope_id = whose.partition(":")
    return CalibrationQuery(scope=scope, scope_id=int(scope_id), counting=counting, track=track, basis=basis)
