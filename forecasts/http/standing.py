"""The version of the site that a request is answered from."""

import datetime as dt
import time

from django.conf import settings
from django.http import HttpRequest

from forecasts.queries.version import Version, version

FRESH = 1.0  # seconds


class _Recent:
    """What this process was told last, and when."""

    def __init__(self) -> None:
        self._told: tuple[float, Version] | None = None

    def version(self, now: dt.datetime) -> Version:
        told, moment = self._told, time.monotonic()
        if told is None or moment - told[0] >= FRESH:
            told = self._told = moment, version(now)
        return told[1]


_recent = _Recent()


def stands_for(request: HttpRequest, now: dt.datetime) -> Version:
    """The version as it is now for whoever may just have changed it; else as it was at most a second ago.

    A reader cannot tell a page from one that was asked for a second earlier, and most of what a page costs that nothing
    has changed since is asking whether anything has. Who is signed in, or sends a key, sees what they did at once.
    """
    is_known = settings.SESSION_COOKIE_NAME in request.COOKIES or "HTTP_AUTHORIZATION" in request.META
    return version(now) if is_known else _recent.version(now)
