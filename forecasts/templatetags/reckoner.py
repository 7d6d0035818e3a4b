"""Numbers, times and digests in the words of the pages. What is written here is never localised."""

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from forecasts.language import figures

register = template.Library()
SHORT = 12


@register.filter
def percent(tick: int | None) -> str:
    """Ten-thousandths as a percentage; a dash where nothing stands."""
    return "–" if tick is None else figures.percent(tick)


@register.filter
def short(digest: str) -> str:
    return digest[:SHORT]


@register.filter
def moment(at: dt.datetime | None) -> SafeString | str:
    """An absolute time to the minute, in UTC."""
    if at is None:
        return ""
    utc = at.astimezone(dt.UTC)
    return format_html('<time datetime="{}">{}, {} UTC</time>', _machine(utc), _day(utc), utc.strftime("%H:%M"))


@register.filter
def day(at: dt.datetime | None) -> SafeString | str:
    """The day on which a time falls in UTC; a deadline that is a day ends with it."""
    if at is None:
        return ""
    utc = at.astimezone(dt.UTC)
    return format_html('<time datetime="{}">{}</time>', _machine(utc), _day(utc))


def _machine(utc: dt.datetime) -> str:
    return utc.isoformat(timespec="seconds").replace("+00:00", "Z")


def _day(utc: dt.datetime) -> str:
    return f"{utc.day} {utc.strftime('%B')} {utc.year}"


@register.filter
def web_url(url: str) -> str:
    """The address if it leads to the web, else nothing: no other scheme belongs in a link to evidence."""
    return url if url.lower().startswith(("http://", "https://")) else ""
