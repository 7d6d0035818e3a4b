from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forecasts.models import Prediction, PredictionKind, Resolution, outcome_words, range_texts
from forecasts.queries.prediction_page import PredictionPage

from .fields import ArticleReference, Document, ForecasterReference, ListDocument, Probability, Tick, TopicReference
from .forecasts import ForecastDocument

DAYS = "Of a date the number of the day's end, in days since the start of 1970."


class PredictionRowDocument(Document[Any]):
    """One line of a list. The forecast is the latest that stands: of the forecaster asked about, or of anybody."""

    slug = serializers.CharField()
    statement = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField(help_text="open, closed, overdue, yes, no, resolved or void")
    state_words = serializers.CharField()
    resolves_by = serializers.DateTimeField(allow_null=True)
    known_at = serializers.DateTimeField(allow_null=True)
    counts_from = serializers.DateTimeField(allow_null=True, help_text="Resolved early: counts from then on.")
    tick = Tick()
    probability = Probability()
    said = serializers.CharField(help_text="The forecast of any kind in short; empty without any.")
    forecaster = serializers.CharField(help_text="Name of whose forecast it is; empty without any.")
    corrected = serializers.BooleanField()
    url = serializers.CharField()


class PredictionListDocument(ListDocument):
    results = PredictionRowDocument(many=True)


class VersionDocument(Document[Any]):
    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    after_first_forecast = serializers.BooleanField()
    old = serializers.DictField()
    new = serializers.DictField()


class EvidenceDocument(Document[Any]):
    title = serializers.CharField()
    url = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    found_at = serializers.DateTimeField()
    quote = serializers.CharField(help_text="Word for word in the snapshot.")
    stance = serializers.CharField()
    review = serializers.CharField()
    why = serializers.CharField()
    relevance = serializers.IntegerField(help_text="0 to 1000.")
    source_title = serializers.CharField(source="source.title", default=None, allow_null=True)
    snapshot_sha256 = serializers.CharField(source="snapshot.sha256")


class WatchedSourceDocument(Document[Any]):
    title = serializers.CharField()
    url = serializers.CharField()
    state = serializers.CharField()
    last_good_check_at = serializers.DateTimeField(allow_null=True)


class ClauseDocument(Document[Any]):
    clause = serializers.CharField()
    title = serializers.CharField(source="finding.title")
    url = serializers.CharField(source="finding.url")
    quote = serializers.CharField(source="finding.quote")


class ResolutionDocument(Document[Any]):
    """One settlement; a correction supersedes the one before. Names of people are not published."""

    outcome = serializers.CharField(
        help_text="yes or no; the number of the option, from 0; a number; a day, or not_before. Empty when void."
    )
    outcome_words = serializers.SerializerMethodField(help_text="The same in words, such as the option's name.")
    void_reason = serializers.CharField()
    known_at = serializers.DateTimeField(help_text="When the world knew.")
    resolved_at = serializers.DateTimeField(help_text="When we said so.")
    provisional_until = serializers.DateTimeField(allow_null=True)
    proposed_by = serializers.SerializerMethodField(help_text="`editor`, `rule:NAME` or `assessor:NAME`.")
    rationale = serializers.CharField(source="proposal.rationale", default="")
    evidence_exception = serializers.CharField()
    note = serializers.CharField()
    clauses = ClauseDocument(source="proposal.clauses.all", many=True, default=())
    is_correction = serializers.SerializerMethodField()

    def get_outcome_words(self, row: Resolution) -> str:
        return outcome_words(row.prediction, row.outcome)

    def get_proposed_by(self, row: Resolution) -> str:
        return row.proposed_by_rule or "editor"

    def get_is_correction(self, row: Resolution) -> bool:
        return row.supersedes_id is not None


class ScoreDocument(Document[Any]):
    forecaster = ForecasterReference()
    track = serializers.CharField()
    counting = serializers.CharField()
    basis = serializers.CharField()
    cohort = serializers.CharField()
    tick = Tick(help_text="Null when counted over time.")
    probability = Probability()
    happened = serializers.BooleanField(allow_null=True, help_text="Null for other kinds than yes or no.")
    brier = serializers.FloatField(allow_null=True, help_text="0 to 1, over options 0 to 2; else null.")
    log = serializers.FloatField(allow_null=True, help_text="Nats.")
    rps = serializers.FloatField(allow_null=True, help_text="Ordered options only.")
    spherical = serializers.FloatField(allow_null=True, help_text="0 to 1, larger is better.")
    crps = serializers.FloatField(allow_null=True, help_text="In the unit of the outcome; days for dates.")
    baseline = serializers.FloatField(help_text="Against an even guess, larger is better.")
    peer = serializers.FloatField(allow_null=True, help_text="Against all others; null where moments differ.")
    weight = serializers.IntegerField()
    coverage = serializers.IntegerField(help_text="Standing time in millionths of the scored window.")
    engine = serializers.CharField()


