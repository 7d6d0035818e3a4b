"""Errors as `application/problem+json` (RFC 9457): one table of codes and one handler for every view of the API."""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework.exceptions import APIException, AuthenticationFailed, NotAuthenticated, Throttled
from rest_framework.response import Response
from rest_framework.views import set_rollback

from forecasts.errors import SHOWN_VALUE_LENGTH, Problem, Refused

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
LISTED = 100  # problems, of however many
SAFE = 2**53


@dataclass(frozen=True)
class Kind:
    """What a code stands for. `docs/errors.md` lists all of them."""

    status: int
    title: str
    meaning: str


KINDS: Mapping[str, Kind] = {
    "refused": Kind(
        400, "Bad input", "A parameter is unknown, given twice or has a value that is not accepted; see `problems`."
    ),
    "counting_not_valid": Kind(
        400, "This way of counting is not valid here", "`last` counts only predictions that cannot resolve early."
    ),
    "not_authenticated": Kind(
        401, "Key needed", "Send `Authorization: Bearer rk_…` with a key that is valid; see `WWW-Authenticate`."
    ),
    "not_allowed": Kind(
        403, "Not allowed", "You may not do this; `problems` names the right or the scope that is missing."
    ),
    "not_found": Kind(404, "Not found", "Nothing public stands at this address."),
    "method_not_allowed": Kind(405, "Method not allowed", "The header `Allow` names the methods of this address."),
    "not_acceptable": Kind(
        406, "Not acceptable", "Answers are application/json, lists also text/csv and application/x-ndjson."
    ),
    "conflict": Kind(409, "Conflict", "Somebody else was first; `problems` says with what."),
    "not_ready": Kind(409, "Not ready", "The state of this prediction forbids it yet; `problems` says why."),
    "too_large": Kind(413, "Too large", "More than this address takes at once; `problems` says how much it may be."),
    "unsupported_media_type": Kind(
        415, "Unsupported media type", "Send application/json in UTF-8, not compressed; for many forecasts also NDJSON."
    ),
    "other_request": Kind(
        422, "Another request", "The `Idempotency-Key` was given for another request before; give another one."
    ),
    "too_many_requests": Kind(429, "Too many requests", "Wait for as many seconds as the header `Retry-After` says."),
    "internal": Kind(500, "Our fault", "Something broke on our side; it is logged. Trying again may not help."),
    "unavailable": Kind(503, "Not available now", "The database does not answer; try again after `Retry-After`."),
}
_BY_STATUS = {kind.status: code for code, kind in reversed(list(KINDS.items()))}


def type_of(code: str) -> str:
    """The stable URI of a kind of problem."""
    return f"/api/v1/errors#{code}"


def handle(exc: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to whatever a view raised; never a stack trace."""
    set_rollback()
    match exc:
        case Refused():
            return problem(exc.code, str(exc), exc.problems)
        case Http404():
            return problem("not_found")
        case SuspiciousOperation():
            return problem("refused", str(exc))
        case NotAuthenticated() | AuthenticationFailed():
            return problem("not_authenticated", headers={"WWW-Authenticate": getattr(exc, "auth_header", "Bearer")})
        case Throttled():
            wait = getattr(exc, "wait", None) or RETRY_SECONDS
            return problem("too_many_requests", headers={"Retry-After": str(math.ceil(wait))})
        case APIException() if exc.status_code in _BY_STATUS:
            return problem(_BY_STATUS[exc.status_code])
    log.exception("%s could not be answered", getattr(context.get("request"), "path", "a request"))
    if isinstance(exc, OperationalError | InterfaceError):
        return problem("unavailable", headers={"Retry-After": str(RETRY_SECONDS)})
    got_request_exception.send(sender=type(context.get("view")), request=context.get("request"))
    return problem("internal")


def problem(
    code: str, detail: str = "", problems: Sequence[Problem] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """A problem document; `detail` defaults to what the code means."""
    kind = KINDS[code]
    body = {
        "type": type_of(code),
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.meaning,
        "code": code,
        "problems": [_document(row) for row in problems[:LISTED]],
        "problem_count": len(problems),
    }
    return Response(body, status=kind.status, headers=dict(headers or {}), content_type=MEDIA_TYPE)


def _document(row: Problem) -> dict[str, object]:
    return {"row": row.row, "field": row.field, "value": _shown(row.value), "accepted": row.accepted}


def _shown(value: object) -> object:
    """As JSON; a long text is cut as in the message. What is no JSON number, or an unsafe one, is text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) < SAFE:
        return value
    text = str(value)
    return text if len(text) <= SHOWN_VALUE_LENGTH else text[:SHOWN_VALUE_LENGTH] + "…"
