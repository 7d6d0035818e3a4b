"""Bookkeeping of how common words are, for the ranking of items."""

from collections import Counter
from collections.abc import Sequence

from django.db.models import F

from forecasts.evidence.words import MEMORY
from forecasts.models import WordCount

from .base import action
from .bulk import add_rows

LONGEST = 100  # letters; what is longer is no word
LEAST = 0.5  # what faded below is forgotten


@action
def count_words(*, documents: Sequence[Sequence[str]]) -> None:
    """Count each term once for each document that holds it. Beyond 50,000 documents, everything counts half."""
    held = Counter(term for document in documents for term in set(document) if 0 < len(term) <= LONGEST)
    held[WordCount.ALL] = len(documents)
    # In one order for all workers, so that no two wait for each other.
    rows = [(term, float(items)) for term, items in sorted(held.items())]
    add_rows(WordCount, ("term", "items"), rows, unique=("term",))
    if WordCount.objects.get(term=WordCount.ALL).items > MEMORY:
        WordCount.objects.update(items=F("items") / 2)
        WordCount.objects.filter(items__lt=LEAST).delete()
