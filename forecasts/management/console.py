"""What the commands share: who acts, progress, and errors in one line."""

import sys
from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from forecasts.errors import ReckonerError

T = TypeVar("T")


def progress(rows: Iterable[T], what: str, total: int | None = None) -> Iterable[T]:
    """`rows` with a bar on a terminal, silent elsewhere."""
    bar: Iterable[T] = tqdm(rows, desc=what, total=total, disable=not sys.stderr.isatty(), leave=False)
    return bar


def user_named(name: str) -> User:
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        known = ", ".join(User.objects.filter(is_staff=True).values_list("username", flat=True)) or "none yet"
        raise CommandError(f"by: {name!r} is not a user here; staff are: {known}")
    return user


class Command(BaseCommand):
    """A command whose refusals are one clear line and exit code 1."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except ReckonerError as error:
            raise CommandError(str(error)) from error

    def add_by(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, metavar="USER", help="the editor who acts, by user name")
