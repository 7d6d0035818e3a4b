from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forecasts.queries.calibration import Calibration
from forecasts.queries.scope import CalibrationQuery
from forecasts.scoring.uncertainty import LIST_BELOW, SCORES_BELOW

from .fields import Document, Probability, Tick


class FigureDocument(Document[Any]):
    """A number with its 95 % interval. Without one, `method` says why."""

    value = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    method = serializers.CharField()


class QueryDocument(Document[Any]):
    """What was asked, every parameter spelled out."""

    forecaster = serializers.SerializerMethodField()
    topic = serializers.SerializerMethodField()
    article = serializers.SerializerMethodField()
    kind = serializers.CharField()
    track = serializers.CharField()
    cohort = serializers.CharField()
    counting = serializers.CharField()
    basis = serializers.CharField()
    lead = serializers.CharField(help_text="A lead band, or empty for all.")

    def get_forecaster(self, query: CalibrationQuery) -> str | None:
        return query.forecaster.slug if query.forecaster else None

    def get_topic(self, query: CalibrationQuery) -> str | None:
        return query.topic.slug if query.topic else None

    def get_article(self, query: CalibrationQuery) -> str | None:
        return query.article.slug if query.article else None

    def get_fields(self) -> dict[str, Any]:
        """`from` is no name that Python lets a class have."""
        return {**super().get_fields(), "from": Month(source="since"), "to": Month(source="until")}


