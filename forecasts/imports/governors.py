"""FiveThirtyEight's forecasts of the governors' elections of 2018 and 2022: three models, one forecast a day.

Data: FiveThirtyEight, https://github.com/fivethirtyeight/data (governors' forecasts), CC BY 4.0. The package ships what
is needed of it as a compact file: one line per candidate and model, the probability of winning in ten-thousandths from
the first day on, `n*k` for n on k days running, `-` for a day without a forecast.
"""

import csv
import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from forecasts.actions import Import, ImportedForecast, ImportedForecaster, ImportedPrediction
from forecasts.errors import Refused
from forecasts.models import NO, YES, Basis, ForecasterKind, Precision
from forecasts.scoring.rules import TICKS, to_ticks

SHIPPED = Path(__file__).parent / "data" / "governors.csv"
SOURCE = "FiveThirtyEight, governors' elections 2018 and 2022"
CREDIT = """FiveThirtyEight, github.com/fivethirtyeight/data, licensed CC BY 4.0; probabilities rounded to 0.01 %. 82 \
forecasts of 2010, which name no model, are left out."""
TOPIC = "US governors"
MODELS = {
    "lite": "FiveThirtyEight Lite",
    "classic": "FiveThirtyEight Classic",
    "deluxe": "FiveThirtyEight Deluxe",
}
COLUMNS = ("year", "state", "election_date", "party", "candidate", "outcome", "model", "first_day", "ticks")
WITHOUT_MODEL = "names no model"
PARTIES = {"D": "Democrat", "R": "Republican", "I": "independent", "G": "Green", "L": "Libertarian"}
STATES = {
    "AK": "Alaska",
    "AL": "Alabama",
    "AR": "Arkansas",
    "AZ": "Arizona",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "IA": "Iowa",
    "ID": "Idaho",
    "IL": "Illinois",
    "KS": "Kansas",
    "MA": "Massachusetts",
    "MD": "Maryland",
    "ME": "Maine",
    "MI": "Michigan",
    "MN": "Minnesota",
    "NE": "Nebraska",
    "NH": "New Hampshire",
    "NM": "New Mexico",
    "NV": "Nevada",
    "NY": "New York",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "VT": "Vermont",
    "WI": "Wisconsin",
    "WY": "Wyoming",
}
ONE_DAY = dt.timedelta(days=1)
END_OF_DAY = dt.time(23, 59, 59, tzinfo=dt.UTC)

Candidate = tuple[str, str, str, str, str]
Line = tuple[Candidate, str, dt.date, tuple[int | None, ...]]


def compact(rows: Iterable[dict[str, str]]) -> tuple[list[list[str]], Counter[str]]:
    """The lines of the compact file from the original table's rows, and why rows were left out."""
    days: dict[tuple[Candidate, str], dict[dt.date, int]] = defaultdict(dict)
    outcomes: dict[Candidate, str] = {}
    skipped: Counter[str] = Counter()
    for row in rows:
        if not row["forecast_type"]:
            skipped[WITHOUT_MODEL] += 1
            continue
        who = (row["year"], row["state"], row["election_date"], row["party"], row["candidate"])
        outcomes[who] = row["probwin_outcome"]
        days[who, row["forecast_type"]][dt.date.fromisoformat(row["forecast_date"])] = to_ticks(float(row["probwin"]))
    lines = [
        [*who, outcomes[who], model, min(series).isoformat(), _packed(series)]
        for (who, model), series in sorted(days.items())
    ]
    return lines, skipped


def _packed(series: dict[dt.date, int]) -> str:
    first, last = min(series), max(series)
    every_day = (series.get(first + day * ONE_DAY) for day in range((last - first).days + 1))
    runs = ((tick, sum(1 for _ in same)) for tick, same in groupby(every_day))
    return " ".join(_run("-" if tick is None else str(tick), length) for tick, length in runs)


def _run(text: str, length: int) -> str:
    return text if length == 1 else f"{text}*{length}"


def _unpacked(text: str) -> Iterator[int | None]:
    for run in text.split():
        tick, _, length = run.partition("*")
        yield from [None if tick == "-" else int(tick)] * int(length or 1)


def parse(path: Path = SHIPPED) -> Import:
    """The compact file as one import. Raises Refused naming the line at fault."""
    data = path.read_bytes()
    rows = list(csv.DictReader(data.decode().splitlines()))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise Refused("file", path.name, f"expected the columns {', '.join(COLUMNS)}")
    by_candidate: dict[Candidate, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_candidate[row["year"], row["state"], row["election_date"], row["party"], row["candidate"]].append(row)
    return Import(
        format="governors",
        source=SOURCE,
        credit=CREDIT,
        sha256=hashlib.sha256(data).hexdigest(),
        forecasters=tuple(
            ImportedForecaster(f"fivethirtyeight-{model}", name, ForecasterKind.AI_MODEL, is_bot=True)
            for model, name in MODELS.items()
        ),
        predictions=tuple(_prediction(row, who, lines) for row, (who, lines) in enumerate(by_candidate.items(), 1)),
    )


def _prediction(row: int, who: Candidate, lines: list[dict[str, str]]) -> ImportedPrediction:
    year, code, election_date, party, candidate = who
    state = STATES[code]
    election = dt.date.fromisoformat(election_date)
    polls_closed = dt.datetime.combine(election + ONE_DAY, dt.time(0, tzinfo=dt.UTC))
    return ImportedPrediction(
        row=row,
        external_id=f"governors:{year}-{code}-{party}-{candidate}",
        statement=f"{candidate} ({PARTIES.get(party, party)}) will be elected governor of {state} in {year}.",
        criteria=f"Yes if {candidate} won the election of {election_date} for governor of {state}.",
        resolution_source="The outcome recorded in FiveThirtyEight's published table",
        group=f"Governor of {state}, {year}",
        topics=(TOPIC,),
        closes_at=polls_closed,
        resolves_by=dt.datetime.combine(election + ONE_DAY, END_OF_DAY),
        resolves_by_precision=Precision.DAY,
        known_at=polls_closed,
        outcome=YES if lines[0]["outcome"] == "1" else NO,
        cannot_resolve_early=True,
        forecasts=tuple(sorted(_forecasts(row, who, lines), key=lambda each: (each.issued_at, each.forecaster))),
    )


def _forecasts(row: int, who: Candidate, lines: list[dict[str, str]]) -> Iterator[ImportedForecast]:
    """One a day; a date without a time means its end. Every day is kept, also one that repeats the day before."""
    year, code, _, party, candidate = who
    for line in lines:
        first = dt.date.fromisoformat(line["first_day"])
        for day, tick in enumerate(_unpacked(line["ticks"])):
            if tick is not None:
                date = first + day * ONE_DAY
                yield ImportedForecast(
                    row=row,
                    forecaster=f"fivethirtyeight-{line['model']}",
                    issued_at=dt.datetime.combine(date, END_OF_DAY),
                    value=Decimal(tick) / TICKS,
                    external_id=f"{year}-{code}-{party}-{candidate}-{date}",
                    basis=Basis.MODEL,
                )
