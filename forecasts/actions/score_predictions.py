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
from .cells import add, mark_stale, subtract


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
    stood = {each.pk: each.scored_topics for each in predictions if before[each.pk]}
    stands = _topics(after)
    moved = [pk for pk in before.keys() | after.keys() if (before[pk], stood.get(pk)) != (after[pk], stands.get(pk))]
    subtract({pk: stood[pk] for pk in moved if pk in stood})
    mark_stale(stood)
    Score.objects.filter(prediction__in=predictions).delete()
    FactRow.objects.filter(prediction__in=predictions).delete()
    insert_rows(Score, ScoreLine._fields, standing.scores)
    insert_rows(FactRow, FactLine._fields, standing.facts)
    add({pk: stands[pk] for pk in moved if pk in stands})
    mark_stale(stands)
    for pk in moved:
        Prediction.objects.filter(pk=pk).update(scored_topics=stands.get(pk, []))
    return len(standing.scores)


def _by_prediction(facts: Iterable[FactLine]) -> defaultdict[int, set[FactLine]]:
    found: defaultdict[int, set[FactLine]] = defaultdict(set)
    for fact in facts:
        found[fact.prediction_id].add(fact)
    return found


def _topics(predictions: Iterable[int]) -> dict[int, list[int]]:
    """Under which topics each stands from now on."""
    found: dict[int, list[int]] = {pk: [] for pk in predictions}
    rows = Prediction.topics.through.objects.filter(prediction__in=found).order_by("topic")
    for prediction, topic in rows.values_list("prediction", "topic"):
        found[prediction].append(topic)
    return found
