"""Markets: the price as a forecast of the market's own, and what it says of the outcome as a hint."""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from forecasts.actions import issue_forecast
from forecasts.errors import ReckonerError
from forecasts.evidence.sources import Reading
from forecasts.evidence.sources.market.read import says_outcome
from forecasts.models import (
    Basis,
    CheckStatus,
    EvidenceSource,
    Finding,
    Forecast,
    Forecaster,
    PredictionKind,
    PredictionStatus,
    SeriesPrint,
    SourceKind,
    Watch,
)
from forecasts.scoring.rules import to_ticks

log = logging.getLogger(__name__)
MARKET = "worker:market"
SAYS = "what the market says of the outcome: a hint, no decision"
RELEVANCE = 500
# Watched for its price: no words were given, so its silence says nothing of the outcome.
BY_PRICE = Q(source__kind=SourceKind.MARKET, groups=[])


def issue_prices(source: EvidenceSource) -> int:
    """Issue the last price of a market on each open prediction of yes or no watched over it, where its forecaster last
    said something else; returns how many were issued.

    It goes by what is stored and not by what the check brought: what a killed worker left undone the next good check
    does, an unchanged one too. A price counts from when it was first seen, or for a prediction that opened or was
    watched only later, from the check that still found it.
    """
    if source.forecaster is None:
        return 0
    if source.last_snapshot and says_outcome(source.last_snapshot.text):
        return 0  # a price after the outcome is no forecast
    price = source.prints.order_by("first_seen_at", "pk").select_related("snapshot").last()
    check = source.checks.order_by("due_at").last()
    if price is None or check is None or not CheckStatus(check.status).is_good:
        return 0
    forecaster = source.forecaster.merged_into or source.forecaster
    open_ones = Watch.objects.filter(
        source=source, prediction__status=PredictionStatus.OPEN, prediction__kind=PredictionKind.BINARY
    )
    watches = open_ones.select_related("prediction").order_by("prediction_id")
    return sum(_issue(watch, forecaster, price, check.started_at) for watch in watches)


def _issue(watch: Watch, forecaster: Forecaster, price: SeriesPrint, checked_at: dt.datetime) -> bool:
    """One price on one prediction; False when it is said already, or no forecast of that moment could count."""
    prediction = watch.prediction
    since = max(prediction.opens_at or watch.since, watch.since)
    issued_at = price.first_seen_at if price.first_seen_at >= since else checked_at
    if issued_at < since or (prediction.closes_at and issued_at >= prediction.closes_at):
        return False
    last = Forecast.objects.filter(prediction=prediction, forecaster=forecaster).last()
    if last and (last.tick == to_ticks(float(price.value)) or last.issued_at >= issued_at):
        return False
    try:
        issue_forecast(
            prediction=prediction,
            forecaster=forecaster,
            value=price.value,
            issued_at=issued_at,
            basis=Basis.MARKET,
            proof=price.snapshot if price.snapshot.fetched_at >= issued_at else None,
            external_id=f"market:{price.pk}:{prediction.pk}",
            at=timezone.now(),
            by=MARKET,
        )
    except ReckonerError as error:  # withdrawn since, settled meanwhile, or another worker was faster
        log.info("the price of source %s was not issued on %s: %s", watch.source_id, prediction.slug, error)
        return False
    return True


def said_of_the_outcome(source: EvidenceSource, reading: Reading, found_at: dt.datetime) -> Iterator[Finding]:
    """What a market says of the outcome, for each unsettled prediction watched over it without words.

    All markets say it in the same words, so the source is part of what makes it the same piece of evidence.
    """
    unsettled = (PredictionStatus.OPEN, PredictionStatus.CLOSED)
    watches = Watch.objects.filter(BY_PRICE, source=source.pk, prediction__status__in=unsettled)
    for watch in watches.order_by("prediction_id"):
        for item, place in zip(reading.items, reading.begins, strict=True):
            yield Finding(
                prediction_id=watch.prediction_id,
                source_id=source.pk,
                title=item.title[:500],
                url=item.url,
                found_at=found_at,
                quote=item.text,
                quote_start=place,
                quote_end=place + len(item.text),
                item_start=place,
                item_end=place + len(item.text),
                relevance=RELEVANCE,
                why=SAYS,
                digest=hashlib.sha256(f"{source.pk}\n{item.text}".encode()).hexdigest(),
            )
