"""A reminder by e-mail: predictions that an editor asks all editors to look at."""

import datetime as dt
import logging
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage

from forecasts.models import Prediction

from .digest import NO_MAIL, editors
from .digest_text import DESK, line

log = logging.getLogger(__name__)


def sends_mail() -> bool:
    return bool(settings.EMAIL_BACKEND != NO_MAIL)


def remind(rows: Sequence[Prediction]) -> tuple[int, list[str]]:
    """Send each editor one mail about `rows`; returns how many were taken, and the names of those whose was not."""
    subject = f"{line(settings.SITE_NAME)}: {len(rows)} prediction{'' if len(rows) == 1 else 's'} to look at"
    text = _text(rows)
    users, missed = list(editors()), []
    for user in users:
        try:
            EmailMessage(subject, text, to=[user.email], headers={"Auto-Submitted": "auto-generated"}).send()
        except (OSError, ValueError) as error:  # of smtplib, of the network; of an address that is none
            log.warning("the reminder for %s was not sent: %s", user.get_username(), error)
            missed.append(user.get_username())
    return len(users) - len(missed), missed


def _text(rows: Sequence[Prediction]) -> str:
    lines = ["An editor asks you to look at:"]
    for row in rows:
        lines += ["", f"- {line(row.statement)} ({row.get_status_display()}, {_deadline(row.resolves_by)})"]
        lines.append(f"  {settings.SITE_URL}{DESK}forecasts/prediction/{row.pk}/change/")
    return "\n".join(lines) + "\n"


def _deadline(at: dt.datetime | None) -> str:
    return f"deadline {at:%Y-%m-%d}" if at else "no deadline yet"
