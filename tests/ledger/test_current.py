"""A prediction changed behind the ledger's back differs from what its entries made of it."""

import pytest

from forecasts.errors import LedgerBroken
from forecasts.ledger.verify import verify
from forecasts.models import LedgerEntry, Prediction
from tests.ledger.behind import forge
from tests.story import DAY, DEADLINE, START, Story


def last_of(prediction: Prediction) -> int:
    return LedgerEntry.objects.filter(subject=f"prediction:{prediction.pk}").latest("seq").seq


def test_it_works(story: Story) -> None:
    """A draft amended, one that lived to its resolution, and one that is open."""
    row = story.draft(opens_at=None)
    story.amends(row, {"fine_print": "Drafts do not count."})
    story.settled(0.3, "no")
    story.opened()
    assert verify().rows > Prediction.objects.count()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("statement", "Something else will happen."),
        ("criteria", "Yes in any case."),
        ("closes_at", DEADLINE - DAY),
        ("resolves_by", DEADLINE + DAY),
        ("opens_at", START - DAY),
        ("status", "closed"),
        ("cannot_resolve_early", True),
    ],
)
def test_a_changed_field_is_named_with_the_last_entry_that_speaks_of_it(
    story: Story, column: str, value: object
) -> None:
    story.settled(0.3, "no")
    row = story.opened()
    assert verify()
    forge(f"UPDATE forecasts_prediction SET {column} = %s WHERE id = %s", value, row.pk)  # noqa: S608 -- listed above
    with pytest.raises(LedgerBroken, match=f"prediction {row.pk} is not what it says in: {column}$") as caught:
        verify()
    assert caught.value.seq == last_of(row)


def test_a_resolution_pointed_elsewhere_is_found(story: Story) -> None:
    right, wrong = story.settled(0.3, "no"), story.settled(0.6, "yes")
    for row in (right, wrong):
        row.refresh_from_db()
    forge("UPDATE forecasts_prediction SET status = 'void' WHERE id = %s", wrong.pk)
    with pytest.raises(LedgerBroken, match=f"prediction {wrong.pk} is not what it says in: status"):
        verify()


def test_numbers_are_compared_as_numbers(story: Story) -> None:
    """Databases add zeros to decimals."""
    story.draft(kind="numeric", range_min="1", range_max="2.50")
    assert verify().rows == 2
