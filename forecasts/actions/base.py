"""What makes a function an action: keyword-only, atomic, never inside another, the only place that writes."""

import datetime as dt
import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from forecasts.errors import Conflict, NotAllowed, Refused
from forecasts.ledger.append import By

P = ParamSpec("P")
R = TypeVar("R")

UNIQUE_VIOLATION = "23505"  # SQLSTATE

_running: ContextVar[str] = ContextVar("running action", default="")


def running_action() -> str:
    """The name of the action that runs here, or nothing. The tests refuse writes where it is nothing."""
    return _running.get()


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in a transaction of its own; an action that calls an action is a mistake of ours."""
    atomic = transaction.atomic(function)

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if outer := running_action():
            raise RuntimeError(f"the action {outer} called the action {function.__name__}")
        token = _running.set(function.__name__)
        try:
            return atomic(*args, **kwargs)
        except IntegrityError as error:
            if _is_twin(error):
                raise Conflict(
                    function.__name__, str(error), "somebody saved the same meanwhile; look and try again"
                ) from error
            raise
        finally:
            _running.reset(token)

    return run


def _is_twin(error: IntegrityError) -> bool:
    """A unique constraint refused it: two people did the same at once, and each had looked before."""
    return getattr(error.__cause__, "sqlstate", "") == UNIQUE_VIOLATION or "UNIQUE constraint failed" in str(error)


def require(by: By, permission: str, to: str, field: str = "by") -> None:
    """Refuse whoever lacks `permission`; a rule of ours is bounded by the actions that it may call."""
    if isinstance(by, str) or (isinstance(by, User) and by.has_perm(f"forecasts.{permission}")):
        return
    raise NotAllowed(field, by.get_username(), f"the right {permission} is needed to {to}")


def person(by: By) -> User | None:
    """The user behind a decision, None for a rule of ours."""
    return by if isinstance(by, User) else None


def require_aware(field: str, at: dt.datetime) -> None:
    if at.tzinfo is None:
        raise Refused(field, at, "give a time with its zone, such as 2026-01-31T08:00:00Z")


def claimed(rows: int, field: str, value: object, accepted: str) -> None:
    """After a conditional update: exactly one row must have changed, else somebody else was first."""
    if rows != 1:
        raise Conflict(field, value, accepted)
