"""A digest whose sender is killed, or that two workers send at once."""

import datetime as dt
import functools
import signal
from typing import Any

import pytest
from django.conf import settings as live

from forecasts.jobs.digest import LEASE, send_digests
from tests.faults.mortal import Death, work
from tests.faults.test_two_workers import both
from tests.jobs.test_digest import NOW, addressed
from tests.mailbox import mailbox
from tests.story import Story

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
BEFORE_THE_NOTE = Death("take_lease", "before", 2)
BEFORE_THE_MAIL = Death("take_lease", "after", 1)


def begin() -> None:
    story = Story.begin()
    story.settled(0.7, "no")
    addressed(story.editor)
    addressed(story.approver)


def send(port: int, now: dt.datetime) -> int:
    live.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    live.EMAIL_HOST, live.EMAIL_PORT = "127.0.0.1", port
    return send_digests(now)


def test_killed_before_the_mail_nobody_goes_without(own_database: str) -> None:
    begin()
    with mailbox() as box:
        assert work(BEFORE_THE_MAIL, functools.partial(send, box.port, NOW)) == -signal.SIGKILL
        assert work(job=functools.partial(send, box.port, NOW)) == 0
        assert box.recipients() == ["approver@news.test"]  # the other one's lease runs
        assert work(job=functools.partial(send, box.port, NOW + LEASE)) == 0
    assert sorted(box.recipients()) == ["approver@news.test", "editor@news.test"]


def test_killed_behind_the_mail_it_comes_twice_under_one_name(own_database: str) -> None:
    """Nobody can do better: the mail server's yes and our note of it are two things."""
    begin()
    with mailbox() as box:
        assert work(BEFORE_THE_NOTE, functools.partial(send, box.port, NOW)) == -signal.SIGKILL
        assert work(job=functools.partial(send, box.port, NOW + LEASE)) == 0
    first, *others = box.mails
    assert [recipient for recipient, _ in others] == ["editor@news.test", "approver@news.test"]
    assert first[1]["Message-ID"] == others[0][1]["Message-ID"] != others[1][1]["Message-ID"]


def test_two_at_once_send_each_once(own_database: str, settings: Any) -> None:
    begin()
    with mailbox() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        assert sum(both(send_digests, NOW)) == 2
    assert sorted(box.recipients()) == ["approver@news.test", "editor@news.test"]
