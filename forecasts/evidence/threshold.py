"""From which score on is a ranked item worth an editor's look? Learnt from what editors accepted and dismissed.

An isotonic fit of accepted on score; the threshold is the smallest score at which the fitted share reaches `TARGET`.

What this cannot know: only what was shown was reviewed, so nothing is known of scores under the threshold of the time.
The threshold can rise, and fall again to what was once shown and turned out well, but it finds nothing lower by itself.
And the share is one of what editors took a look at: what waits for review, and what was missed, is not in it.
"""

from collections.abc import Sequence

from forecasts.scoring import corp, tick_table

# The shipped threshold means the same, a score of 0.3 fitted as a probability: of the last items shown, 3 in 10 are
# wanted. Two looks in vain are a fair price for one report that may settle a prediction and might not return.
TARGET = 0.3
ENOUGH = 50  # reviewed items; of fewer one editor's week decides
# However few decisions say so: under it would stand most of a day's news, over it nearly nothing is ever shown.
LEAST, MOST = 0.15, 0.7

Reviewed = tuple[float, bool]
"""The score of an item that was shown, 0 to 1, and whether an editor accepted it."""


def learnt_threshold(reviewed: Sequence[Reviewed]) -> float | None:
    """The threshold, `LEAST` to `MOST`; None under `ENOUGH` reviewed items. Where no score reaches the target, `MOST`.

    ValueError when a score is not a number from 0 to 1.
    """
    if len(reviewed) < ENOUGH:
        return None
    table = tick_table([score for score, _ in reviewed], [accepted for _, accepted in reviewed])
    reached = (block.low_tick / table.scale for block in corp(table).blocks if block.rate >= TARGET)
    return min(max(next(reached, MOST), LEAST), MOST)
