"""Two forecasters beside each other, and the board of all of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forecasts.charts import scatter
from forecasts.localised import count, spelling
from forecasts.models import Track
from forecasts.queries.comparison import PARAMETERS, SAME_MOMENT, USUAL, Comparison, comparison, parse_pair
from forecasts.queries.denominators import Denominators
from forecasts.queries.forecaster_list import forecaster_list
from forecasts.queries.leaderboard import Board, Line, headline_board
from forecasts.queries.version import Version, version

from . import words
from .figures import Figure
from .forms import (
    TRACK_WORDS,
    Choice,
    Field,
    counting_choices,
    counting_words,
    forecaster_choices,
    how_fields,
    suggested,
)
from .page import Context, kept_page, parameters, reader_page, scored, show
from .pairs import compared_sentence, few_in_common, rank_words
from .scores import gains_of, murphy_of

DIFFERENCE = gettext_lazy(
    "By how much the Brier score was lower than the difficulty of the predictions would have it: right of the line is "
    "better. The thick bar is the 95 % interval."
)
SCATTER = gettext_lazy(
    "Each dot is a forecaster, numbered as in the table, on the predictions in common with others. Up and to the left "
    "is better; along a dotted line the Brier score is the same, because what is lost to miscalibration is won by "
    "discrimination."
)
MOST = 12  # drawn; the table has all
ROUNDING = 5e-4  # uncertainties that are equal in print


@reader_page
def compare(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    asked = parameters(request)
    is_whole = bool(asked.get("a") and asked.get("b")) or any(name not in PARAMETERS for name in asked)
    pair = parse_pair(asked) if is_whole else None

    def build() -> Context:
        found = comparison(pair, now) if pair else None
        return {
            "fields": _fields(asked),
            "section": "forecasters",
            **(_context(found) if found else {}),
        }

    return show(request, "compare.html", version(now), build)


@kept_page
def forecasters(request: HttpRequest, now: dt.datetime, stands: Version) -> HttpResponseBase:
    def build() -> Context:
        found = headline_board()
        return {
            "forecasters": forecaster_list(),
            "board": found,
            "ranked": [BoardLine.of(line) for line in found.lines],
            "told": _board_words(found),
            "figures": _figures(found),
            "section": "forecasters",
            **scored(found.as_of),
        }

    return show(request, "forecasters.html", stands, build)


@dataclass(frozen=True)
class GapLine:
    """One prediction on which the two differed."""

    url: str
    statement: str
    a: int
    b: int
    happened: bool
    closer: str


@dataclass(frozen=True)
class BoardLine:
    rank: str
    name: str
    url: str
    predictions: str
    brier: str
    brier_interval: str
    gain: str
    interval: str
    shrunk: str

    @classmethod
    def of(cls, line: Line) -> "BoardLine":
        return cls(
            rank=rank_words(line.rank, line.low_rank, line.high_rank),
            name=line.forecaster.name,
            url=line.forecaster.get_absolute_url(),
            predictions=_counts(line),
            brier=words.score_words(line.brier),
            brier_interval=words.score_interval(line.brier_interval.low, line.brier_interval.high),
            gain=words.signed_score(line.gain.value),
            interval=words.signed_scores(line.gain.low, line.gain.high),
            shrunk=words.signed_score(line.shrunk),
        )


def _counts(line: Line) -> str:
    """How many predictions, and how many separate ones where families make these fewer."""
    if line.clusters in (None, line.predictions):
        return words.predictions(line.predictions)
    told = ngettext(
        "%(n)s prediction, %(separate)s separate", "%(n)s predictions, %(separate)s separate", line.predictions
    )
    return told % {"n": count(line.predictions), "separate": count(line.clusters or 0)}


def _fields(asked: Mapping[str, str]) -> tuple[Field, ...]:
    people: list[Choice] = forecaster_choices()
    return (
        suggested(asked, "a", _("Forecaster"), people),
        suggested(asked, "b", _("Beside"), people),
        *how_fields(asked, counting_choices(SAME_MOMENT), USUAL, Track.provenances()),
    )


def _context(found: Comparison) -> Context:
    a, b = (side.name for side in found.pair.names)
    scores, difference = (found.brier_a, found.brier_b), found.difference
    if scores[0] is not None and scores[1] is not None and difference:
        ends = (difference.low, difference.high)
        counts = found.denominators
        waiting = (counts.overdue, counts.past_deadline)
        told = compared_sentence(a, b, found.compared, (scores[0], scores[1]), *ends, found.clusters, waiting)
    else:
        told = few_in_common(a, b, found.compared)
    given = found.pair.parameters
    return {
        "found": found,
        "told": told,
        "made": _made(found.denominators),
        "difference": words.signed_score(difference.value) if difference else "",
        "interval": words.signed_scores(difference.low, difference.high) if difference else "",
        "moment": counting_words(found.pair.a.counting),
        "names": (a, b),
        "urls": [f"/forecasters/{side.slug}/" for side in found.pair.names],
        "murphy": murphy_of(found.murphy, a, b) if found.murphy else None,
        "gaps": [
            GapLine(row.url, row.statement, row.tick_a, row.tick_b, row.happened, a if row.difference < 0 else b)
            for row in found.biggest
        ],
        "tracks": [(urlencode({**given, "track": track}), TRACK_WORDS[Track(track)], n) for track, n in found.tracks],
        "here": f"/compare/?{urlencode(given)}",
        **scored(found.as_of),
    }


def _made(counts: Denominators) -> str:
    """Everything that both have said something about, by what became of it."""
    told = ngettext(
        "Both made %(made)s prediction of yes or no here: %(due)s settled past the deadline, %(open)s still open, "
        "%(overdue)s not yet rated by us, %(early)s resolved early and %(void)s void.",
        "Both made %(made)s predictions of yes or no here: %(due)s settled past the deadline, %(open)s still open, "
        "%(overdue)s not yet rated by us, %(early)s resolved early and %(void)s void.",
        counts.made,
    )
    return told % {name: count(getattr(counts, name)) for name in ("made", "due", "open", "overdue", "early", "void")}


def _board_words(found: Board) -> str:
    """What is compared, and from what."""
    track, moment = TRACK_WORDS[Track(found.query.track)], counting_words(found.query.counting)
    told = _("Track: %(track)s. What each said %(moment)s, on predictions that at least two of them made.")
    return told % {"track": track, "moment": moment}


def _figures(found: Board) -> tuple[Figure, ...]:
    return (_gains(found.lines), _scatter(found.lines)) if found.lines else ()


def _gains(lines: tuple[Line, ...]) -> Figure:
    told = [BoardLine.of(line) for line in lines]
    return Figure(
        kind="gains",
        id="gains",
        chart=gains_of([(row.forecaster.name, row.gain.value, row.gain.low, row.gain.high) for row in lines[:MOST]]),
        title=_("Gain on common predictions"),
        desc="; ".join(f"{row.name}: {row.gain}, {row.interval}" for row in told[:MOST]) + ".",
        caption=str(DIFFERENCE),
        columns=(_("Forecaster"), _("Predictions"), _("Gain"), _("95 % interval"), _("Expected next")),
        rows=tuple((row.name, row.predictions, row.gain, row.interval, row.shrunk) for row in told),
    )


def _scatter(lines: tuple[Line, ...]) -> Figure:
    shared = {line.uncertainty for line in lines}
    is_one = max(shared) - min(shared) < ROUNDING
    rows = [(row.forecaster.name, max(row.miscalibration, 0.0), max(row.discrimination, 0.0)) for row in lines]
    return Figure(
        kind="scatter",
        id="parts",
        chart=scatter.scatter(
            rows,
            lines[0].uncertainty if is_one else None,
            worse=_("Miscalibration (less is better)"),
            better=_("Discrimination (more is better)"),
            spelling=spelling(),
        ),
        title=_("Miscalibration against discrimination"),
        desc="; ".join(_against(*row) for row in rows) + ".",
        caption=str(SCATTER),
        columns=(
            _("Forecaster"),
            _("Brier score"),
            _("95 % interval"),
            _("Miscalibration"),
            _("Discrimination"),
            _("Uncertainty"),
        ),
        rows=tuple((f"{place}. {row.forecaster.name}", *_parts(row)) for place, row in enumerate(lines, start=1)),
    )


def _against(name: str, across: float, up: float) -> str:
    parts = {"name": name, "across": words.score_words(across), "up": words.score_words(up)}
    return _("%(name)s: %(across)s against %(up)s") % parts


def _parts(row: Line) -> tuple[str, ...]:
    parts, told = (row.miscalibration, row.discrimination, row.uncertainty), BoardLine.of(row)
    return told.brier, told.brier_interval or _("none"), *(words.score_words(part) for part in parts)
