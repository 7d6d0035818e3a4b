"""The parameters of the routes, and reading them strictly: known names, each once, as text."""

from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from forecasts.errors import Problem, Refused
from forecasts.http.paging import LONGEST_PAGE, PAGE
from forecasts.models import Basis, Cohort, PredictionKind, ProposalStatus, Stance, Track
from forecasts.queries.comparison import SAME_MOMENT, USUAL
from forecasts.queries.prediction_list import STATES
from forecasts.queries.scope import BASES, COHORTS
from forecasts.scoring.settlement import COUNTINGS
from forecasts.scoring.timeline import LEAD_BANDS

LONGEST = 200


def _text(name: str, about: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=about)


def _one_of(name: str, about: str, accepted: Sequence[str], default: str | None = None) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=about, enum=list(accepted), default=default)


FORMAT = _one_of("format", "The only format here.", ["json"])
LIST_FORMAT = _one_of(
    "format",
    "Instead of `Accept`. As `csv` and `ndjson` the whole list is streamed, unless `limit` asks for a page.",
    ["json", "csv", "ndjson"],
)
CURSOR = _text("cursor", "Where the page starts; take it from `next` of the page before.")
LIMIT = OpenApiParameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": LONGEST_PAGE, "default": PAGE}, description="Rows of a page."
)
SEARCH = _text("q", "Words that the statement or the criteria must all hold.")
STATE = _one_of("state", "What became of it.", STATES)
PREDICTION = _text("prediction", "Slug of a prediction.")
FORECASTER = _text("forecaster", "Slug of a forecaster.")
TOPIC = _text("topic", "Slug of a topic.")
ARTICLE = _text("article", "Slug of an article.")
TRACK = _one_of(
    "track",
    "Which forecasts: recorded before the world knew, afterwards, or imported; `all` mixes them, without a verdict.",
    Track.values,
    "live",
)
ONE_TRACK = _one_of("track", "Which forecasts are compared; tracks are not mixed.", Track.provenances(), "live")
COHORT = _one_of("cohort", "Only predictions past their deadline, or all resolved ones.", COHORTS, Cohort.DUE)
COUNTING = _one_of("counting", "Which of several forecasts on one prediction counts.", COUNTINGS, "first")
LEAD_COUNTING = _one_of("counting", "At which moment before the close forecasts are compared.", SAME_MOMENT, USUAL)
SIDE_A = OpenApiParameter("a", str, required=True, description="Slug of a forecaster.")
SIDE_B = OpenApiParameter("b", str, required=True, description="Slug of another forecaster.")
KIND = _one_of("kind", "What was asked: yes or no, options, a number or a date.", PredictionKind.values, "binary")
LEAD = _one_of("lead", "Only forecasts that stood so long before the close.", LEAD_BANDS)
SINCE = _text("from", "First month of deadlines, such as 2026-01.")
UNTIL = _text("to", "Last month of deadlines, such as 2026-06.")
WEEK = _text("week", "Week of the ISO calendar, such as 2026-W48; by default the last one that is over.")
YEAR = _text("year", "Year, such as 2026, instead of a week.")
ANY_TRACK = _one_of("track", "Only of this track.", Track.values)
ANY_COHORT = _one_of("cohort", "Only of this cohort.", Cohort.values)
ANY_COUNTING = _text("counting", "Only of this way of counting, such as `first` or `time`.")
ANY_KIND = _one_of("kind", "Only of this kind of prediction.", PredictionKind.values)
ANY_BASIS = _one_of("basis", "Only of this basis.", Basis.values)
STANCE = _one_of("stance", "Only evidence that speaks so.", Stance.values)
STATUS = _one_of("status", "Only proposals of which this became.", ProposalStatus.values)
CURRENT = _one_of("current", "Only resolutions that no correction superseded.", ["true"])
BASIS = _one_of("basis", "Where the probability comes from; `explicit` is all but implied.", BASES, "explicit")


def parameters(request: Request, accepted: Sequence[str]) -> dict[str, str]:
    """The query string with one value for each name, `format` left out. Raises Refused for anything else."""
    raw = request.META.get("QUERY_STRING", "")
    try:
        unquote_to_bytes(raw.encode("latin-1")).decode()
    except UnicodeError:
        raise Refused("query string", raw, "give percent-encoded UTF-8") from None
    given = dict(request.query_params.lists())
    names = (*accepted, FORMAT.name)
    problems = [found for name, values in given.items() if (found := _problem(name, values, names))]
    if problems:
        raise Refused.all(problems)
    return {name: values[0] for name, values in given.items() if name != FORMAT.name}


def _problem(name: str, values: list[str], accepted: Sequence[str]) -> Problem | None:
    if name not in accepted:
        return Problem(name[:LONGEST], values[0], f"the parameters here are {', '.join(accepted)}")
    if len(values) > 1:
        return Problem(name, " and ".join(values), "give it once")
    if not values[0]:
        return Problem(name, values[0], "give a value, or leave it out")
    if "\0" in values[0]:
        return Problem(name, values[0], "leave out the NUL character")
    if len(values[0]) > LONGEST:
        return Problem(name, values[0], f"give at most {LONGEST} characters; there are {len(values[0])}")
    return None
