"""Ten thousand items against five thousand open predictions, beside tokenising the items alone."""

import datetime as dt
from pathlib import Path

import numpy as np

from forecasts.evidence import semantic
from forecasts.evidence.labelled import read_labelled
from forecasts.evidence.ranking import Index
from forecasts.evidence.subjects import Report, Subject
from forecasts.evidence.words import Frequencies, terms

from .measure import rate, row

ITEMS, PREDICTIONS = 10_000, 5_000
READ = 100  # items for their meaning, each as if for the first time
LABELLED = Path(__file__).parents[1] / "forecasts" / "evidence" / "data" / "matching.ndjson"
DAY = dt.date(2027, 6, 30)


def run() -> None:
    words = _words()
    generator = np.random.default_rng(4)

    def drawn(count: int) -> str:
        return " ".join(generator.choice(words, count).tolist())

    subjects = [Subject(str(number), drawn(16), drawn(30), DAY) for number in range(PREDICTIONS)]
    reports = [Report(drawn(9), drawn(60), DAY) for _ in range(ITEMS)]
    frequencies = Frequencies().grown([terms(f"{report.title} {report.text}") for report in reports])
    index = Index(subjects, frequencies)
    taken = row(
        f"rank {PREDICTIONS:,} predictions for {ITEMS:,} items of 69 words",
        lambda: [index.rank(report) for report in reports],
        "tokenising the items",
        lambda: [(terms(report.title), terms(report.text)) for report in reports],
        runs=3,
    )
    rate(ITEMS, "items", taken)
    row("build that index", lambda: Index(subjects, frequencies), "tokenising it", lambda: _tokenised(subjects), runs=3)
    if semantic.is_installed():
        texts = [f"{report.title}. {report.text}" for report in reports[:READ]]
        taken = row(
            f"meaning of {READ} items of 69 words",
            lambda: [semantic._vector.__wrapped__(text) for text in texts],
            "their pieces",
            lambda: [semantic.piece_ids(text) for text in texts],
            runs=3,
        )
        rate(READ, "items", taken)


def _words() -> np.ndarray:
    """Every word of the labelled items as often as it occurs, so that common words are common."""
    data = read_labelled(LABELLED.read_text(encoding="utf-8").splitlines())
    reports = [*(item.report for case in data.cases for item in case.items), *data.background]
    return np.array([word for report in reports for word in f"{report.title} {report.text}".split()])


def _tokenised(subjects: list[Subject]) -> object:
    return [(terms(subject.statement), terms(subject.criteria)) for subject in subjects]
