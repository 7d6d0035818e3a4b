"""Merging has no verb yet; what must hold once two forecasters are merged is tested all the same."""

from forecasts.actions import action
from forecasts.models import Forecaster


@action
def merge(*, row: Forecaster, into: Forecaster) -> None:
    row.merged_into = into
    row.save(update_fields=["merged_into"])
