"""What a history looks like where its figures are extreme."""

import datetime as dt

import pytest

from forecasts.queries.history import Evidence, History, Monitor
from forecasts.queries.scope import CalibrationQuery
from forecasts.web.trends import history_figures


@pytest.mark.parametrize(
    ("log10", "labels"),
    [
        (4.0, {"1", "10", "1,000", "10,000"}),
        (-9.0, {"1/1,000,000", "1"}),
        (900.0, {"1", "10²⁰⁰", "10¹⁰⁰⁰"}),
        (-900.0, {"1", "10⁻²⁰⁰", "10⁻¹⁰⁰⁰"}),
    ],
)
def test_evidence_of_any_size_can_be_drawn(log10: float, labels: set[str]) -> None:
    months = (Evidence("2026-01", 9, 0.0), Evidence("2026-02", 99_999, log10))
    monitor = Monitor(months, "2026-02" if log10 > 0 else None, 20, None, "")
    found = History(CalibrationQuery(), 12, (), monitor, "", dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    (figure,) = history_figures(found)
    assert labels <= {label.text for label in figure.chart.y_labels}
