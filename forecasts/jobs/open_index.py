"""The open predictions, ready to be ranked, and how rare words are: read from the database, kept in this process."""

import datetime as dt
import logging
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import forecasts.evidence
from forecasts.evidence import semantic
from forecasts.evidence.evaluate import seen_in
from forecasts.evidence.labelled import read_labelled
from forecasts.evidence.ranking import Index, Meaning, said_by
from forecasts.evidence.subjects import Subject
from forecasts.evidence.words import Frequencies
from forecasts.models import Prediction, PredictionStatus, WordCount

log = logging.getLogger(__name__)
UNSETTLED = (PredictionStatus.OPEN, PredictionStatus.CLOSED)
COUNTS_HOLD = dt.timedelta(hours=1)
# What everyday news talk about, until this site has read enough itself.
EVERYDAY = Path(forecasts.evidence.__file__).parent / "data" / "matching.ndjson"


@dataclass(frozen=True)
class _Kept:
    subjects: tuple[Subject, ...]
    index: Index
    made_at: dt.datetime


_kept: _Kept | None = None
_making = threading.Lock()


def open_index(now: dt.datetime) -> Index:
    """The unsettled predictions as they stand now; built anew when one changed, or the word counts are an hour old."""
    global _kept
    subjects = open_subjects()
    with _making:
        if _kept is None or _kept.subjects != subjects or not _kept.made_at <= now < _kept.made_at + COUNTS_HOLD:
            documents = [[term for term, _ in said_by(subject)] for subject in subjects]
            _kept = _Kept(subjects, Index(subjects, word_frequencies().grown(documents), meaning()), now)
        return _kept.index


def meaning() -> Meaning | None:
    """The semantic extra where it is installed and works; one that does not is logged, and words must do."""
    if not semantic.is_installed():
        return None
    try:
        semantic.vector("")
    except Exception:
        log.exception("the semantic extra does not work; items are ranked by words alone")
        return None
    return semantic.vector


def open_subjects() -> tuple[Subject, ...]:
    rows = Prediction.objects.filter(status__in=UNSETTLED, resolves_by__isnull=False).order_by("pk")
    return tuple(subject_of(row) for row in rows.only("statement", "criteria", "resolves_by"))


def subject_of(prediction: Prediction) -> Subject:
    """A prediction as the ranking reads it; without a deadline it never ends."""
    last = prediction.resolves_by.date() if prediction.resolves_by else dt.date.max
    return Subject(str(prediction.pk), prediction.statement, prediction.criteria, last)


def word_frequencies() -> Frequencies:
    """What this site has read, on top of everyday news that come with it."""
    counts = dict(WordCount.objects.values_list("term", "items"))
    items = counts.pop(WordCount.ALL, 0.0)
    everyday = _everyday()
    merged = {term: everyday.counts.get(term, 0.0) + counts.get(term, 0.0) for term in everyday.counts.keys() | counts}
    return Frequencies(everyday.documents + items, merged)


@lru_cache(maxsize=1)
def _everyday() -> Frequencies:
    with EVERYDAY.open(encoding="utf-8") as lines:
        return seen_in(read_labelled(lines))
