"""What every write shares: a key with its scope and right, a strict body, one action, a repeatable answer."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.utils.encoders import JSONEncoder

from forecasts.actions import begin_answer, drop_answer, end_answer
from forecasts.api.v1.base import admitted
from forecasts.api.v1.negotiation import ClearNegotiation
from forecasts.api.v1.parameters import parameters
from forecasts.api.v1.schema import RouteSchema
from forecasts.errors import Refused
from forecasts.http.english import EnglishView
from forecasts.http.throttling import Budget, address_of
from forecasts.models import ApiKey, KeptAnswer, KeyScope

from .body import JSON, Body, read_body
from .fields import Input

USUAL_MOST = 2 * 1024 * 1024
NAME = re.compile(r"[!-~]{1,200}")
REPEATED = "Idempotent-Replayed"
OLD = 200


@dataclass(frozen=True)
class Acting:
    """Who acts, by which key, and when. Readers who object have neither."""

    at: dt.datetime
    key: ApiKey | None

    @property
    def by(self) -> User:
        if self.key is None:
            raise RuntimeError("only a write with a scope has somebody who acts")
        return self.key.user


@dataclass(frozen=True)
class Done:
    """What was done: what the document shows of it, where it stands from now on, and whether it was done before."""

    row: Any
    location: str = ""
    is_old: bool = False


@dataclass(frozen=True)
class Write:
    """One thing that can be written. `run` gets who acts, what was read of the body, and the parts of the address.

    One that `may_be_old` answers 200 where the same was done before.
    """

    name: str
    summary: str
    body: Any
    document: type[Serializer[Any]]
    run: Callable[..., Done]
    example: Any
    scope: KeyScope | None = KeyScope.EDIT
    right: str = "keep_predictions"
    status: int = 201
    may_be_old: bool = False
    about: str = ""
    most: int = USUAL_MOST
    budget: Budget | None = None

    @property
    def statuses(self) -> tuple[int, ...]:
        return (self.status, OLD) if self.may_be_old else (self.status,)

    @property
    def accepted(self) -> tuple[str, ...]:
        return tuple(self.body) if isinstance(self.body, Mapping) else (JSON,)

    def read(self, body: Body) -> Any:
        """The cleaned fields; of a write of many the rows as they are, which the action reads."""
        if isinstance(self.body, type) and issubclass(self.body, Input):
            return self.body.read(body.value())
        return body.rows()


class Writing(EnglishView):
    """A route on which some methods write."""

    writes: ClassVar[Mapping[str, Write]] = {}
    schema = RouteSchema()
    content_negotiation_class = ClearNegotiation
    http_method_names = ["get", "head", "post", "patch"]  # noqa: RUF012 -- Django declares it without ClassVar

    @property
    def allowed_methods(self) -> list[str]:
        reads = ["GET", "HEAD"] if hasattr(self, "get") else []
        return [*reads, *(name.upper() for name in self.writes)]

    def post(self, request: Request, **path: Any) -> HttpResponseBase:
        return self._write(request, "post", path)

    def patch(self, request: Request, **path: Any) -> HttpResponseBase:
        return self._write(request, "patch", path)

    def _write(self, request: Request, method: str, path: dict[str, Any]) -> HttpResponseBase:
        if method not in self.writes:
            return self.http_method_not_allowed(request)
        write = self.writes[method]
        parameters(request, ())
        if write.budget and (seconds := write.budget.spend(address_of(request))):
            raise Throttled(seconds)
        key = admitted(request, write.scope, write.right) if write.scope else None
        body = read_body(request._request, write.accepted, write.most)
        return _once(request, key, body, lambda: _done(write, Acting(timezone.now(), key), body, path))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Cache-Control", "no-store")
        return final


def _done(write: Write, acting: Acting, body: Body, path: dict[str, Any]) -> HttpResponse:
    done = write.run(acting, write.read(body), **path)
    shown: BaseSerializer[Any] = write.document(done.row)
    text = json.dumps(shown.data, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))
    headers = {"Location": done.location} if done.location else {}
    status = OLD if done.is_old else write.status
    return HttpResponse(text, content_type=JSON, status=status, headers=headers)


def _once(request: Request, key: ApiKey | None, body: Body, do: Callable[[], HttpResponse]) -> HttpResponseBase:
    """What `do` answers; under an `Idempotency-Key` it is done once, and what it answered is given again."""
    name = request.headers.get("Idempotency-Key")
    if name is None:
        return do()
    if key is None or not NAME.fullmatch(name):
        accepted = "give 1 to 200 printable ASCII characters without spaces, together with an API key"
        raise Refused("Idempotency-Key", name, accepted)
    kept = begin_answer(key=key, name=name, request_sha256=_digest(request, body), at=timezone.now())
    if kept.status is not None:
        return _again(kept)
    try:
        with transaction.atomic():
            answer = do()
            headers = {name: answer[name] for name in ("Location",) if name in answer}
            end_answer(kept=kept, status=answer.status_code, headers=headers, body=answer.content.decode())
    except BaseException:
        drop_answer(kept=kept)
        raise
    return answer


def _again(kept: KeptAnswer) -> HttpResponse:
    headers = {**kept.headers, REPEATED: "true"}
    return HttpResponse(kept.body, content_type=JSON, status=kept.status, headers=headers)


def _digest(request: Request, body: Body) -> str:
    about = f"{request.method} {request.path} {body.media_type}\n"
    return hashlib.sha256(about.encode() + body.raw).hexdigest()
