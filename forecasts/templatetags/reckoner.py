"""Numbers, times, digests and names of kinds in the words of the pages, as the active language writes them."""

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from forecasts import localised
from forecasts.models import ForecasterKind

register = template.Library()
SHORT = 12
SCORECARDS = {
    ForecasterKind.PERSON: gettext_lazy("Scorecard of a person"),
    ForecasterKind.DESK: gettext_lazy("Scorecard of a desk"),
    ForecasterKind.PUBLICATION: gettext_lazy("Scorecard of a publication"),
    ForecasterKind.AI_MODEL: gettext_lazy("Scorecard of an AI model"),
    ForecasterKind.MARKET: gettext_lazy("Scorecard of a market"),
    ForecasterKind.CROWD: gettext_lazy("Scorecard of a crowd"),
    ForecasterKind.BASELINE: gettext_lazy("Scorecard of a baseline"),
}


@register.filter
def percent(tick: int | None) -> str:
    """Ten-thousandths as a percentage; a dash where nothing stands."""
    return "–" if tick is None else localised.percent(tick)


@register.filter
def amount(n: int) -> str:
    """A whole number, with marks between its thousands."""
    return localised.count(n)


@register.filter
def scorecard_of(kind: str) -> str:
    """What a scorecard is called, by the kind of forecaster."""
    return str(SCORECARDS[ForecasterKind(kind)])


@register.filter
def short(digest: str) -> str:
    return digest[:SHORT]


@register.filter
def moment(at: dt.datetime | None) -> SafeString | str:
    """An absolute time to the minute, in UTC."""
    if at is None:
        return ""
    utc = at.astimezone(dt.UTC)
    return format_html(
        '<time datetime="{}">{}, {} UTC</time>', _machine(utc), localised.day(utc), utc.strftime("%H:%M")
    )


@register.filter
def day(at: dt.datetime | None) -> SafeString | str:
    """The day on which a time falls in UTC; a deadline that is a day ends with it."""
    if at is None:
        return ""
    utc = at.astimezone(dt.UTC)
    return format_html('<time datetime="{}">{}</time>', _machine(utc), localised.day(utc))


def _machine(utc: dt.datetime) -> str:
    return utc.isoformat(timespec="seconds").replace("+00:00", "Z")


@register.filter
def clipped(text: str, longest: int) -> str:
    """As `truncatechars`, which looks at each character of what fits, too."""
    return text if len(text) <= longest else Truncator(text).chars(longest)


@register.filter
def web_url(url: str) -> str:
    """The address if it leads to the web, else nothing: no other scheme belongs in a link to evidence."""
    return url if url.lower().startswith(("http://", "https://")) else ""
