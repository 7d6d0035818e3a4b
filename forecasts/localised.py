"""Figures and days in the language that is active. What machines read (coordinates, CSV, JSON) is not written here."""

import datetime as dt
from functools import lru_cache

from django.conf import settings
from django.utils.dates import MONTHS_3
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from forecasts.language import figures

DAYS_KEPT = 4096
ENGLISH_DAY, ENGLISH_MONTH_DAY = "j F Y", "j F"  # Django's format of English is that of the desk, which is ISO 8601


def spelling() -> figures.Spelling:
    """That of the active language."""
    return _spelling(_language())


def spell(figure: str) -> str:
    """A figure in English spelling, such as 1,200.5, with the marks of the active language."""
    return spelling().of(figure)


def percent(tick: float) -> str:
    """Ten-thousandths as a percentage."""
    return figures.percent(tick, spelling())


def count(n: int) -> str:
    """A whole number.

    >>> count(1200)
    '1,200'
    """
    return spell(f"{n:,}")


def day(on: dt.date) -> str:
    """A day in words.

    >>> day(dt.date(2026, 3, 9))
    '9 March 2026'
    """
    return _day(on.year, on.month, on.day, _language())


@lru_cache(DAYS_KEPT)
def _day(year: int, month: int, day_of_month: int, language: str) -> str:
    """A list names the same few days again and again. `language` is the active one."""
    return date_format(dt.date(year, month, day_of_month), ENGLISH_DAY if _is_english() else "DATE_FORMAT")


def day_span(first: dt.date, last: dt.date) -> str:
    """The first and the last day.

    >>> day_span(dt.date(2026, 11, 16), dt.date(2026, 11, 22))
    '16 November to 22 November 2026'
    >>> day_span(dt.date(2026, 12, 28), dt.date(2027, 1, 3))
    '28 December 2026 to 3 January 2027'
    """
    short = ENGLISH_MONTH_DAY if _is_english() else "MONTH_DAY_FORMAT"
    began = date_format(first, short) if first.year == last.year else day(first)
    return _("%(first)s to %(last)s") % {"first": began, "last": day(last)}


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _is_english() -> bool:
    return _language().partition("-")[0] == "en"


@lru_cache
def _spelling(language: str) -> figures.Spelling:
    with override(language):
        return figures.Spelling(
            decimal=get_format("DECIMAL_SEPARATOR", language),
            thousands=get_format("THOUSAND_SEPARATOR", language),
            percent=_("%(number)s %%"),
            span=_("%(low)s to %(high)s"),
            day=_("%(day)s %(month)s"),
            months=tuple(str(name).title() for name in MONTHS_3.values()),
        )
