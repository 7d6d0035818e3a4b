"""Conditional requests, the same for pages and the API; and answers kept under their tag.

What is kept is kept in this process's own memory: no request waits for another server, and none of them can be behind,
since a tag changes with everything that an answer follows from.
"""

import hashlib
from collections.abc import Callable, Iterable
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

APP = Path(__file__).resolve().parent.parent
SHAPING = {".py", ".html", ".svg", ".css", ".txt", ".xml", ".json"}
REVALIDATE = "public, no-cache"
LARGEST = 256 * 1024
DESCRIBING = ("Content-Type", "Link")

Kept = tuple[bytes, dict[str, str]]


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
    keeps: str = "",
) -> HttpResponseBase:
    """304 when the client holds what `render` would give, else what it gives; with a strong ETag.

    `parts` are everything besides the address that the content follows from: digests and counts, with one spelling
    each. `representation` is the media type, where one address has several. `keeps` names the cache in which the answer
    is kept, if it is the same for everybody and asked for often.
    """
    tag = _tag(request, parts, representation)
    response: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if response is None and keeps and (held := caches[keeps].get(tag)):
        response = _given(held)
    if response is None:
        response = render()
        if keeps and request.method == "GET":
            _keep_rendered(keeps, tag, response)
    return _marked(response, tag)


def kept(
    request: HttpRequest, parts: Iterable[object], keeps: str, representation: str = "text/html"
) -> HttpResponseBase | None:
    """The answer of these parts if it is kept, or its 304; before anything else is read.

    Whether the address names anything shows only in that: an answer is held, here or by whoever sends its tag.
    """
    tag = _tag(request, parts, representation)
    held = caches[keeps].get(tag) if keeps else None
    if held is None and tag not in request.META.get("HTTP_IF_NONE_MATCH", ""):
        return None
    response = get_conditional_response(request, etag=tag) or (_given(held) if held else None)
    return _marked(response, tag) if response else None


def address_alone(request: HttpRequest) -> None:
    """Have the query read as UTF-8, whatever charset a Content-Type claims: answers follow from their address."""
    if request.encoding:
        request.encoding = "utf-8"


def _given(held: Kept) -> HttpResponse:
    content, headers = held
    return HttpResponse(content, headers=headers)


def _marked(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response.headers.setdefault("ETag", tag)
    response.headers["Cache-Control"] = REVALIDATE
    return response


def _tag(request: HttpRequest, parts: Iterable[object], representation: str) -> str:
    site = (settings.SITE_URL, settings.SITE_NAME, settings.CLAIM_REVIEW, release(), get_language())
    address = (request.path, request.META.get("QUERY_STRING", ""))
    inputs = (*address, *site, representation, *parts)
    return f'"{hashlib.sha256(repr(inputs).encode()).hexdigest()[:32]}"'


def _keep_rendered(keeps: str, tag: str, response: HttpResponseBase) -> None:
    """At once, or when the framework has rendered it. What is streamed is not kept."""
    if isinstance(response, SimpleTemplateResponse):
        response.add_post_render_callback(partial(_keep, keeps, tag))
    elif isinstance(response, HttpResponse):
        _keep(keeps, tag, response)


def _keep(keeps: str, tag: str, response: HttpResponse) -> None:
    """Content and the headers that describe it; no other header and no cookie."""
    if response.status_code == HTTPStatus.OK and not response.cookies and len(response.content) <= LARGEST:
        headers = {name: response.headers[name] for name in DESCRIBING if name in response.headers}
        caches[keeps].set(tag, (response.content, headers))
