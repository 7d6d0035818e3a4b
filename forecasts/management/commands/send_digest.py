import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from forecasts.jobs.digest import NO_MAIL, mail_of, owed, send_digests, subject
from forecasts.jobs.digest_text import digest_text
from forecasts.management.console import Command as Base
from forecasts.management.console import user_named
from forecasts.queries.digest import digest


class Command(Base):
    help = "Send the weekly digest to the editors who have not had this week's, or to one person at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default="", metavar="NAME", help="to this user alone, whatever was sent before")
        parser.add_argument("--dry-run", action="store_true", help="print it and to whom it would go; send nothing")

    def handle(self, *args: Any, to: str, dry_run: bool, **options: Any) -> None:
        now, one = timezone.now(), user_named(to) if to else None
        if one and not one.email:
            raise CommandError(f"to: {to!r} has no e-mail address; give one at the desk, under Users")
        if settings.EMAIL_BACKEND == NO_MAIL and not dry_run:
            raise CommandError("EMAIL_URL: it is not set, so no mail is sent; see docs/settings.md")
        if dry_run:
            self._show([one] if one else owed(now), now)
            return
        sent = mail_of(digest(now), one, now).send() if one else send_digests(now)
        self.stdout.write(f"Sent to {sent}.")

    def _show(self, users: Sequence[User], now: dt.datetime) -> None:
        found = digest(now)
        names = ", ".join(f"{user.get_username()} <{user.email}>" for user in users) or "nobody"
        self.stdout.write(f"To: {names}\nSubject: {subject(found)}\n")
        self.stdout.write(digest_text(found, settings.SITE_URL))
        if found.is_empty:
            self.stdout.write("There is nothing to say, so nothing is sent.")
