"""What a forecast says: a probability, one for each option, or the CDF of a number or a date."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forecasts.models import MEDIAN, Curve, Forecast, PredictionKind, central
from forecasts.scoring.rules import TICKS

from .fields import Document, Probability

SHARES = (5_000, 8_000, 9_000)


class Share(serializers.FloatField):
    def __init__(self, **given: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 1, **given})


class OptionDocument(Document[Any]):
    option = serializers.CharField()
    probability = Share()


class PointDocument(Document[Any]):
    x = serializers.CharField(help_text="A number as a decimal, or a day as 2027-06-30.")
    probability = Share(help_text="That it is at most x; of a day, that it happened before that day was over (UTC).")


class CentralIntervalDocument(Document[Any]):
    share = Share(help_text="The probability inside; as much of the rest lies below as above.")
    low = serializers.CharField(allow_null=True, help_text="Null when it lies beyond the range.")
    high = serializers.CharField(allow_null=True, help_text="Null when it lies beyond the range.")


class ValueDocument(Document[Forecast]):
    """One of `probability`, `options` and `cdf`, by the kind of the prediction; the others are null."""

    probability = Probability(help_text="That it happens.")
    options = serializers.SerializerMethodField(help_text="One for each option, in the prediction's order.")
    cdf = serializers.SerializerMethodField(help_text="Linear between its points, and to a closed end.")
    median = serializers.SerializerMethodField(help_text="Of the CDF; null when it lies beyond the range.")
    intervals = serializers.SerializerMethodField(help_text="Central intervals of the CDF.")

    @extend_schema_field(OptionDocument(many=True, allow_null=True))
    def get_options(self, row: Forecast) -> Any:
        if row.prediction.kind != PredictionKind.MULTIPLE_CHOICE:
            return None
        pairs = zip(row.prediction.options, row.values or (), strict=True)
        return [{"option": option, "probability": tick / TICKS} for option, tick in pairs]

    @extend_schema_field(PointDocument(many=True, allow_null=True))
    def get_cdf(self, row: Forecast) -> Any:
        return [{"x": x, "probability": tick / TICKS} for x, tick in curve.values] if (curve := curve_of(row)) else None

    def get_median(self, row: Forecast) -> str | None:
        return curve.quantile(MEDIAN) if (curve := curve_of(row)) else None

    @extend_schema_field(CentralIntervalDocument(many=True, allow_null=True))
    def get_intervals(self, row: Forecast) -> Any:
        return [interval(curve, share) for share in SHARES] if (curve := curve_of(row)) else None


def curve_of(row: Forecast) -> Curve | None:
    has_range = PredictionKind(row.prediction.kind).has_range
    return Curve(row.prediction, row.values) if has_range and row.values else None


def interval(curve: Curve, share: int) -> dict[str, float | str | None]:
    low, high = central(share)
    return {"share": share / TICKS, "low": curve.quantile(low), "high": curve.quantile(high)}