class DisputeDocument(Document[Any]):
    reason = serializers.CharField()
    text = serializers.CharField()
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    status = serializers.CharField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class EntryReference(Document[Any]):
    seq = serializers.IntegerField()
    kind = serializers.CharField()
    at = serializers.DateTimeField()
    digest = serializers.CharField()


class GroupReference(Document[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()


class PredictionDocument(Document[Any]):
    """A prediction with everything that was said, seen and decided about it."""

    slug = serializers.CharField(source="prediction.slug")
    url = serializers.CharField(source="prediction.get_absolute_url")
    statement = serializers.CharField(source="prediction.statement")
    kind = serializers.CharField(source="prediction.kind")
    state = serializers.CharField()
    state_words = serializers.CharField()
    criteria = serializers.CharField(source="prediction.criteria")
    fine_print = serializers.CharField(source="prediction.fine_print")
    resolution_source = serializers.CharField(source="prediction.resolution_source")
    options = serializers.ListField(source="prediction.options", child=serializers.CharField())
    options_ordered = serializers.BooleanField(source="prediction.options_ordered")
    range_min = serializers.FloatField(source="prediction.range_min", allow_null=True, help_text=DAYS)
    range_max = serializers.FloatField(source="prediction.range_max", allow_null=True, help_text=DAYS)
    range_from = serializers.SerializerMethodField(help_text="The same as text: a decimal, or a day as 2027-06-30.")
    range_to = serializers.SerializerMethodField(help_text="The same as text: a decimal, or a day as 2027-06-30.")
    open_below = serializers.BooleanField(source="prediction.open_below")
    open_above = serializers.BooleanField(source="prediction.open_above")
    log_scale = serializers.BooleanField(source="prediction.log_scale")
    opens_at = serializers.DateTimeField(source="prediction.opens_at", allow_null=True)
    closes_at = serializers.DateTimeField(source="prediction.closes_at", allow_null=True)
    resolves_by = serializers.DateTimeField(source="prediction.resolves_by", allow_null=True)
    resolves_by_precision = serializers.CharField(source="prediction.resolves_by_precision")
    resolves_by_wording = serializers.CharField(source="prediction.resolves_by_wording")
    resolves_by_rule = serializers.CharField(source="prediction.resolves_by_rule")
    cannot_resolve_early = serializers.BooleanField(source="prediction.cannot_resolve_early")
    counts_from = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(source="prediction.published_at")
    topics = TopicReference(source="prediction.topics.all", many=True)
    group = GroupReference(source="prediction.group", allow_null=True)
    article = ArticleReference(source="prediction.article", allow_null=True)
    quote = serializers.CharField(source="prediction.quote")
    versions = VersionDocument(many=True)
    latest_forecasts = serializers.SerializerMethodField(help_text="One for each forecaster.")
    forecasts_url = serializers.SerializerMethodField(help_text="All forecasts on it.")
    evidence = EvidenceDocument(source="findings", many=True)
    sources = WatchedSourceDocument(many=True)
    resolution = ResolutionDocument(allow_null=True)
    resolutions = ResolutionDocument(many=True, help_text="Newest first.")
    scores = ScoreDocument(many=True)
    disputes = DisputeDocument(many=True)
    entries = EntryReference(many=True)

    def get_range_from(self, page: PredictionPage) -> str | None:
        return _ends(page.prediction)[0]

    def get_range_to(self, page: PredictionPage) -> str | None:
        return _ends(page.prediction)[1]

    @extend_schema_field(ForecastDocument(many=True))
    def get_latest_forecasts(self, page: PredictionPage) -> Any:
        return ForecastDocument([series.latest for series in page.series], many=True).data

    def get_forecasts_url(self, page: PredictionPage) -> str:
        return f"/api/v1/forecasts?prediction={page.prediction.slug}"


def _ends(prediction: Prediction) -> tuple[str, str] | tuple[None, None]:
    return range_texts(prediction) if PredictionKind(prediction.kind).has_range else (None, None)
