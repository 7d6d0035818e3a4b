"""A reminder by e-mail: predictions that an editor asks all editors to look at."""

import datetime as dt
import logging
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from forecasts.models import Prediction

from .digest import NO_MAIL, editors
from .digest_text import DESK, line

log = logging.getLogger(__name__)


def sends_mail() -> bool:
    return bool(settings.EMAIL_BACKEND != NO_MAIL)


def remind(rows: Sequence[Prediction]) -> tuple[int, list[str]]:
    """Send each editor one mail about `rows`; returns how many were taken, and the names of those whose was not.

    Somebody waits for it: a mail server that does not answer is asked once, not once for each editor.
    """
    subject = f"{line(settings.SITE_NAME)}: {len(rows)} prediction{'' if len(rows) == 1 else 's'} to look at"
    users, text, server = list(editors()), _text(rows), get_connection()
    try:
        server.open()
    except OSError as error:
        log.warning("no reminder was sent: %s", error)
        return 0, [user.get_username() for user in users]
    try:
        missed = [user.get_username() for user in users if not _sent(subject, text, user, server)]
    finally:
        server.close()
    return len(users) - len(missed), missed


def _sent(subject: str, text: str, user: User, server: BaseEmailBackend) -> bool:
    headers = {"Auto-Submitted": "auto-generated"}
    try:
        return bool(EmailMessage(subject, text, to=[user.email], headers=headers, connection=server).send())
    except (OSError, ValueError) as error:  # of smtplib, of the network; of an address that is none
        log.warning("the reminder for %s was not sent: %s", user.get_username(), error)
        return False


def _text(rows: Sequence[Prediction]) -> str:
    lines = ["An editor asks you to look at:"]
    for row in rows:
        lines += ["", f"- {line(row.statement)} ({row.get_status_display()}, {_deadline(row.resolves_by)})"]
        lines.append(f"  {settings.SITE_URL}{DESK}forecasts/prediction/{row.pk}/change/")
    return "\n".join(lines) + "\n"


def _deadline(at: dt.datetime | None) -> str:
    return f"deadline {at:%Y-%m-%d}" if at else "no deadline yet"
