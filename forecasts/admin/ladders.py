"""What else says nearly the same, and whether a ladder holds: shown to editors, never in the way of saving."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from forecasts.models import Forecaster, Prediction
from forecasts.queries.alike import ladder_warnings, like_prediction


def alike_list(row: Prediction) -> SafeString | str:
    """Broken ladders first, then every prediction that is alike."""
    likes = like_prediction(row)
    warnings = format_html_join(
        "", '<div class="beware">{}</div>', ((str(pair),) for pair in ladder_warnings(row, likes))
    )
    lines = (
        (
            reverse("admin:forecasts_prediction_change", args=[like.prediction.pk]),
            str(like.prediction),
            like.words,
            f"by {like.prediction.resolves_by:%Y-%m-%d}" if like.prediction.resolves_by else "no deadline yet",
            like.prediction.get_status_display(),
        )
        for like in likes
    )
    listed = format_html_join("", '<div><a href="{}">{}</a> ({}, {}, {})</div>', lines)
    return format_html("{}{}", warnings, listed) if warnings or listed else "none"


def ladder_note(row: Prediction, forecaster: Forecaster) -> str:
    """What is wrong now between what `forecaster` says of `row` and of the other rungs; "" where nothing is."""
    return " ".join(f"Beware: {pair}" for pair in ladder_warnings(row, like_prediction(row), forecaster))
