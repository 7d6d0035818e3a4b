"""Keep a narrowed list of the desk for who narrowed it, and forget it."""

from django.contrib.auth.models import User

from forecasts.errors import Refused
from forecasts.models import SavedFilter
from forecasts.models.saved_filter import LONGEST_NAME, LONGEST_QUERY

from .base import action

MOST = 30  # of one noun


@action
def save_filter(*, noun: str, name: str, query: str, by: User) -> SavedFilter:
    """Keep `query` as `name`, in the place of what was called so before."""
    name, mine = name.strip(), SavedFilter.objects.filter(user=by, noun=noun)
    _refuse("name", name, LONGEST_NAME, "a name")
    _refuse("query", query, LONGEST_QUERY, "a list that is narrowed, searched or sorted")
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        raise Refused("name", name, f"at most {MOST} lists are kept; forget one first")
    row, _ = SavedFilter.objects.update_or_create(user=by, noun=noun, name=name, defaults={"query": query})
    return row


def _refuse(field: str, value: str, most: int, accepted: str) -> None:
    if not value or len(value) > most:
        raise Refused(field, value, f"give {accepted}, of at most {most} characters")
    if "\x00" in value:
        raise Refused(field, value.replace("\x00", "␀"), "leave out the NUL character")


@action
def forget_filter(*, number: int, by: User) -> None:
    """Nobody forgets another's."""
    SavedFilter.objects.filter(user=by, pk=number).delete()
