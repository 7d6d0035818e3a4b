"""The weekly digest by e-mail: each editor gets a week's once, whoever sends it.

A row of `Heartbeat` for each editor says until when nothing is owed. It is taken before the mail is sent, for minutes,
and after the mail server took it for the rest of the week. So two workers never send the same, a mail that was not
taken is tried again, and only who is killed between the server's yes and our note of it sends twice: with the same
Message-ID, by which mail programs know that it is one.
"""

import datetime as dt
import logging
import smtplib
import time
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from forecasts.actions import take_lease
from forecasts.jobs.digest_text import digest_text, line
from forecasts.models import Heartbeat
from forecasts.queries.desk import WEEK
from forecasts.queries.digest import Digest, digest, week_of

log = logging.getLogger(__name__)
GROUP = "Editors"
LEASE = dt.timedelta(minutes=15)  # more than the hard limit of the task
RUN = 600  # seconds, after which the next run goes on
RETRY = dt.timedelta(hours=1)
REFUSED_FOR_GOOD = 500
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


def editors() -> Iterator[User]:
    """Who gets the digest: active, in the group Editors, with an address."""
    rows = User.objects.filter(is_active=True, groups__name=GROUP).exclude(email="")
    yield from rows.distinct().order_by("pk")


def owed(now: dt.datetime) -> list[User]:
    """The editors who have not had this week's digest and for whom nobody is sending it; none where no mail is sent."""
    if settings.EMAIL_BACKEND == NO_MAIL:
        return []
    served = set(Heartbeat.objects.filter(name__startswith="digest:", until__gt=now).values_list("name", flat=True))
    return [user for user in editors() if _name(user) not in served]


def send_digests(now: dt.datetime) -> int:
    """Send what is owed; returns to how many. Where there is nothing to say, the week is done for, too."""
    found, sent, began = None, 0, time.monotonic()
    for user in owed(now):
        holder = uuid.uuid4().hex
        if time.monotonic() - began > RUN or not take_lease(name=_name(user), holder=holder, lasting=LEASE, at=now):
            continue
        found = found or digest(now)
        is_sent, lasting = (False, week_of(now) + WEEK - now) if found.is_empty else _sent(found, user, now)
        take_lease(name=_name(user), holder=holder, lasting=lasting, at=now)
        sent += is_sent
    return sent


def _sent(found: Digest, user: User, now: dt.datetime) -> tuple[bool, dt.timedelta]:
    """Whether the mail server took the mail, and for how long nothing more is owed.

    An address that is refused for good is tried again next week, anything else in an hour.
    """
    mail, rest = mail_of(found, user, now), week_of(now) + WEEK - now
    try:
        return bool(mail.send()), rest
    except (OSError, ValueError) as error:  # of smtplib, of the network; of an address that is none
        lasting = rest if _is_for_good(error) else RETRY
        log.warning("the digest for %s was not sent, the next try is in %s: %s", user.get_username(), lasting, error)
        return False, lasting


def _is_for_good(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= REFUSED_FOR_GOOD for code, _ in error.recipients.values())
    return isinstance(error, ValueError)


def mail_of(found: Digest, user: User, now: dt.datetime) -> EmailMultiAlternatives:
    """The mail to one editor, with a Message-ID that is the same for the whole week."""
    mail = EmailMultiAlternatives(
        subject=subject(found),
        body=digest_text(found, settings.SITE_URL),
        to=[user.email],
        headers={
            "Message-ID": f"<digest.{week_of(now):%Y-%m-%d}.{user.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(digest_html(found), "text/html")
    return mail


def subject(found: Digest) -> str:
    """Counts only: what others wrote has no place in a header."""
    return f"{line(settings.SITE_NAME)}: {found.waiting} waiting, {found.recap.resolved_count} resolved last week"


def digest_html(found: Digest) -> str:
    context = {"digest": found, "recap": found.recap, "site": settings.SITE_URL, "desk": f"{settings.SITE_URL}/desk/"}
    return render_to_string("mail/digest.html", context)


def _name(user: User) -> str:
    return f"digest:{user.pk}"
