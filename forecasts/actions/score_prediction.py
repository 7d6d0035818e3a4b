"""Score one prediction as it stands: scores, fact rows and calibration cells move together, or not at all.

State-based: what should stand is computed from forecasts and the current resolution, and only the difference to what
does stand is applied. A second run changes nothing, so a doubled or late delivery is harmless.
"""

from forecasts.models import Cursor, CursorName, FactRow, Prediction, Score
from forecasts.queries.standing import standing_of

from .base import action
from .cells import Movement


@action
def score_prediction(*, prediction_id: int) -> int:
    """Bring the stored scores, facts and cells of a prediction to what should stand; returns the scores that stand.

    Runs one at a time under the scoring cursor's lock, because cells are read, changed and written.
    """
    Cursor.objects.select_for_update().get(name=CursorName.SCORING)
    prediction = Prediction.objects.select_related("current_resolution").get(pk=prediction_id)
    standing = standing_of(prediction)
    before = list(FactRow.objects.filter(prediction=prediction))
    topics = sorted(prediction.topics.values_list("pk", flat=True)) if standing.facts else []
    moved = Movement()
    moved.take(before, prediction.scored_topics, sign=-1)
    moved.take(standing.facts, topics, sign=+1)
    Score.objects.filter(prediction=prediction).delete()
    FactRow.objects.filter(prediction=prediction).delete()
    Score.objects.bulk_create(standing.scores)
    FactRow.objects.bulk_create(standing.facts)
    moved.apply()
    Prediction.objects.filter(pk=prediction.pk).update(scored_topics=topics)
    return len(standing.scores)
