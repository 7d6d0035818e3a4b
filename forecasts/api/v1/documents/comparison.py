"""Two forecasters beside each other, and all of them on a leaderboard."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forecasts.queries.comparison import Comparison

from .calibration import DenominatorsDocument, ElementaryDocument, FigureDocument, QueryDocument
from .fields import Document, ForecasterReference, Probability, Tick


class GapDocument(Document[Any]):
    """One prediction; `difference` is the Brier score of a less that of b."""

    slug = serializers.CharField()
    statement = serializers.CharField()
    tick_a = Tick(allow_null=False)
    tick_b = Tick(allow_null=False)
    probability_a = Probability(source="tick_a", allow_null=False)
    probability_b = Probability(source="tick_b", allow_null=False)
    happened = serializers.BooleanField()
    brier_a = serializers.FloatField()
    brier_b = serializers.FloatField()
    difference = serializers.FloatField()
    url = serializers.CharField()


class OtherTrackDocument(Document[Any]):
    """Another track on which both have predictions in common."""

    track = serializers.CharField()
    n_predictions = serializers.IntegerField()


class CompareDocument(Document[Any]):
    """Two forecasters on the predictions that both made, at the same moment. Under 10 only the list is given."""

    a = ForecasterReference(source="pair.a.forecaster")
    b = ForecasterReference(source="pair.b.forecaster")
    track = serializers.CharField(source="pair.a.track")
    cohort = serializers.CharField(source="pair.a.cohort")
    counting = serializers.CharField(source="pair.a.counting")
    basis = serializers.CharField(source="pair.a.basis")
    display = serializers.CharField(help_text="list, scores, curve or all")
    n_predictions = serializers.IntegerField(source="common", help_text="Predictions that both made.")
    n_compared = serializers.IntegerField(source="compared", help_text="The latest of them, at most 1,000.")
    n_clusters = serializers.IntegerField(
        source="clusters",
        help_text="Of those compared, each family of related ones once; under 30 is too early to say.",
    )
    denominators = DenominatorsDocument(help_text="Of what both have said something about, settled or not.")
    brier_a = serializers.FloatField(allow_null=True)
    brier_b = serializers.FloatField(allow_null=True)
    difference = FigureDocument(allow_null=True, help_text="a less b: below 0, a was closer.")
    murphy = ElementaryDocument(allow_null=True, help_text="`ours` is a, `theirs` is b; from 30 predictions on.")
    biggest = GapDocument(many=True, help_text="The predictions on which the two differed most.")
    other_tracks = serializers.SerializerMethodField()
    as_of = serializers.DateTimeField(allow_null=True)
    engine = serializers.CharField()
    digest = serializers.CharField(help_text="SHA-256 of all inputs: the same digest means the same numbers.")
    url = serializers.CharField(source="pair.url")

    @extend_schema_field(OtherTrackDocument(many=True))
    def get_other_tracks(self, found: Comparison) -> list[dict[str, Any]]:
        return [{"track": track, "n_predictions": n} for track, n in found.tracks]


class LineDocument(Document[Any]):
    """One forecaster. Ranks are given from 100 separate predictions on, and never without their interval."""

    forecaster = ForecasterReference()
    n_predictions = serializers.IntegerField(source="predictions", help_text="In common with others on the board.")
    n_clusters = serializers.IntegerField(
        source="clusters", allow_null=True, help_text="Each family of related ones once; from 100 on there is a rank."
    )
    brier = serializers.FloatField()
    brier_interval = FigureDocument(help_text="The Brier score with its interval.")
    gain = FigureDocument(help_text="How much lower the Brier score was than the difficulty of the predictions.")
    shrunk = serializers.FloatField(help_text="What to expect of the gain next time.")
    rank = serializers.IntegerField(allow_null=True)
    low_rank = serializers.IntegerField(allow_null=True)
    high_rank = serializers.IntegerField(allow_null=True)
    miscalibration = serializers.FloatField()
    discrimination = serializers.FloatField()
    uncertainty = serializers.FloatField()


class LeaderboardDocument(Document[Any]):
    """Forecasters by their gain on common predictions, the best first; `missing` says why nobody is compared."""

    query = QueryDocument()
    results = LineDocument(source="lines", many=True)
    rank_level = serializers.FloatField(source="level", help_text="Of the rank intervals.")
    missing = serializers.CharField()
    as_of = serializers.DateTimeField(allow_null=True)
