"""The addresses of public pages for search engines, in files of at most 50,000."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from forecasts.errors import Refused
from forecasts.models import Prediction, Topic

from .article_page import public_articles
from .desk import WEEK
from .digest import week_of
from .public import public_forecasters
from .recap_page import week_from

PER_FILE = 50_000  # what the protocol allows
FIXED = (
    *("/", "/predictions/", "/forecasters/", "/topics/", "/calibration/", "/compare/"),
    *("/assessors/", "/method/", "/ledger/", "/dataset/"),
)


@dataclass(frozen=True)
class Address:
    """`changed` is None where no row says when the page changed last."""

    path: str
    changed: dt.datetime | None = None


def _predictions() -> QuerySet[Any]:
    public = Prediction.objects.public().annotate(
        changed=Greatest(
            "published_at",
            Coalesce(F("current_resolution__resolved_at"), F("published_at")),
            Coalesce(Max("versions__at"), F("published_at")),
        )
    )
    return public.order_by("pk").values_list("slug", "changed")


def _forecasters() -> QuerySet[Any]:
    return public_forecasters().filter(merged_into__isnull=True).order_by("pk").values_list("slug", "reply_at")


def _articles() -> QuerySet[Any]:
    said = Max("predictions__published_at", filter=Q(predictions__published_at__isnull=False))
    return public_articles().annotate(changed=said).order_by("pk").values_list("slug", "changed")


def _topics() -> QuerySet[Any]:
    said = Max("predictions__published_at")
    return Topic.objects.annotate(changed=said).order_by("pk").values_list("slug", "changed")


SECTIONS: Mapping[str, Callable[[], QuerySet[Any]]] = {
    "predictions": _predictions,
    "forecasters": _forecasters,
    "articles": _articles,
    "topics": _topics,
}
"""The name of a section is what the addresses of its pages begin with."""


def sitemap_files() -> list[str]:
    """The names of all files: `pages`, and `predictions-1` and so on."""
    return [
        "pages",
        *(
            f"{name}-{number + 1}"
            for name, rows in SECTIONS.items()
            for number in range(math.ceil(rows().count() / PER_FILE))
        ),
    ]


def sitemap_file(name: str, now: dt.datetime) -> list[Address]:
    """The addresses in one file. Raises Refused for a name that `sitemap_files` does not give."""
    if name == "pages":
        return [*map(Address, FIXED), *_recaps(now)]
    section, _, number = name.partition("-")
    if section in SECTIONS and number.isascii() and number.isdigit() and not number.startswith("0"):
        start = (int(number) - 1) * PER_FILE
        if found := list(SECTIONS[section]()[start : start + PER_FILE]):
            return [Address(f"/{section}/{slug}/", changed) for slug, changed in found]
    raise Refused("sitemap", name, "take the names from /sitemap.xml")


def _recaps(now: dt.datetime) -> Iterable[Address]:
    """Weeks and years since the first prediction, as far as they are over."""
    first: dt.datetime | None = Prediction.objects.aggregate(first=Min("published_at"))["first"]
    if first is None:
        return
    for year in range(first.astimezone(dt.UTC).year, now.year):
        yield Address(f"/year/{year}/", dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC))
    monday = week_of(first)
    while monday + WEEK <= now:
        yield Address(week_from(monday).url, monday + WEEK)
        monday += WEEK
