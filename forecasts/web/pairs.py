"""Sentences about two who are compared, and about ranks."""

from collections.abc import Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.localised import count
from forecasts.scoring.uncertainty import LIST_BELOW, OVERDUE_ALLOWED, SCORES_BELOW

from .words import score_words, span


def murphy_sentence(
    ours: str, theirs: str, a: Sequence[float], b: Sequence[float], band: Sequence[tuple[float, float]]
) -> str:
    """Which of two curves of elementary scores lies lower, of the predictions at hand; and where the band of their
    difference holds 0 at every threshold, that chance could have turned it round.
    """
    lower = [x < y for x, y in zip(a, b, strict=True) if x != y]
    if not lower:
        return _("%(ours)s and %(theirs)s cost the same at every threshold.") % {
            "ours": capfirst(ours),
            "theirs": theirs,
        }
    if all(lower) or not any(lower):
        first, second = (ours, theirs) if lower[0] else (theirs, ours)
        told = (
            _(
                "On these predictions, %(first)s did better than %(second)s under every proper score, by no more than "
                "chance would bring."
            )
            if all(low <= 0 <= high for low, high in band)
            else _("On these predictions, %(first)s did better than %(second)s under every proper score.")
        )
        return told % {"first": first, "second": second}
    told = _("Whether %(ours)s or %(theirs)s did better on these predictions depends on the score.")
    return told % {"ours": ours, "theirs": theirs}


def compared_sentence(
    a: str,
    b: str,
    n: int,
    scores: tuple[float, float],
    low: float | None,
    high: float | None,
    separate: int,
    waiting: tuple[int, int] = (0, 0),
) -> str:
    """Which of two was closer on the n predictions of both, as far as the interval of a less b allows to say.

    Of fewer than 30 `separate` ones, counting a family of related predictions once, it is too early for a verdict; and
    while more than 5 % of those past their deadline wait for us: `waiting` are these, and all of those.
    """
    ours, theirs = (score_words(score) for score in scores)
    told = _compared(n, low, high, separate, waiting)
    closer = a if high is not None and high < 0 else b
    figures = {"n": count(n), "a": a, "ours": ours, "b": b, "theirs": theirs, "closer": closer, "least": SCORES_BELOW}
    return told % {**figures, "separate": separate, "waiting": count(waiting[0]), "past": count(waiting[1])}


def _compared(n: int, low: float | None, high: float | None, separate: int, waiting: tuple[int, int]) -> str:
    if low is None or high is None:
        return ngettext(
            "On %(n)s prediction that both made, %(a)s scored %(ours)s and %(b)s %(theirs)s; "
            "there are too few independent predictions for an interval to tell them apart by.",
            "On %(n)s predictions that both made, %(a)s scored %(ours)s and %(b)s %(theirs)s; "
            "there are too few independent predictions for an interval to tell them apart by.",
            n,
        )
    if separate < SCORES_BELOW:
        return ngettext(
            "On %(n)s prediction that both made, %(a)s scored %(ours)s and %(b)s %(theirs)s: "
            "too early to say who is closer, which takes %(least)s separate ones; these are %(separate)s.",
            "On %(n)s predictions that both made, %(a)s scored %(ours)s and %(b)s %(theirs)s: "
            "too early to say who is closer, which takes %(least)s separate ones; these are %(separate)s.",
            n,
        )
    if waiting[0] > OVERDUE_ALLOWED * waiting[1]:
        return ngettext(
            "On %(n)s prediction that both made, %(a)s scored %(ours)s and %(b)s %(theirs)s: "
            "too early to say who is closer; %(waiting)s of %(past)s past their deadline wait for us.",
            "On %(n)s predictions that both made, %(a)s scored %(ours)s and %(b)s %(theirs)s: "
            "too early to say who is closer; %(waiting)s of %(past)s past their deadline wait for us.",
            n,
        )
    if low <= 0 <= high:
        return ngettext(
            "On %(n)s prediction that both made, %(a)s scored %(ours)s and %(b)s %(theirs)s: "
            "they cannot be told apart.",
            "On %(n)s predictions that both made, %(a)s scored %(ours)s and %(b)s %(theirs)s: "
            "they cannot be told apart.",
            n,
        )
    return ngettext(
        "On %(n)s prediction that both made, %(a)s scored %(ours)s and %(b)s %(theirs)s: %(closer)s was closer.",
        "On %(n)s predictions that both made, %(a)s scored %(ours)s and %(b)s %(theirs)s: %(closer)s was closer.",
        n,
    )


def few_in_common(a: str, b: str, n: int) -> str:
    """Of too few predictions to give scores."""
    if not n:
        return _("%(a)s and %(b)s have no settled prediction in common here.") % {"a": a, "b": b}
    return ngettext(
        "%(a)s and %(b)s have %(n)s settled prediction in common here, too few to compare: it takes %(least)s.",
        "%(a)s and %(b)s have %(n)s settled predictions in common here, too few to compare: it takes %(least)s.",
        n,
    ) % {"a": a, "b": b, "n": count(n), "least": LIST_BELOW}


def rank_words(rank: int | None, low: int | None, high: int | None) -> str:
    """A rank with its interval; a dash for whom none is given.

    >>> rank_words(1, 1, 3), rank_words(2, 2, 2), rank_words(None, None, None)
    ('1 (1 to 3)', '2 (2)', '–')
    """
    if rank is None:
        return "–"
    return f"{rank} ({low})" if low == high else f"{rank} ({span(low, high)})"
