"""Score predictions as they stand: scores, fact rows and calibration cells move together, or not at all.

State-based: what should stand is computed from forecasts and the current resolution, and only the difference to what
does stand is applied. A second run changes nothing, so a doubled or late delivery is harmless.
"""

from collections.abc import Sequence

from forecasts.models import Cursor, CursorName, FactRow, Prediction, Score
from forecasts.queries.standing import standing_of

from .base import action
from .cells import Movement


@action
def score_predictions(*, prediction_ids: Sequence[int]) -> int:
    """Bring stored scores, facts and cells to what should stand; returns the scores that stand.

    Runs one at a time under the scoring cursor's lock, because cells are read, changed and written. The predictions
    of one call share one write of the cells, so a bulk import is scored in batches.
    """
    Cursor.objects.select_for_update().get(name=CursorName.SCORING)
    moved = Movement()
    rows = Prediction.objects.select_related("current_resolution").filter(pk__in=prediction_ids).order_by("pk")
    scores = sum(_score(prediction, moved) for prediction in rows)
    moved.apply()
    return scores


def _score(prediction: Prediction, moved: Movement) -> int:
    standing = standing_of(prediction)
    before = FactRow.objects.filter(prediction=prediction)
    topics = sorted(prediction.topics.values_list("pk", flat=True)) if standing.facts else []
    moved.take(before, prediction.scored_topics, sign=-1)
    moved.take(standing.facts, topics, sign=+1)
    Score.objects.filter(prediction=prediction).delete()
    before.delete()
    Score.objects.bulk_create(standing.scores)
    FactRow.objects.bulk_create(standing.facts)
    Prediction.objects.filter(pk=prediction.pk).update(scored_topics=topics)
    return len(standing.scores)
