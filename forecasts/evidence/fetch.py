"""Read one URL from the open web, or post to one that an operator named, without letting it hurt us.

Every connection, redirects included, goes through the same door: strict URL, allowed port, one resolution whose every
answer is checked, a connection to the checked number. Environment proxies, cookies and credentials play no part.
"""

import hashlib
import re
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpcore2

from forecasts.errors import FetchFailed, FetchRefused
from forecasts.evidence.addresses import is_public
from forecasts.evidence.dial import Deadline, Dial, GuardedBackend, Resolve
from forecasts.evidence.headers import Headers, header, media_type, retry_after, validator
from forecasts.evidence.inflate import Body
from forecasts.evidence.urls import Target, check_port, join_url, parse_url

MAX_REDIRECTS = 5
GOOD = frozenset({200, 203})
PERMANENT_REDIRECTS = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SENDABLE = re.compile(r"[!-~]*")
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True)
class FetchPolicy:
    """Limits for one fetch: bytes, seconds, and the exceptions an operator made.

    `allow_private` holds exact (host, port) pairs; such a host may be on loopback or a private network.
    `user_agent` should name the site and a contact.
    """

    allow_private: frozenset[tuple[str, int]] = frozenset()
    extra_ports: frozenset[int] = frozenset()
    max_raw: int = 2_000_000
    max_decoded: int = 5_000_000
    max_ratio: int = 200
    connect: float = 5
    read: float = 10
    total: float = 20
    user_agent: str = "Reckoner/0.1"


@dataclass(frozen=True)
class FetchRequest:
    """What to read. `etag` and `last_modified` are sent back exactly as the last answer gave them."""

    url: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Hop:
    """One answer on the way: the URL asked, its status, the address that gave it, SHA-256 of its TLS certificate."""

    url: str
    status: int
    ip: str
    certificate: str = ""


@dataclass(frozen=True)
class Fetched:
    """A good answer: `status` is "ok" (with a body) or "unchanged" (HTTP 304, no body).

    `headers` have lower-case names and Latin-1 values. `raw_length` is the body in bytes as sent, `body` is unpacked.
    `truncated`: nothing in the answer proves that it is whole (no length, no chunks, no gzip trailer), so it may be
    cut; an answer that provably broke off is an error instead. `permanent_redirect`: every redirect on the way said
    "for good", so `final_url` is the new address. `retry_after` is in seconds.
    """

    status: str
    url: str
    final_url: str
    hops: tuple[Hop, ...]
    http_status: int
    headers: Headers
    media_type: str
    charset: str
    body: bytes
    raw_length: int
    truncated: bool
    etag: str
    last_modified: str
    permanent_redirect: bool
    retry_after: int | None


@dataclass(frozen=True)
class PostRequest:
    """A JSON document for an endpoint that an operator named. `bearer` is a secret and shows nowhere.

    `headers` are sent besides, in order.
    """

    url: str
    document: bytes
    bearer: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = ()


class BadStatus(FetchFailed):
    """The server answered with a status that is no content: codes `http_status`, `gone`, `unasked_304`.

    `retry_after` is in seconds (at most 7 days), None when the server named no time. 410 is permanent.
    """

    def __init__(self, detail: str, code: str, *, hops: tuple[Hop, ...], retry_after: int | None) -> None:
        super().__init__(detail, code)
        self.hops, self.http_status, self.retry_after = hops, hops[-1].status, retry_after
        self.permanent = code == "gone"


def fetch(
    request: FetchRequest,
    policy: FetchPolicy,
    *,
    resolve: Resolve = socket.getaddrinfo,
    dial: Dial = socket.create_connection,
) -> Fetched:
    """Read `request.url` within `policy`, following at most 5 redirects.

    `resolve` answers like `socket.getaddrinfo` and is asked once per connection; `dial` gets ((ip, port), seconds) and
    returns a connected socket. Tests replace both.

    Raises FetchRefused (`url`, `scheme`, `userinfo`, `port`, `address`, `redirects`, `downgrade`, `header`),
    FetchTooLarge (`too_large`, `ratio`, `timeout`), BadStatus (`http_status`, `gone`, `unasked_304`) or
    FetchFailed (`dns`, `connect`, `tls`, `protocol`, `encoding`, `truncated`).
    """
    target = parse_url(request.url)
    deadline = Deadline(target.url, policy.total)
    hops: tuple[Hop, ...] = ()
    while len(hops) <= MAX_REDIRECTS:
        message = _Message(b"GET", _headers(target, request, policy))
        answer = _ask(target, message, policy, _door(target, policy, deadline, resolve, dial))
        hops = (*hops, answer.hop)
        if answer.hop.status not in REDIRECTS:
            return _read(request, target, hops, answer)
        target = _next(target, header(answer.headers, "location"))
    raise FetchRefused(
        f"{request.url} redirects more than {MAX_REDIRECTS} times; at most that many are read", "redirects"
    )


