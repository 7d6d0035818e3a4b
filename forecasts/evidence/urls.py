"""One strict reading of a URL, used for every source and every redirect.

Two parsers that disagree about where the host is are a way past any guard, so the text is read once, here, and the
parts go to the client as they are. What browsers forgive (backslashes, tabs, `127.1`) is refused, not repaired.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

from forecasts.errors import FetchRefused

MAX_URL = 2048
DEFAULT_PORTS = {"http": 80, "https": 443}
SHOWN_URL = 200

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_PARTS = re.compile(r"//(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?", re.DOTALL)
_AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{1,5}))?")
_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True)
class Target:
    """A URL taken apart. `host` is lower-case ASCII without brackets; `is_literal` when it is an IP address."""

    scheme: str
    host: str
    port: int
    path: str
    is_literal: bool

    @property
    def authority(self) -> str:
        """Host and, when it is not the scheme's own, port: the value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def parse_url(url: str) -> Target:
    """Read an absolute http or https URL.

    Raises FetchRefused with code `url`, `scheme`, `userinfo` or `port`.
    """
    if len(url) > MAX_URL:
        raise _refusal(url, f"a URL has at most {MAX_URL} characters")
    if _FORBIDDEN.search(url):
        raise _refusal(url, "spaces, control characters and backslashes are not accepted; percent-encode them")
    scheme = _read_scheme(url)
    parts = _PARTS.fullmatch(url, pos=len(scheme) + 1)
    if parts is None:
        raise _refusal(url, "give an absolute address such as https://example.org/feed")
    host, port, is_literal = _read_authority(url, parts["authority"])
    # Everything that is already ASCII stays as written; the rest of a pasted address becomes UTF-8 percent escapes.
    path = quote((parts["path"] or "/") + (parts["query"] or ""), safe="".join(map(chr, range(0x21, 0x7F))))
    return Target(scheme, host, DEFAULT_PORTS[scheme] if port is None else port, path, is_literal)


def join_url(base: Target, location: str) -> Target:
    """Where a redirect from `base` leads. Raises as `parse_url` does."""
    if _FORBIDDEN.search(location):  # before joining: the standard library silently drops tabs and newlines
        raise _refusal(location, "a redirect with spaces, control characters or backslashes is not followed")
    try:
        return parse_url(urljoin(base.url, location))
    except ValueError:
        raise _refusal(location, "the redirect is not an address") from None


def check_port(target: Target, extra_ports: frozenset[int]) -> None:
    """Refuse ports other than 80, 443 and those an operator added. Raises FetchRefused with code `port`."""
    if target.port not in {*DEFAULT_PORTS.values(), *extra_ports}:
        raise _refusal(target.url, "ports 80 and 443 are read; an operator may add one to the source", "port")


def _read_scheme(url: str) -> str:
    match = _SCHEME.match(url)
    if match is None:
        raise _refusal(url, "give an absolute address such as https://example.org/feed")
    if match[1].lower() not in DEFAULT_PORTS:
        raise _refusal(url, "only http and https are read", "scheme")
    return match[1].lower()


def _read_authority(url: str, authority: str) -> tuple[str, int | None, bool]:
    if "@" in authority:
        raise _refusal(url, "addresses with a user name or password are not accepted", "userinfo")
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise _refusal(url, "the host or the port cannot be read")
    port = None if match["port"] is None else int(match["port"])
    if port is not None and not 0 < port < 2**16:
        raise _refusal(url, "a port is a number from 1 to 65535", "port")
    host, is_literal = _read_host(url, match["host"])
    return host, port, is_literal


def _read_host(url: str, text: str) -> tuple[str, bool]:
    host = text.lower()
    if host.startswith("["):
        return _read_ipv6(url, host[1:-1]), True
    host = host.removesuffix(".")
    if not host.isascii():
        raise _refusal(url, "write a host with letters beyond ASCII in its xn-- form")
    if not _NAME.fullmatch(host):
        raise _refusal(url, "the host is not a name and not an address")
    if not _NUMERIC_LABEL.fullmatch(host.rpartition(".")[2]):
        return host, False
    try:
        return str(IPv4Address(host)), True
    except ValueError:
        raise _refusal(url, "write an IPv4 address as four decimal numbers") from None


def _read_ipv6(url: str, text: str) -> str:
    try:
        address = IPv6Address(text)
    except ValueError:
        raise _refusal(url, "the IPv6 address cannot be read") from None
    if address.scope_id is not None:
        raise _refusal(url, "addresses with a zone are not accepted")
    return str(address)


def _refusal(url: str, accepted: str, code: str = "url") -> FetchRefused:
    shown = url if len(url) <= SHOWN_URL else url[:SHOWN_URL] + "…"
    return FetchRefused(f"{shown!r} is not read; {accepted}", code)
