"""The sentences that a card begins with, whole, for each way of speaking: no language is glued from parts."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy


@dataclass(frozen=True)
class Opening:
    """The sentences of one who speaks: what came of many forecasts, of a single one, and on average."""

    when: Promise
    once: Promise
    never_once: Promise
    average: Promise


THEY_SAID, FORECASTERS_SAID = "they_said", "forecasters_said"
THEIR_WORDS, FORECASTERS_WORDS = "their_words", "forecasters_words"
OPENINGS = {
    THEY_SAID: Opening(
        gettext_lazy("When they said %(level)s, it happened %(times)s."),
        gettext_lazy("The one time they said %(level)s, it happened."),
        gettext_lazy("The one time they said %(level)s, it did not happen."),
        gettext_lazy("On average they said %(said)s, and %(happened)s happened."),
    ),
    FORECASTERS_SAID: Opening(
        gettext_lazy("When forecasters said %(level)s, it happened %(times)s."),
        gettext_lazy("The one time forecasters said %(level)s, it happened."),
        gettext_lazy("The one time forecasters said %(level)s, it did not happen."),
        gettext_lazy("On average forecasters said %(said)s, and %(happened)s happened."),
    ),
    THEIR_WORDS: Opening(
        gettext_lazy("When the words they used implied %(level)s, it happened %(times)s."),
        gettext_lazy("The one time the words they used implied %(level)s, it happened."),
        gettext_lazy("The one time the words they used implied %(level)s, it did not happen."),
        gettext_lazy("On average the words they used implied %(said)s, and %(happened)s happened."),
    ),
    FORECASTERS_WORDS: Opening(
        gettext_lazy("When the words forecasters used implied %(level)s, it happened %(times)s."),
        gettext_lazy("The one time the words forecasters used implied %(level)s, it happened."),
        gettext_lazy("The one time the words forecasters used implied %(level)s, it did not happen."),
        gettext_lazy("On average the words forecasters used implied %(said)s, and %(happened)s happened."),
    ),
}


@dataclass(frozen=True)
class Becoming:
    """What became of predictions that do not count: of all that were made, and of some."""

    all: Promise
    some: Promise


BECOMING = {
    "open": Becoming(
        ngettext_lazy(
            "The only prediction does not count yet: it is still open.",
            "None of the %(made)s predictions counts yet: they are still open.",
            "n",
        ),
        ngettext_lazy("%(shown)s is still open", "%(shown)s are still open", "n"),
    ),
    "overdue": Becoming(
        ngettext_lazy(
            "The only prediction does not count yet: it is not yet rated by us.",
            "None of the %(made)s predictions counts yet: they are not yet rated by us.",
            "n",
        ),
        ngettext_lazy("%(shown)s is not yet rated by us", "%(shown)s are not yet rated by us", "n"),
    ),
    "early": Becoming(
        ngettext_lazy(
            "The only prediction does not count yet: it was resolved early.",
            "None of the %(made)s predictions counts yet: they were resolved early.",
            "n",
        ),
        ngettext_lazy("%(shown)s was resolved early", "%(shown)s were resolved early", "n"),
    ),
    "void": Becoming(
        ngettext_lazy(
            "The only prediction does not count yet: it is void.",
            "None of the %(made)s predictions counts yet: they are void.",
            "n",
        ),
        ngettext_lazy("%(shown)s is void", "%(shown)s are void", "n"),
    ),
    "not_counted": Becoming(
        ngettext_lazy(
            "The only prediction does not count yet: it had no forecast that could count.",
            "None of the %(made)s predictions counts yet: they had no forecast that could count.",
            "n",
        ),
        ngettext_lazy("%(shown)s had no forecast that could count", "%(shown)s had no forecast that could count", "n"),
    ),
}
