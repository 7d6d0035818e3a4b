"""Make and revoke the keys of programs, and note that one was used."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q

from forecasts.errors import Refused
from forecasts.ledger.append import By, actor_key, append
from forecasts.models import ApiKey, EntryKind, KeyScope

from .base import action, claimed, require, require_aware
from .values import require_text

BEGINNING = "rk_"
SHOWN = len(BEGINNING) + 8  # of 43 random characters
LONGEST = dt.timedelta(days=366)
NOTED_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class NewKey:
    """A key and its secret, which is nowhere else."""

    key: ApiKey
    secret: str

    def __repr__(self) -> str:
        return f"NewKey({self.key})"


def digest_of(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so a slow hash would protect nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


@action
def make_api_key(
    *, user: User, name: str, scopes: Sequence[str], expires_at: dt.datetime, at: dt.datetime, by: User
) -> NewKey:
    """A key for `user`, valid for a year at most. Raises Refused where the user could do nothing with a scope."""
    require(by, "operate_keys", "make an API key")
    name = require_text("name", name, "say what the key is for")
    _check_scopes(user, scopes)
    require_aware("expires_at", expires_at)
    if not at < expires_at <= at + LONGEST:
        accepted = f"give a time after now and within {LONGEST.days} days"
        raise Refused("expires_at", expires_at.isoformat(), accepted)
    secret = BEGINNING + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        user=user,
        name=name,
        prefix=secret[:SHOWN],
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        made_at=at,
        made_by=by,
        expires_at=expires_at,
    )
    content = {"user": actor_key(user), "scopes": key.scopes, "expires_at": expires_at}
    append(EntryKind.KEY_MADE, subject=f"apikey:{key.pk}", content=content, at=at, by=by)
    return NewKey(key, secret)


def _check_scopes(user: User, scopes: Sequence[str]) -> None:
    if not user.is_active:
        raise Refused("user", user.get_username(), "give an active user")
    if not scopes or not set(scopes) <= set(KeyScope.values):
        raise Refused("scopes", list(scopes), f"give at least one of {', '.join(KeyScope.values)}")
    for scope in map(KeyScope, scopes):
        if not any(user.has_perm(f"forecasts.{right}") for right in scope.rights):
            rights = " or ".join(scope.rights)
            raise Refused("scopes", scope.value, f"{user.get_username()} needs the right {rights} for it")


@action
def revoke_api_key(*, key: ApiKey, at: dt.datetime, by: By) -> ApiKey:
    """Let `key` open nothing from now on. Raises Conflict when it was revoked before."""
    require(by, "operate_keys", "revoke an API key")
    revoked = ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=at)
    claimed(revoked, "key", key.prefix, "it was revoked before")
    key.refresh_from_db()
    append(EntryKind.KEY_REVOKED, subject=f"apikey:{key.pk}", content={}, at=at, by=by)
    return key


@action
def note_key_use(*, key: ApiKey, at: dt.datetime) -> bool:
    """Note that `key` was used; False within a minute of the last note."""
    is_due = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - NOTED_EVERY)
    return ApiKey.objects.filter(is_due, pk=key.pk).update(last_used_at=at) == 1
