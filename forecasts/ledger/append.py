"""Appending: the last statement of every decision."""

import datetime as dt
import secrets
from collections.abc import Callable, Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from forecasts.models import Actor, EntryKind, LedgerEntry, LedgerHead

from .canonical import canonical, content_digest, entry_digest

By = AbstractBaseUser | str
"""Who decides: a user, or the name of a rule of ours such as `rule:silence_after_deadline`."""

_hooks: list[Callable[[], None]] = []


def register(hook: Callable[[], None]) -> None:
    """Have `hook` called after every commit that appended; it must be quick and must not raise."""
    if hook not in _hooks:
        _hooks.append(hook)


def _rang() -> None:
    for hook in _hooks:
        hook()


def actor_key(by: By) -> str:
    """The opaque name of a user, made on first use; a rule stands under its own name."""
    if isinstance(by, str):
        return by
    actor, _ = Actor.objects.get_or_create(user_id=by.pk, defaults={"key": f"user:{secrets.token_hex(8)}"})
    return actor.key


def append(kind: EntryKind, *, subject: str, content: Mapping[str, object], at: dt.datetime, by: By) -> LedgerEntry:
    """Append one entry inside the caller's transaction and nudge the followers once it has committed.

    The head row is locked here and held until commit, so numbers are gapless: append last.
    """
    actor = actor_key(by)
    body = canonical(content)
    salt = secrets.token_hex(16)
    head = LedgerHead.objects.select_for_update().get(id=1)
    entry = LedgerEntry(
        seq=head.size + 1,
        kind=kind,
        at=at,
        actor=actor,
        subject=subject,
        content_sha256=content_digest(salt, body),
        prev=head.digest,
        content=body.decode(),
        salt=salt,
    )
    entry.digest = entry_digest(
        seq=entry.seq,
        kind=entry.kind,
        at=at,
        actor=actor,
        subject=subject,
        content_sha256=entry.content_sha256,
        prev=entry.prev,
    )
    entry.save(force_insert=True)
    LedgerHead.objects.filter(id=1).update(size=entry.seq, digest=entry.digest)
    transaction.on_commit(_rang)
    return entry
