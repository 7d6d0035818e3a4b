"""Reading one page of the web as an article, where its site lets robots read it."""

import datetime as dt
import re
import uuid

from django.contrib.auth.models import User
from django.utils import timezone

from forecasts.actions import begin_reading, end_visit
from forecasts.errors import FetchFailed, FetchRefused, Refused
from forecasts.evidence.fetch import Fetched, FetchRequest, fetch
from forecasts.evidence.sources import Reading, source_kind
from forecasts.evidence.sources.feed.decode import decode
from forecasts.evidence.urls import parse_url
from forecasts.imports.page import LONGEST_ARTICLE, read_page
from forecasts.imports.paste import Pasted, read_fetched
from forecasts.jobs.fetching import fetch_policy
from forecasts.jobs.robots import check_robots
from forecasts.models import SourceKind

_BODY = re.compile(r"<body\b", re.IGNORECASE)


def read_web_page(url: str, now: dt.datetime) -> tuple[Fetched, Reading]:
    """The page at `url`. Where it was sent on to another page, that page's site is asked too whether we may keep it.

    Raises FetchFailed.
    """
    policy = fetch_policy()
    check_robots(SourceKind.PAGE, url, policy.user_agent, lambda request: fetch(request, policy), now)
    fetched = fetch(FetchRequest(url), policy)
    if fetched.final_url != url:
        check_robots(SourceKind.PAGE, fetched.final_url, policy.user_agent, lambda request: fetch(request, policy), now)
    kind = source_kind(SourceKind.PAGE)
    reading = kind.read(
        fetched.body, fetched.media_type, kind.spec({}), charset=fetched.charset, url=fetched.final_url, now=now
    )
    return fetched, reading


def paste_from(url: str, *, published_at: dt.datetime | None, by: User) -> Pasted:
    """The article at `url`, for an editor who waits for it, as if she had pasted it. Nothing of it is kept.

    Raises Refused where `begin_reading` does, and naming `url` where the page cannot be read.
    """
    lease = uuid.uuid4()
    begin_reading(url=url, lease=lease, at=timezone.now(), by=by)
    try:
        fetched, reading = read_web_page(url, timezone.now())
    except FetchFailed as error:
        raise Refused("url", url, f"{error.detail}; paste the text instead") from error
    finally:
        end_visit(url=url, lease=lease, at=timezone.now(), by=by)
    [article] = reading.items
    head = _BODY.split(decode(fetched.body, fetched.charset), maxsplit=1)[0]
    told = read_page(head[:LONGEST_ARTICLE])
    return read_fetched(
        article.text,
        title=told.title or article.title,
        publisher=told.publisher,
        url=told.url if _site(told.url) == _site(fetched.final_url) else fetched.final_url,
        published_at=published_at or told.published_at or article.published_at,
    )


def _site(url: str) -> str:
    """Of another site a page may say anything: that its words are those of an article there, too."""
    try:
        return parse_url(url).host.removeprefix("www.")
    except FetchRefused:
        return ""
