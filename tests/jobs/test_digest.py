"""The weekly digest by mail: to whom, once, what it says, and what happens when the mail server does not play along."""

import datetime as dt
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from forecasts.actions import save_source
from forecasts.jobs.digest import LEASE, RETRY, digest_html, mail_of, owed, send_digests
from forecasts.jobs.digest_text import digest_text
from forecasts.jobs.hosts import check_hosts
from forecasts.models import EvidenceSource, Heartbeat
from forecasts.queries.digest import digest, week_of
from tests.mailbox import Mailbox, mailbox
from tests.story import DAY, DEADLINE, START, Story, make_user

NOW = week_of(DEADLINE + 8 * DAY) + dt.timedelta(hours=7)
WEEK = 7 * DAY
EVIL = "It will.\r\nBcc: all@evil.test\r\n\r\nResolved: 99\n<script>alert(1)</script>\u202e"


def addressed(user: User, email: str = "") -> User:
    user.email = email or f"{user.username}@news.test"
    user.save()
    return user


@pytest.fixture
def busy(story: Story, settings: Any) -> Story:
    """One miss in the week before, two editors with an address; others who get nothing."""
    settings.SITE_URL = "https://reckoner.example"
    story.settled(0.7, "no")
    addressed(story.editor)
    addressed(story.approver)
    make_user("without-address", "Editors")
    addressed(make_user("operator", "Operators"))
    left = addressed(make_user("left", "Editors"))
    left.is_active = False
    left.save()
    return story


@pytest.fixture
def box(settings: Any) -> Iterator[Mailbox]:
    with mailbox(refused=b"550 no such person", busy=b"450 later") as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", found.port, 5
        yield found


def test_it_works(busy: Story) -> None:
    assert [user.username for user in owed(NOW)] == ["editor", "approver"]
    assert send_digests(NOW) == 2
    assert [message.to for message in mail.outbox] == [["editor@news.test"], ["approver@news.test"]]
    message = mail.outbox[0]
    assert message.subject == "Reckoner: 0 waiting, 1 resolved last week"
    assert "Policy desk: 70 % (miss)" in str(message.body)
    assert "It did not happen" in str(message.body)
    assert message.extra_headers["Message-ID"] == f"<digest.2026-07-06.{busy.editor.pk}@reckoner.example>"


def test_each_week_once(busy: Story) -> None:
    assert (send_digests(NOW), owed(NOW), send_digests(NOW + DAY)) == (2, [], 0)
    busy.settled(0.7, "yes")
    late = week_of(NOW) + WEEK
    assert owed(late - dt.timedelta(seconds=1)) == []
    assert len(owed(late)) == 2


def test_a_new_editor_gets_the_week_that_is_running(busy: Story) -> None:
    send_digests(NOW)
    addressed(make_user("fresh", "Editors"))
    assert send_digests(NOW + DAY) == 1
    assert mail.outbox[-1].to == ["fresh@news.test"]


def test_where_there_is_nothing_to_say_nothing_is_sent_and_the_week_is_done_for(story: Story) -> None:
    addressed(story.editor)
    assert send_digests(NOW) == 0
    assert (mail.outbox, owed(NOW)) == ([], [])
    assert owed(NOW + WEEK) == [story.editor]


