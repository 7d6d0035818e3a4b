"""Score predictions as they stand: scores, fact rows and calibration cells move together, or not at all.

State-based: what should stand is computed from forecasts and the current resolution, and only the difference to what
does stand is applied. A second run changes nothing, so a doubled or late delivery is harmless.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from forecasts.models import Cursor, CursorName, FactRow, Prediction, Score
from forecasts.queries.standing import FactLine, ScoreLine, standing_of, stored_facts

from .base import action
from .bulk import insert_rows
from .cells import Movement


@action
def score_predictions(*, prediction_ids: Sequence[int]) -> int:
    """Bring stored scores, facts and cells to what should stand; returns the scores that stand.

    Runs one at a time under the scoring cursor's lock, because cells are read, changed and written. The predictions
    of one call share one write of the cells, so a bulk import is scored in batches.
    """
    Cursor.objects.select_for_update().get(name=CursorName.SCORING)
    predictions = list(
        Prediction.objects.select_related("current_resolution").filter(pk__in=prediction_ids).order_by("pk")
    )
    standing = standing_of(predictions)
    before, after = _by_prediction(stored_facts(predictions)), _by_prediction(standing.facts)
    moved = Movement()
    for prediction in predictions:
        topics = sorted(prediction.topics.values_list("pk", flat=True)) if prediction.pk in after else []
        moved.take(before[prediction.pk], prediction.scored_topics, sign=-1)
        moved.take(after[prediction.pk], topics, sign=+1)
        Prediction.objects.filter(pk=prediction.pk).update(scored_topics=topics)
    Score.objects.filter(prediction__in=predictions).delete()
    FactRow.objects.filter(prediction__in=predictions).delete()
    insert_rows(Score, ScoreLine._fields, standing.scores)
    insert_rows(FactRow, FactLine._fields, standing.facts)
    moved.apply()
    return len(standing.scores)


def _by_prediction(facts: Iterable[FactLine]) -> defaultdict[int, list[FactLine]]:
    found: defaultdict[int, list[FactLine]] = defaultdict(list)
    for fact in facts:
        found[fact.prediction_id].append(fact)
    return found
