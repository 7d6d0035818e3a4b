"""Conditional requests, the same for pages and the API."""

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
ANSWERS = "answers"  # the cache of them, in each process's own memory
LARGEST = 256 * 1024


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
    keeps: bool = False,
) -> HttpResponseBase:
    """304 when the client holds what `render` would give, else what it gives; with a strong ETag.

    `parts` are everything besides the address that the content follows from: digests and counts, with one spelling
    each. `representation` is the media type, where one address has several. With `keeps`, an answer that is rendered
    later is kept by its ETag, so that it is built once while nothing changes.
    """
    site = (settings.SITE_URL, settings.SITE_NAME, settings.CLAIM_REVIEW, release(), get_language())
    inputs = (request.get_full_path(), *site, representation, *parts)
    tag = f'"{hashlib.sha256(repr(inputs).encode()).hexdigest()[:32]}"'
    build = partial(_kept, tag, render) if keeps and request.method == "GET" else render
    response: HttpResponseBase = get_conditional_response(request, etag=tag) or build()
    response.headers.setdefault("ETag", tag)
    response.headers["Cache-Control"] = REVALIDATE
    return response


def _kept(tag: str, render: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What was given under the tag before, or else what is built now. What is streamed is not kept."""
    if held := caches[ANSWERS].get(tag):
        content, headers = held
        return HttpResponse(content, headers=headers)
    response = render()
    if isinstance(response, SimpleTemplateResponse):
        response.add_post_render_callback(lambda rendered: _keep(tag, rendered))
    return response


def _keep(tag: str, rendered: SimpleTemplateResponse) -> None:
    if rendered.status_code == HTTPStatus.OK and len(rendered.content) <= LARGEST:
        caches[ANSWERS].set(tag, (rendered.content, dict(rendered.headers)))
