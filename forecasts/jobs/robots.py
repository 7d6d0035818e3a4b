"""What a site asks of robots, asked once a day. It holds for pages: feeds and sitemaps are there to be fetched."""

import datetime as dt
from collections.abc import Callable

from forecasts.actions import keep_robots
from forecasts.errors import FetchRefused
from forecasts.evidence.fetch import BadStatus, Fetched, FetchRequest
from forecasts.evidence.robots import allows
from forecasts.evidence.urls import parse_url
from forecasts.models import RobotsFile, SourceKind

FRESH = dt.timedelta(days=1)
NOT_THERE = range(400, 500)
KINDS = (SourceKind.PAGE,)

Fetch = Callable[[FetchRequest], Fetched]


def check_robots(kind: str, url: str, user_agent: str, fetch: Fetch, now: dt.datetime) -> None:
    """Raises FetchRefused (`robots`) where the site asks us to stay away, FetchFailed where it cannot be asked."""
    if kind not in KINDS:
        return
    target = parse_url(url)
    origin = f"{target.scheme}://{target.authority}"
    kept = RobotsFile.objects.filter(origin=origin, fetched_at__gt=now - FRESH).first()
    text = kept.text if kept else _read(origin, fetch, now)
    if not allows(text, target.url, user_agent):
        raise FetchRefused(
            f"{url} may not be read by robots, as {origin}/robots.txt asks; watch another page", "robots"
        )


def _read(origin: str, fetch: Fetch, now: dt.datetime) -> str:
    """A site without the file allows everything; one whose file cannot be read now is asked again later."""
    try:
        text = fetch(FetchRequest(f"{origin}/robots.txt", "", "")).body.decode("utf-8", errors="replace")
    except BadStatus as error:
        if not error.hops or error.hops[-1].status not in NOT_THERE:
            raise
        text = ""
    keep_robots(origin=origin, text=text.replace("\0", ""), at=now)
    return text