def post_json(
    request: PostRequest,
    policy: FetchPolicy,
    *,
    resolve: Resolve = socket.getaddrinfo,
    dial: Dial = socket.create_connection,
) -> bytes:
    """The body of the answer to `request`, within `policy`, whose `allow_private` lists the endpoints: no others exist.

    Nothing is followed. Over http it speaks to private addresses only, so that no key crosses the open web in clear.

    Raises as `fetch` does; FetchRefused also with `endpoint` (host and port are not listed), `header` (a key that
    cannot be sent) and `plaintext` (http to a public address). Every status but 200 is BadStatus.
    """
    target = parse_url(request.url)
    if (target.host, target.port) not in policy.allow_private:
        raise FetchRefused(f"{target.host}:{target.port} is not asked; an operator must list it", "endpoint")
    if not _SENDABLE.fullmatch(request.bearer):  # said here, because the client would repeat the key in its error
        raise FetchRefused(f"{target.url} cannot be asked; a key has visible ASCII characters only", "header")
    message = _Message(b"POST", _post_headers(target, request, policy), request.document)
    answer = _post(target, message, policy, resolve, dial)
    if answer.hop.status != 200:
        raise _bad_status(target, answer, "200 is expected", "http_status")
    return answer.body


def post_event(
    request: PostRequest,
    policy: FetchPolicy,
    *,
    resolve: Resolve = socket.getaddrinfo,
    dial: Dial = socket.create_connection,
) -> int:
    """The status, 200 to 299, with which a webhook's receiver took `request`; what else it says is not read.

    Nothing is followed. Over http it speaks to private addresses only, and to these only where `policy` lists them.

    Raises as `fetch` does; FetchRefused also with `plaintext` (http to a public address). Every other status is
    BadStatus, with the code `gone` for 410.
    """
    target = parse_url(request.url)
    message = _Message(b"POST", _post_headers(target, request, policy), request.document, reads_answer=False)
    answer = _post(target, message, policy, resolve, dial)
    status = answer.hop.status
    if not 200 <= status <= 299:
        raise _bad_status(target, answer, "200 to 299 is expected", "gone" if status == 410 else "http_status")
    return status


def _post(target: Target, message: "_Message", policy: FetchPolicy, resolve: Resolve, dial: Dial) -> "_Answer":
    dial = dial if target.scheme == "https" else _privately(target, dial)
    return _ask(target, message, policy, _door(target, policy, Deadline(target.url, policy.total), resolve, dial))


def _bad_status(target: Target, answer: "_Answer", expected: str, code: str) -> BadStatus:
    detail = f"{target.url} answered {answer.hop.status}; {expected}"
    return BadStatus(detail, code, hops=(answer.hop,), retry_after=retry_after(answer.headers, datetime.now(UTC)))


def _privately(target: Target, dial: Dial) -> Dial:
    def run(address: tuple[str, int], timeout: float) -> socket.socket:
        if is_public(address[0]):
            raise FetchRefused(f"{target.url} is on the public internet; only https is spoken there", "plaintext")
        return dial(address, timeout)

    return run


@dataclass(frozen=True)
class _Message:
    method: bytes
    headers: list[tuple[bytes, bytes]]
    content: bytes | None = None
    reads_answer: bool = True


@dataclass(frozen=True)
class _Answer:
    hop: Hop
    headers: Headers
    body: bytes
    raw_length: int
    proves_its_end: bool


def _door(target: Target, policy: FetchPolicy, deadline: Deadline, resolve: Resolve, dial: Dial) -> GuardedBackend:
    may_be_private = (target.host, target.port) in policy.allow_private
    if not may_be_private:
        check_port(target, policy.extra_ports)
    return GuardedBackend(
        target.url, deadline, resolve, dial, is_literal=target.is_literal, may_be_private=may_be_private
    )