def test_without_mail_nothing_is_owed(busy: Story, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert (owed(NOW), send_digests(NOW), Heartbeat.objects.count()) == ([], 0, 0)
    with pytest.raises(CommandError, match="EMAIL_URL: it is not set"):
        call_command("send_digest")


def test_all_links_are_absolute_and_both_parts_have_the_same(busy: Story) -> None:
    waiting = busy.opened()
    busy.proposes(waiting, "yes", known_at=START + DAY)
    save_source(
        source=EvidenceSource(title="Wire", url="https://a.test/", paused=True, paused_reason="gone"),
        at=START,
        by=busy.editor,
    )
    message = mail_of(digest(NOW), busy.editor, NOW)
    ((html, kind),) = [(str(part.content), part.mimetype) for part in message.alternatives]
    assert kind == "text/html"
    links = re.findall(r'href="([^"]+)"', html)
    assert {link for link in links if not link.startswith("https://reckoner.example/")} == set()
    told = set(re.findall(r"https://\S+", str(message.body)))
    assert told <= set(links)
    assert set(links) - told == {"https://reckoner.example/desk/recap/?until=2026-07-05"}
    assert any("/desk/forecasts/proposal/" in link for link in told)
    assert "<script" not in html + str(message.body)


def test_it_tells_what_surprised_what_changed_and_what_is_due(busy: Story) -> None:
    row = busy.opened(resolves_by=NOW + DAY)
    busy.says(row, 0.4)
    busy.amends(row, {"fine_print": "In any language."}, at=NOW - 2 * DAY, reason="it was\nasked")
    plain = digest_text(digest(NOW), "https://reckoner.example").replace("\N{NO-BREAK SPACE}", " ")
    assert "Biggest surprise\n- The communications" in plain
    assert "  It did not happen. Policy desk: 70 %, which left it 30 %\n" in plain
    assert "Criteria changed: 1.\n- The communications" in plain
    assert "  Version 2, after forecasts had been made. Why: it was asked\n" in plain
    assert "Due next: 1.\n- The communications" in plain
    html = digest_html(digest(NOW))
    assert all(part in html for part in ("Biggest surprise", "Criteria changed: 1", "Why: it was", "Due next: 1"))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.add(tag)


def test_hostile_titles_stay_what_they_are(busy: Story, box: Mailbox, settings: Any) -> None:
    settings.SITE_NAME = "Reckoner\nBcc: site@evil.test"
    busy.settled(0.7, "yes", statement=EVIL)
    busy.unreviews(busy.sees(busy.opened(statement=EVIL), at=START + DAY))
    assert send_digests(NOW) == 2
    assert box.recipients() == ["editor@news.test", "approver@news.test"]
    message = box.mails[0][1]
    assert message["Bcc"] is None
    assert message["Subject"].startswith("Reckoner Bcc: site@evil.test: ")
    plain, html = (part.get_content() for part in message.iter_parts())
    assert "It will. Bcc: all@evil.test Resolved: 99 <script>alert(1)</script>" in plain
    assert not re.search(r"^(Bcc|Resolved: 99)", plain, re.MULTILINE)
    assert "\u202e" not in plain
    tags = Tags()
    tags.feed(html)
    assert "script" not in tags.found


def test_a_mail_server_takes_it(busy: Story, box: Mailbox) -> None:
    assert send_digests(NOW) == 2
    (recipient, message), _ = box.mails
    assert (recipient, message["To"], message["From"]) == ("editor@news.test", "editor@news.test", "reckoner@localhost")
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_who_is_refused_for_good_waits_a_week_and_who_is_put_off_an_hour(busy: Story, box: Mailbox) -> None:
    addressed(busy.editor, "refused@news.test")
    addressed(busy.approver, "busy@news.test")
    fresh = addressed(make_user("fresh", "Editors"))
    assert send_digests(NOW) == 1
    assert box.recipients() == [fresh.email]  # whoever comes behind them gets it
    assert owed(NOW + RETRY) == [busy.approver]
    addressed(busy.approver)
    assert send_digests(NOW + RETRY) == 1


def test_an_address_that_is_none_stops_nobody(busy: Story, box: Mailbox) -> None:
    addressed(busy.editor, "a@news.test\nBcc: all@evil.test")
    assert send_digests(NOW) == 1
    assert box.recipients() == ["approver@news.test"]
    assert owed(NOW + RETRY) == []


def test_a_mail_server_that_is_gone_is_asked_again_in_an_hour(busy: Story, box: Mailbox, settings: Any) -> None:
    settings.EMAIL_PORT = 1  # nobody listens
    assert send_digests(NOW) == 0
    assert owed(NOW + RETRY - dt.timedelta(seconds=1)) == []
    settings.EMAIL_PORT = box.port
    assert send_digests(NOW + RETRY) == 2


def test_a_run_that_broke_off_is_taken_up_again(busy: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("forecasts.jobs.digest.mail_of", broken)
        with pytest.raises(KeyboardInterrupt):
            send_digests(NOW)
    assert owed(NOW) == [busy.approver]
    assert send_digests(NOW + LEASE) == 2


def command(*given: str) -> str:
    said = StringIO()
    call_command("send_digest", *given, stdout=said)
    return said.getvalue()


@pytest.fixture
def at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.mark.usefixtures("at_that_time")
def test_by_hand(busy: Story) -> None:
    shown = command("--dry-run")
    assert shown.startswith("To: editor <editor@news.test>, approver <approver@news.test>\nSubject: Reckoner: ")
    assert "(miss)" in shown
    assert mail.outbox == []
    assert command() == "Sent to 2.\n"
    assert command() == "Sent to 0.\n"
    assert command("--dry-run").startswith("To: nobody\n")
    assert command("--to", "operator") == "Sent to 1.\n"
    assert mail.outbox[-1].to == ["operator@news.test"]
    with pytest.raises(CommandError, match="to: 'without-address' has no e-mail address"):
        command("--to", "without-address")
    with pytest.raises(CommandError, match="'nobody' is not a user here"):
        command("--to", "nobody")


def test_links_that_lead_to_this_machine_are_told_at_the_deployment(box: Mailbox, settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert [message.id for message in check_hosts(None)] == ["forecasts.W007"]
    settings.SITE_URL = "https://reckoner.example"
    assert check_hosts(None) == []
