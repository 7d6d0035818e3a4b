"""An imported track record: the quick way to many settled predictions of several forecasters."""

from collections.abc import Mapping, Sequence

from forecasts.actions import Import, ImportedForecast, ImportedForecaster, ImportedPrediction, apply_import
from forecasts.models import Basis, Forecaster, ForecasterKind, Prediction, Topic
from tests.story import DAY, DEADLINE, START, Story

CLOSES = START + 10 * DAY  # so that of the leads only those of a day and of a week exist

Said = Mapping[str, int]
"""Ticks by the slug of who said them."""


def track_record(
    story: Story,
    rows: Sequence[tuple[Said, str]],
    people: Sequence[Forecaster],
    topics: Sequence[Topic] = (),
    group: str = "",
) -> None:
    """Import and score predictions, each what was said on its first day and the outcome; of one family, if named."""
    before = Prediction.objects.count()  # a second record is of other predictions
    predictions = tuple(
        ImportedPrediction(
            row=number,
            external_id=f"table:{before + number}",
            statement=f"Register {before + number} will be published by 12 January 2026.",
            criteria="Yes if it is in the gazette.",
            resolution_source="The gazette",
            closes_at=CLOSES,
            resolves_by=CLOSES + DAY,
            known_at=CLOSES,
            outcome=outcome,
            group=group,
            topics=tuple(row.name for row in topics),
            forecasts=tuple(
                ImportedForecast(number, slug, START, tick / 10_000, f"{before + number}", Basis.MODEL)
                for slug, tick in said.items()
            ),
        )
        for number, (said, outcome) in enumerate(rows)
    )
    named = tuple(ImportedForecaster(row.slug, row.name, ForecasterKind(row.kind)) for row in people)
    bulk = Import("table", "A table", "Whose it is", f"{before + len(rows):064}", named, predictions)
    apply_import(bulk=bulk, at=DEADLINE, by="tests:import")
    story.scores()


def models(story: Story, *names: str) -> list[Forecaster]:
    """Forecasters who stay out of crowds."""
    return [story.forecaster(name, kind="market") for name in names]