def _ask(target: Target, message: _Message, policy: FetchPolicy, backend: GuardedBackend) -> _Answer:
    """One request on a connection of its own; the bodies of redirects and errors are not read."""
    url = httpcore2.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    timeouts = {"connect": policy.connect, "read": policy.read, "write": policy.read}
    try:
        with (
            httpcore2.ConnectionPool(network_backend=backend) as pool,
            pool.stream(
                message.method,
                url,
                headers=message.headers,
                content=message.content,
                extensions={"timeout": timeouts},
            ) as response,
        ):
            headers = tuple(
                (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers
            )
            hop = _hop(target, response)
            if hop.status not in GOOD or not message.reads_answer:
                return _Answer(hop, headers, b"", 0, proves_its_end=True)
            body = Body(
                target.url,
                header(headers, "content-encoding"),
                max_raw=policy.max_raw,
                max_decoded=policy.max_decoded,
                max_ratio=policy.max_ratio,
            )
            for chunk in response.iter_stream():
                body.add(chunk)
            framed = bool(header(headers, "content-length") or header(headers, "transfer-encoding"))
            return _Answer(hop, headers, body.finish(), body.raw_length, framed or body.proves_its_end)
    except httpcore2.LocalProtocolError as error:
        raise FetchRefused(f"{target.url} cannot be asked with these headers: {error}", "header") from error
    except httpcore2.ProtocolError as error:
        raise FetchFailed(f"{target.url} does not speak HTTP as agreed: {error}", "protocol") from error


def _headers(target: Target, request: FetchRequest, policy: FetchPolicy) -> list[tuple[bytes, bytes]]:
    wanted = {
        "Host": target.authority,
        "User-Agent": policy.user_agent,
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip, identity",
        "If-None-Match": request.etag,
        "If-Modified-Since": request.last_modified,
    }
    return _encoded(target, wanted)


def _post_headers(target: Target, request: PostRequest, policy: FetchPolicy) -> list[tuple[bytes, bytes]]:
    wanted = {
        "Host": target.authority,
        "User-Agent": policy.user_agent,
        "Accept": "application/json",
        "Accept-Encoding": "gzip, identity",
        "Content-Type": "application/json",
        "Content-Length": str(len(request.document)),
        "Authorization": f"Bearer {request.bearer}" if request.bearer else "",
        **dict(request.headers),
    }
    return _encoded(target, wanted)


def _encoded(target: Target, wanted: dict[str, str]) -> list[tuple[bytes, bytes]]:
    try:
        return [(name.encode(), value.encode("latin-1")) for name, value in wanted.items() if value]
    except UnicodeEncodeError:
        raise FetchRefused(f"{target.url} cannot be asked: headers are limited to Latin-1", "header") from None


def _hop(target: Target, response: httpcore2.Response) -> Hop:
    stream = response.extensions["network_stream"]
    tls = stream.get_extra_info("ssl_object")
    certificate = hashlib.sha256(tls.getpeercert(binary_form=True)).hexdigest() if tls else ""
    return Hop(target.url, response.status, stream.get_extra_info("ip"), certificate)


def _next(target: Target, location: str) -> Target:
    if not location:
        raise FetchFailed(f"{target.url} redirects without saying where; a Location is needed", "protocol")
    following = join_url(target, location)
    if (target.scheme, following.scheme) == ("https", "http"):
        raise FetchRefused(f"{target.url} redirects from https to http; only https is followed from there", "downgrade")
    return following


def _read(request: FetchRequest, target: Target, hops: tuple[Hop, ...], answer: _Answer) -> Fetched:
    status = answer.hop.status
    wait = retry_after(answer.headers, datetime.now(UTC))
    asked = bool(request.etag or request.last_modified)
    if status not in GOOD and not (status == 304 and asked):
        code = {304: "unasked_304", 410: "gone"}.get(status, "http_status")
        detail = f"{target.url} answered {status}; 200 is expected, or 304 when we asked for changes"
        raise BadStatus(detail, code, hops=hops, retry_after=wait)
    kind, charset = media_type(answer.headers)
    return Fetched(
        status="unchanged" if status == 304 else "ok",
        url=request.url,
        final_url=target.url,
        hops=hops,
        http_status=status,
        headers=answer.headers,
        media_type=kind,
        charset=charset,
        body=answer.body,
        raw_length=answer.raw_length,
        truncated=not answer.proves_its_end,
        etag=validator(answer.headers, "etag") or (request.etag if status == 304 else ""),
        last_modified=validator(answer.headers, "last-modified") or (request.last_modified if status == 304 else ""),
        permanent_redirect=len(hops) > 1 and all(hop.status in PERMANENT_REDIRECTS for hop in hops[:-1]),
        retry_after=wait,
    )