class Month(serializers.DateField):
    """A month of deadlines, such as 2026-03; null for no limit."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given, format="%Y-%m", allow_null=True)


class BlockDocument(Document[Any]):
    """A level stretch of the curve: what was said from low to high came true at `rate`."""

    low_tick = Tick(allow_null=False)
    high_tick = Tick(allow_null=False)
    low = Probability(source="low_tick", allow_null=False)
    high = Probability(source="high_tick", allow_null=False)
    rate = serializers.FloatField()
    weight = serializers.IntegerField()
    weight_yes = serializers.IntegerField()


class CorpDocument(Document[Any]):
    """score = miscalibration - discrimination + uncertainty (Brier), with the curve (doi:10.1073/pnas.2016191118)."""

    score = serializers.FloatField()
    miscalibration = serializers.FloatField()
    discrimination = serializers.FloatField()
    uncertainty = serializers.FloatField()
    curve = BlockDocument(source="blocks", many=True)


class BandPointDocument(Document[Any]):
    tick = Tick(allow_null=False)
    probability = Probability(allow_null=False)
    low = serializers.FloatField()
    high = serializers.FloatField()


class BandDocument(Document[Any]):
    """Where the curve of a well calibrated forecaster would fall; from one forecast per family of predictions."""

    level = serializers.FloatField()
    replicates = serializers.IntegerField()
    seed = serializers.CharField()
    n = serializers.IntegerField()
    points = serializers.SerializerMethodField()

    @extend_schema_field(BandPointDocument(many=True))
    def get_points(self, thinned: Any) -> Any:
        rows = [{"tick": tick, "low": low, "high": high} for tick, low, high in thinned.band]
        return BandPointDocument(rows, many=True).data


class TestDocument(Document[Any]):
    """Test of miscalibration; from one forecast per family of predictions."""

    __test__ = False

    p_value = serializers.FloatField()
    null_mean = serializers.FloatField(help_text="Miscalibration that chance alone gives on average.")
    excess = serializers.FloatField(help_text="Miscalibration over that.")
    n = serializers.IntegerField()
    replicates = serializers.IntegerField()
    seed = serializers.CharField()


class IntervalDocument(Document[Any]):
    low = serializers.FloatField()
    high = serializers.FloatField()
    level = serializers.FloatField()
    method = serializers.CharField()


class BinDocument(Document[Any]):
    """Forecasts in [low, high); weight is their number, or millionths of windows when counted over time."""

    low = serializers.FloatField()
    high = serializers.FloatField()
    weight = serializers.IntegerField()
    weight_yes = serializers.IntegerField()
    mean = serializers.FloatField()
    rate = serializers.FloatField()
    interval = IntervalDocument(allow_null=True)


class ElementaryDocument(Document[Any]):
    """A Murphy diagram (doi:10.1111/rssb.12154): lower at every threshold is better by every proper score."""

    thetas = serializers.ListField(child=serializers.FloatField(), help_text="Thresholds.")
    ours = serializers.ListField(child=serializers.FloatField(), help_text="Mean elementary scores.")
    theirs = serializers.ListField(child=serializers.FloatField())
    low = serializers.ListField(child=serializers.FloatField(), help_text="Pointwise interval of ours less theirs.")
    high = serializers.ListField(child=serializers.FloatField())
    level = serializers.FloatField()


class ReferenceDocument(Document[Any]):
    """What a reference known beforehand scored on the same forecasts; `gain` is how much lower the Brier score was."""

    forecaster = serializers.CharField()
    name = serializers.CharField()
    n_predictions = serializers.IntegerField(source="predictions")
    n_forecasts = serializers.IntegerField(source="forecasts")
    brier = serializers.FloatField()
    gain = FigureDocument()
    ratio = serializers.FloatField(allow_null=True, help_text="gain / brier of the reference")
    murphy = ElementaryDocument(allow_null=True, help_text="From 30 predictions on.")


class HeldDocument(Document[Any]):
    """How often central intervals held the outcome."""

    nominal = serializers.FloatField()
    inside = serializers.IntegerField()
    n = serializers.IntegerField()
    rate = FigureDocument()


class SpreadDocument(Document[Any]):
    """Of numbers and dates: the share of outcomes in each tenth of their forecast, with the band of a right spread."""

    n = serializers.IntegerField()
    shares = serializers.ListField(child=serializers.FloatField())
    low = serializers.FloatField()
    high = serializers.FloatField()
    level = serializers.FloatField()
    intervals = HeldDocument(many=True)


class SeparateDocument(Document[Any]):
    """Tests that need separate outcomes; from one forecast per family. Null where the data cannot tell."""

    n = serializers.IntegerField()
    in_the_large = serializers.FloatField(help_text="Mean forecast less base rate.")
    in_the_large_p = serializers.FloatField(allow_null=True)
    spiegelhalter_z = serializers.FloatField(allow_null=True)
    spiegelhalter_p = serializers.FloatField(allow_null=True)
    cox_intercept = serializers.FloatField(allow_null=True)
    cox_intercept_error = serializers.FloatField(allow_null=True)
    cox_slope = serializers.FloatField(allow_null=True)
    cox_slope_error = serializers.FloatField(allow_null=True)
    auc = FigureDocument(allow_null=True)


class DiagnosticsDocument(Document[Any]):
    """What else the tick table tells; `ece` depends on its bins and is never a headline."""

    sharpness = serializers.FloatField(help_text="The Brier score that the forecasts expect: mean p (1 - p).")
    smooth_ece = serializers.FloatField()
    ece = serializers.FloatField()
    auc = serializers.FloatField(allow_null=True)
    separate = SeparateDocument(allow_null=True)


class GroupDocument(Document[Any]):
    low_tick = Tick(source="low", allow_null=False)
    high_tick = Tick(source="high", allow_null=False)
    n = serializers.IntegerField()
    yes = serializers.IntegerField()
    mean = serializers.FloatField()
    rate = FigureDocument()


class VoidReasonDocument(Document[Any]):
    reason = serializers.CharField()
    n = serializers.IntegerField()


class DenominatorsDocument(Document[Any]):
    """Every prediction of the scope: made = open + overdue + early + due + void, due = counted + not_counted."""

    made = serializers.IntegerField()
    open = serializers.IntegerField()
    overdue = serializers.IntegerField(help_text="Past the deadline and not settled: our backlog.")
    early = serializers.IntegerField(help_text="Resolved before the deadline.")
    due = serializers.IntegerField(help_text="Resolved, deadline passed.")
    void = serializers.IntegerField()
    void_reasons = serializers.SerializerMethodField()
    counted = serializers.IntegerField(help_text="Of those due, with a forecast that counts this way.")
    not_counted = serializers.IntegerField(help_text="due - counted")

    @extend_schema_field(VoidReasonDocument(many=True))
    def get_void_reasons(self, counts: Any) -> list[dict[str, Any]]:
        return [{"reason": reason, "n": n} for reason, n in counts.void_reasons]


class BoundsDocument(Document[Any]):
    """Mean Brier scores had all overdue, or all void, predictions gone one way; null where there are none."""

    overdue_no = serializers.FloatField(allow_null=True)
    overdue_yes = serializers.FloatField(allow_null=True)
    void_no = serializers.FloatField(allow_null=True)
    void_yes = serializers.FloatField(allow_null=True)


class CalibrationDocument(Document[Any]):
    """Calibration of a set of forecasts. What may not be shown of so few is null, and `display_reason` says so."""

    query = QueryDocument()
    display = serializers.CharField(help_text="list, scores, curve or all")
    display_reason = serializers.SerializerMethodField()
    n_predictions = serializers.IntegerField(source="predictions")
    n_forecasts = serializers.IntegerField(source="forecasts")
    n_pairs = serializers.IntegerField(source="pairs", help_text="Pairs of prediction and forecaster.")
    n_clusters = serializers.IntegerField(source="clusters", allow_null=True)
    weight = serializers.IntegerField()
    base_rate = FigureDocument(allow_null=True)
    brier = FigureDocument(allow_null=True)
    log = FigureDocument(allow_null=True)
    baseline = FigureDocument(allow_null=True)
    peer = FigureDocument(allow_null=True)
    brier_of_even = serializers.FloatField(allow_null=True, help_text="What always saying 50 % gets.")
    skill_of_even = serializers.FloatField(allow_null=True, help_text="1 - brier / brier_of_even")
    references = ReferenceDocument(many=True)
    corp = CorpDocument(allow_null=True)
    diagnostics = DiagnosticsDocument(allow_null=True)
    spread = SpreadDocument(allow_null=True)
    band = BandDocument(source="thinned", allow_null=True)
    test = TestDocument(source="thinned", allow_null=True)
    bins = BinDocument(many=True, allow_null=True)
    groups = GroupDocument(many=True, allow_null=True)
    verdict = serializers.CharField()
    verdict_reason = serializers.CharField()
    denominators = DenominatorsDocument()
    bounds = BoundsDocument()
    warning = serializers.CharField()
    missing = serializers.CharField(help_text="Why intervals, and figures that rest on them, are null; else empty.")
    as_of = serializers.DateTimeField(allow_null=True, help_text="Time of the last decision that the scores know of.")
    engine = serializers.CharField()
    digest = serializers.CharField(help_text="SHA-256 of all inputs: the same digest means the same numbers.")
    url = serializers.CharField(source="query.url")

    def get_display_reason(self, found: Calibration) -> str:
        n = found.predictions
        if not found.shows_scores:
            return f"scores are shown from {LIST_BELOW} settled predictions past their deadline on; there are {n}"
        if not found.shows_curve:
            return f"curve, band and bins are shown from {SCORES_BELOW} such predictions on; there are {n}"
        return ""

    def to_representation(self, instance: Calibration) -> dict[str, Any]:
        document = super().to_representation(instance)
        withheld = (() if instance.shows_scores else ("base_rate", "groups")) + (
            () if instance.shows_curve else ("bins",)
        )
        return {**document, **dict.fromkeys(withheld)}
