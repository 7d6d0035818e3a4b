"""Conditional requests, the same for pages and the API."""

import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

APP = Path(__file__).resolve().parent.parent
SHAPING = {".py", ".html", ".svg", ".css", ".txt", ".xml"}
REVALIDATE = "public, no-cache"


@cache
def release() -> str:
    """SHA-256 over the app's own files: with other code or templates no old copy is current."""
    digest = hashlib.sha256()
    for path in sorted(path for path in APP.rglob("*") if path.suffix in SHAPING):
        digest.update(path.relative_to(APP).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def conditional(
    request: HttpRequest,
    parts: Iterable[object],
    render: Callable[[], HttpResponseBase],
    *,
    representation: str = "text/html",
) -> HttpResponseBase:
    """304 when the client holds what `render` would give, else what it gives; with a strong ETag.

    `parts` are everything besides the address that the content follows from: digests and counts, with one spelling
    each. `representation` is the media type, where one address has several.
    """
    site = (settings.SITE_URL, settings.SITE_NAME, settings.CLAIM_REVIEW, release(), get_language())
    inputs = (request.get_full_path(), *site, representation, *parts)
    tag = f'"{hashlib.sha256(repr(inputs).encode()).hexdigest()[:32]}"'
    response: HttpResponseBase = get_conditional_response(request, etag=tag) or render()
    response.headers.setdefault("ETag", tag)
    response.headers["Cache-Control"] = REVALIDATE
    return response
