"""The scoring core alone, in arrays."""

import numpy as np

from forecasts.scoring.losses import binary_losses
from forecasts.scoring.reliability import consistency_band, corp, tick_table
from forecasts.scoring.settlement import IMPORTED, Entries, Windows, settle
from forecasts.scoring.values import TickTable

from .measure import rate, row

DAY = 86_400_000_000
RULES = ("Brier", "log", "baseline", "peer", "spot peer")
MANY = 10_000_000


def one_set(predictions: int, forecasters: int, updates: int) -> tuple[Entries, Windows, np.ndarray, np.ndarray]:
    """Predictions of 400 days, every forecaster's updates spread over them; ticks and outcomes beside."""
    generator = np.random.default_rng(1)
    shape = (predictions, forecasters, updates)
    prediction, who, number = (axis.ravel() for axis in np.indices(shape))
    at = generator.integers(0, 390 * DAY, prediction.size)
    nothing = np.zeros(prediction.size, dtype=np.int64)
    entries = Entries(
        prediction=prediction,
        forecast=np.arange(prediction.size),
        forecaster=who,
        track=nothing + IMPORTED,
        issued_at=at,
        recorded_at=at,
        id=np.arange(prediction.size),
        basis=nothing,
        withdrawn=nothing > 0,
        in_pool=nothing == 0,
    )
    days = np.full(predictions, 400 * DAY)
    windows = Windows(days * 0, days, days - 20 * DAY, days < 0)
    return entries, windows, generator.integers(0, 10_001, number.size), generator.integers(0, 2, predictions)


def run() -> None:
    _score()
    _calibrate()


def _score() -> None:
    entries, windows, tick, outcome = one_set(1_000, 100, 5)
    p = tick / 10_000

    def score() -> object:
        return settle(entries, windows, binary_losses(tick, outcome[entries.prediction]))

    taken = row(
        "score 1,000 predictions x 100 forecasters x 5 updates",
        score,
        "numpy.sum and numpy.log of them",
        lambda: (p.sum(), np.log(p + 1e-4)),
    )
    rate(p.size, "forecasts", taken)
    rate(p.size * len(RULES), f"scores ({', '.join(RULES)})", taken)
    one, window, ticks, happened = one_set(1, 1_000, 3)
    row(
        "score one prediction, 1,000 forecasters x 3",
        lambda: settle(one, window, binary_losses(ticks, happened[one.prediction])),
        "sorting its rows",
        lambda: np.lexsort((one.id, one.issued_at, one.forecaster)),
    )


def _calibrate() -> None:
    generator = np.random.default_rng(2)
    p = generator.integers(0, 10_001, 100_000) / 10_000
    y = (generator.random(p.size) < p).astype(int)
    row("tick table of 100,000 forecasts", lambda: tick_table(p, y), "numpy.unique", lambda: np.unique(p))
    row(
        "all of the calibration of 100,000 raw forecasts, no band",
        lambda: corp(tick_table(p, y)),
        "numpy.unique",
        lambda: np.unique(p),
    )
    weight = generator.multinomial(MANY, np.full(10_001, 1 / 10_001))
    ticks = np.arange(10_001)
    yes = generator.binomial(weight, ticks / 10_000)
    table = TickTable.from_rows(zip(ticks, weight, yes, strict=True), independent=True)
    total = "numpy.sum of 100,000"
    for rule in ("brier", "log"):
        row(f"CORP ({rule}) of ten million forecasts, 10,001 values", lambda rule=rule: corp(table, rule), total, p.sum)
    for values in (101, 10_001):
        some = TickTable.from_rows(
            [row for row in zip(ticks, weight, yes, strict=True) if row[0] % (10_000 // (values - 1)) == 0],
            independent=True,
        )
        row(
            f"band of 1,000 replicates, {some.total:,} forecasts, {values:,} values",
            lambda some=some: consistency_band(some),
            total,
            p.sum,
        )
