"""Data series: which values are new, whom they concern, and what the rule of a watch says of all that were printed."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal

from forecasts.evidence.assess import NotYet, RuleProposal
from forecasts.evidence.series_rule import propose
from forecasts.evidence.sources import Observation, Reading
from forecasts.evidence.sources.data_series import Decision, Print, Rule, decide
from forecasts.models import EvidenceSource, Finding, FoundBy, Prediction, PredictionStatus, SeriesPrint, Watch

OF_A_SERIES = "a new value of the series that decides"
RELEVANCE = 500


def new_prints(source: EvidenceSource, reading: Reading) -> list[Observation]:
    """The values that differ from what was last printed for their period, or are the first for it."""
    labels = [each.label for each in reading.observations]
    kept = SeriesPrint.objects.filter(source=source, label__in=labels).order_by("first_seen_at")
    last = dict(kept.values_list("label", "value"))
    return [each for each in reading.observations if last.get(each.label) != f"{each.value:f}"]


def findings_of(
    source: EvidenceSource, reading: Reading, new: Sequence[Observation], found_at: dt.datetime
) -> Iterator[Finding]:
    """Each new value as evidence for every unsettled prediction that a rule ties to the series."""
    unsettled = (PredictionStatus.OPEN, PredictionStatus.CLOSED)
    watches = Watch.objects.filter(source=source.pk, prediction__status__in=unsettled).exclude(rule={})
    places = _places(reading)
    for watch in watches.order_by("prediction_id"):
        for each in new:
            start, quote = places[each.label]
            yield Finding(
                prediction_id=watch.prediction_id,
                source_id=source.pk,
                title=f"{source.title}: {quote}"[:500],
                url=source.url,
                found_at=found_at,
                quote=quote,
                quote_start=start,
                quote_end=start + len(quote),
                found_by=FoundBy.SERIES,
                relevance=RELEVANCE,
                why=OF_A_SERIES,
                digest=digest(source.pk, each.label, f"{each.value:f}"),
            )


def _places(reading: Reading) -> dict[str, tuple[int, str]]:
    """Where the line of each value stands in the text: a label and a value, a line each, in the order of the values."""
    found, begin = {}, 0
    for each, line in zip(reading.observations, reading.text.split("\n"), strict=False):
        found[each.label] = (begin, line)
        begin += len(line) + 1
    return found


def digest(source_id: int, label: str, value: str) -> str:
    """What makes a value the same piece of evidence."""
    return hashlib.sha256(f"{source_id}\n{label}\n{value}".encode()).hexdigest()


def decided(prediction: Prediction, now: dt.datetime) -> RuleProposal | NotYet:
    """What the first rule that has decided proposes, with the findings of the values it stands on."""
    found: RuleProposal | NotYet = NotYet("no data series is tied to it by a rule")
    for watch in prediction.watches.exclude(rule={}).order_by("pk"):
        rule = Rule.from_dict(watch.rule)
        decision = decide(rule, _prints(watch.source_id), now)
        found = propose(decision, rule, _findings(watch, decision))
        if isinstance(found, RuleProposal):
            return found
    return found


def _prints(source_id: int) -> Iterator[Print]:
    rows = SeriesPrint.objects.filter(source=source_id).select_related("snapshot").order_by("pk")
    for row in rows.defer("snapshot__text", "snapshot__record"):
        value = Observation(row.label, row.start, row.end, Decimal(row.value))
        yield Print(value, row.first_seen_at, row.snapshot.sha256)


def _findings(watch: Watch, decision: Decision) -> tuple[int, ...]:
    digests = [digest(watch.source_id, used.label, f"{used.value:f}") for used in decision.trace]
    rows = Finding.objects.filter(prediction=watch.prediction_id, digest__in=digests).order_by("pk")
    return tuple(rows.values_list("pk", flat=True))
