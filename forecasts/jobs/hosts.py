"""Hosts that an operator named in the settings, and what `manage.py check --deploy` says of them."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Info
from django.core.checks import Warning as Doubt

from forecasts.errors import FetchRefused, Refused
from forecasts.evidence.addresses import is_public
from forecasts.evidence.urls import Target, parse_url

SMTP = "django.core.mail.backends.smtp.EmailBackend"
LOOPBACK = ("", "localhost", "127.0.0.1", "::1")


def named_hosts(setting: str) -> frozenset[tuple[str, int]]:
    """The `host:port` pairs of a setting. Raises Refused naming the first that is none."""
    return frozenset(_pair(setting, entry) for entry in getattr(settings, setting))


def _pair(setting: str, entry: str) -> tuple[str, int]:
    host, _, port = entry.strip().rpartition(":")
    if not host or not (port.isascii() and port.isdigit()):
        raise Refused(setting, entry, "give pairs such as models.example:443, separated by commas")
    return host.strip("[]").lower(), int(port)


def check_hosts(app_configs: Any, **given: Any) -> list[CheckMessage]:
    """What a deployment reads from private hosts, where it sends reports to, and what is wrong with that."""
    return [*_private_hosts(), *_assessor(), *_mail()]


def _private_hosts() -> Iterator[CheckMessage]:
    if entries := settings.EVIDENCE_ALLOW_PRIVATE_HOSTS:
        yield from _readable("EVIDENCE_ALLOW_PRIVATE_HOSTS")
        yield Info(f"These are fetched although they may be private: {_listed(entries)}.", id="forecasts.I001")
    if entries := settings.WEBHOOK_ALLOW_PRIVATE_HOSTS:
        yield from _readable("WEBHOOK_ALLOW_PRIVATE_HOSTS")
        yield Info(f"Webhooks may call these although they may be private: {_listed(entries)}.", id="forecasts.I003")


def _assessor() -> Iterator[CheckMessage]:
    url, model = settings.ASSESSOR_LLM_URL, settings.ASSESSOR_LLM_MODEL
    if not url and not model:
        return
    if not url or not model:
        missing = "ASSESSOR_LLM_MODEL" if url else "ASSESSOR_LLM_URL"
        yield Doubt("No language model is asked.", hint=f"Set {missing} too, or neither.", id="forecasts.W001")
        return
    try:
        target = parse_url(url)
    except FetchRefused as error:
        yield Doubt(f"ASSESSOR_LLM_URL: {error.detail}.", id="forecasts.W002")
        return
    endpoint = f"{target.scheme}://{target.authority}{target.path.partition('?')[0]}"
    yield Info(f"Reports and predictions are sent to {endpoint}, to the model {model}.", id="forecasts.I002")
    yield from _listing(target)
    yield from _plaintext(target)


def _mail() -> Iterator[CheckMessage]:
    host = urlsplit(settings.SITE_URL).hostname or ""
    if settings.EMAIL_BACKEND == SMTP and host in LOOPBACK:
        yield Doubt("Links in e-mails lead to this machine.", hint="Set SITE_URL.", id="forecasts.W007")


def _listing(target: Target) -> Iterator[CheckMessage]:
    unreadable = list(_readable("ASSESSOR_LLM_HOSTS"))
    yield from unreadable
    if not unreadable and (target.host, target.port) not in named_hosts("ASSESSOR_LLM_HOSTS"):
        pair = f"{target.host}:{target.port}"
        hint = f"Add {pair} to ASSESSOR_LLM_HOSTS."
        yield Doubt("The host of ASSESSOR_LLM_URL is not listed, so it is not asked.", hint=hint, id="forecasts.W003")


def _plaintext(target: Target) -> Iterator[CheckMessage]:
    if target.scheme == "https" or _is_near(target):
        return
    if target.is_literal:
        said = "ASSESSOR_LLM_URL speaks plain http with a public address, so it is not asked."
        yield Doubt(said, hint="Use https.", id="forecasts.W004")
    elif settings.ASSESSOR_LLM_KEY:
        said = f"ASSESSOR_LLM_KEY goes over plain http to whatever private address {target.host} has."
        yield Doubt(said, hint="Use https.", id="forecasts.W005")


def _is_near(target: Target) -> bool:
    return not is_public(target.host) if target.is_literal else target.host == "localhost"


def _readable(setting: str) -> Iterator[CheckMessage]:
    try:
        named_hosts(setting)
    except Refused as refused:
        yield Doubt(str(refused), id="forecasts.W006")


def _listed(entries: Iterable[str]) -> str:
    return ", ".join(sorted(entries))
