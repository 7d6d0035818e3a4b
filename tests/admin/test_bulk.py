"""Many predictions at once: each through its action, what one is refused is named, and the others go through."""

import csv
import socket
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forecasts.actions import claim_source, save_source, save_watch
from forecasts.admin import bulk
from forecasts.errors import Conflict, Refused
from forecasts.jobs.digest import NO_MAIL
from forecasts.models import EvidenceSource, LedgerEntry, Prediction, Watch
from tests.journeys.desk import Desk
from tests.mailbox import mailbox
from tests.story import DAY, DEADLINE, START, Story, make_user

PAGE = reverse("admin:forecasts_prediction_changelist")


def does(desk: Desk, action: str, *rows: Prediction, **given: Any) -> HttpResponse:
    return desk.try_to(PAGE, action=action, _selected_action=[row.pk for row in rows], **given)


def said(answer: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def watched(story: Story, title: str, *predictions: Prediction, **fields: Any) -> EvidenceSource:
    source = EvidenceSource(title=title, url=f"https://{title}.test/", **fields)
    source = save_source(source=source, at=START, by=story.editor)
    for row in predictions:
        save_watch(watch=Watch(prediction=row, source=source, groups=[["Ruritania"]]), at=START, by=story.editor)
    return source


def test_a_topic_is_asked_for_and_added(story: Story) -> None:
    desk, chips, _ = Desk(story.editor), story.topic("chips"), story.topic("policy")
    rows = [story.opened(topics=[chips]), story.draft(), story.settled(0.7, "yes")]
    other = story.opened()
    asked = does(desk, "assign_topic", *rows).content.decode()
    assert "Assign a topic" in asked
    assert asked.count('name="_selected_action"') == 3
    assert "required" in does(desk, "assign_topic", *rows, topic="", asked=1).content.decode()
    assert "Nothing is called" in does(desk, "assign_topic", *rows, topic="no such", asked=1).content.decode()
    answer = does(desk, "assign_topic", *rows, topic="Policy", asked=1)
    assert (answer.status_code, said(answer)) == (302, ["Policy is now a topic of 3 predictions."])
    assert [sorted(row.topics.values_list("slug", flat=True)) for row in rows] == [
        ["chips", "policy"],
        ["policy"],
        ["policy"],
    ]
    assert not other.topics.exists()
    assert LedgerEntry.objects.filter(kind="prediction.amended").count() == 3


def test_what_one_row_is_refused_is_named_and_stops_no_other(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    topic, bad, good = story.topic("policy"), story.opened(), story.opened()
    real = bulk.amend_prediction

    def amend(*, prediction: Prediction, **given: Any) -> Prediction:
        if prediction.pk == bad.pk:
            raise Conflict("prediction", prediction.slug, "somebody else was first")
        return real(prediction=prediction, **given)

    monkeypatch.setattr(bulk, "amend_prediction", amend)
    answer = does(Desk(story.editor), "assign_topic", bad, good, topic=topic.pk, asked=1)
    refusal, done = said(answer)
    assert refusal.startswith("The communications authority of Ruritania")
    assert "somebody else was first" in refusal
    assert done == "Policy is now a topic of 1 prediction."
    assert (bad.topics.count(), good.topics.count()) == (0, 1)


def test_predictions_are_closed_early_with_a_reason_that_readers_see(story: Story) -> None:
    desk, later, settled = Desk(story.editor), timezone.now() + DAY, story.settled(0.7, "yes")
    rows = [story.opened(closes_at=later, resolves_by=later) for _ in range(2)]
    story.says(rows[0], 0.7)
    assert "Close early" in does(desk, "close_early", *rows).content.decode()
    assert "required" in does(desk, "close_early", *rows, reason="", asked=1).content.decode()
    told = said(does(desk, "close_early", *rows, settled, reason="The vote was brought forward.", asked=1))
    assert "only an open prediction can be closed" in told[0]
    assert told[1:] == ["2 predictions closed."]
    for row in rows:
        row.refresh_from_db()
        assert (row.status, row.closes_at < timezone.now(), row.resolves_by) == ("closed", True, later)
        assert row.versions.order_by("number").last().reason == "The vote was brought forward."
    with pytest.raises(Refused, match="forecasts closed at"):
        story.says(rows[0], 0.8, at=timezone.now())


def test_a_close_that_has_come_is_not_put_off(story: Story) -> None:
    """Whose clock stands still may find predictions open whose close was hours ago."""
    came = timezone.now() - DAY
    row = story.opened(closes_at=came, resolves_by=timezone.now() + DAY)
    told = said(does(Desk(story.editor), "close_early", row, reason="Nobody is at work.", asked=1))
    assert "its close has come; the clock closes it" in told[0]
    assert told[1:] == ["0 predictions closed."]
    row.refresh_from_db()
    assert row.closes_at == came
    with pytest.raises(Refused, match="forecasts closed at"):
        story.says(row, 0.8, at=timezone.now(), issued_at=came + DAY / 2)


def test_editors_are_reminded_by_mail(story: Story, settings: Any) -> None:
    settings.SITE_URL = "https://reckoner.example"
    story.editor.email = "editor@news.test"
    story.editor.save()
    rows = [story.opened(statement="It will.\nBcc: all@evil.test"), story.draft(resolves_by=None)]
    assert said(does(Desk(story.editor), "remind_editors", *rows)) == ["1 editor was reminded of 2 predictions."]
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["editor@news.test"], "Reckoner: 2 predictions to look at")
    assert "- It will. Bcc: all@evil.test (Open, deadline 2026-06-30)" in sent.body
    assert f"  https://reckoner.example/desk/forecasts/prediction/{rows[1].pk}/change/" in sent.body
    assert "no deadline yet" in sent.body


def test_a_mail_that_is_not_taken_is_said(story: Story, settings: Any) -> None:
    story.editor.email = "gone@news.test"
    story.editor.save()
    with mailbox(gone=b"550 no such person") as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        told = said(does(Desk(story.editor), "remind_editors", story.opened()))
    assert told == ["editor: the mail was not taken; the log says why", "0 editors were reminded of 1 prediction."]
    settings.EMAIL_BACKEND = NO_MAIL
    told = said(does(Desk(story.editor), "remind_editors", story.opened()))
    assert told == ["No mail was sent: this site has no mail server (EMAIL_URL)."]


def test_a_mail_server_that_does_not_answer_is_waited_for_once(story: Story, settings: Any) -> None:
    for number in range(3):
        user = make_user(f"editor-{number}", "Editors")
        user.email = "editor@news.test"
        user.save()
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "django.core.mail.backends.smtp.EmailBackend", 0.1
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0.1)
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        told = said(does(Desk(story.editor), "remind_editors", story.opened()))
        silent.accept()[0].close()
        with pytest.raises(TimeoutError):
            silent.accept()
    assert told[0] == "editor-0: the mail was not taken; the log says why"
    assert told[-1] == "0 editors were reminded of 1 prediction."


def test_the_sources_of_predictions_are_due_once_each(story: Story) -> None:
    rows = [story.opened(), story.opened()]
    alone = story.opened()
    source = watched(story, "gazette", *rows)
    watched(story, "paused", rows[0], paused=True, paused_reason="it is gone")
    busy = watched(story, "busy", rows[1])
    claim_source(source=busy, due_at=busy.next_check_at, at=START + DAY)
    elsewhere = watched(story, "elsewhere", story.opened())
    answer = does(Desk(story.editor), "check_sources", *rows, alone)
    told = said(answer)
    assert len(told) == 4
    assert "busy: " in told[0]
    assert "it is being checked at this moment" in told[0]
    assert "it is paused: it is gone" in told[1]
    assert told[2].endswith(": no source is watched for it")
    assert told[3] == "1 source is due now."
    source.refresh_from_db()
    assert source.next_check_at > START
    elsewhere.refresh_from_db()
    assert elsewhere.next_check_at == START


def test_numbers_are_exported(story: Story) -> None:
    rows = [story.opened(statement="=cmd|' /C calc'!A0 will"), story.draft(resolves_by=None)]
    answer = does(Desk(make_user("operator", "Operators")), "export_ids", *rows)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="predictions.csv"'
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    head, first, second = csv.reader(text.splitlines())
    assert head == ["id", "slug", "status", "resolves_by"]
    assert first == [str(rows[0].pk), rows[0].slug, "open", DEADLINE.isoformat()]
    assert (second[0], second[3]) == (str(rows[1].pk), "")
    assert "=" not in text


@pytest.mark.parametrize(
    ("group", "offered"),
    [
        ("Editors", {"assign_topic", "close_early", "remind_editors", "export_ids"}),
        ("Operators", {"check_sources", "export_ids"}),
        ("Approvers", {"export_ids"}),
    ],
)
def test_each_group_is_offered_what_it_may_do(story: Story, group: str, offered: set[str]) -> None:
    row, topic = story.opened(), story.topic("policy")
    watched(story, "gazette", row)
    desk = Desk(make_user("somebody", group))
    page = desk.get(PAGE).content.decode()
    names = {"assign_topic", "close_early", "remind_editors", "check_sources", "export_ids"}
    assert {name for name in names if f'value="{name}"' in page} == offered
    for name in names - offered:
        does(desk, name, row, topic=topic.pk, reason="no", asked=1)
    assert not row.topics.exists()
    assert EvidenceSource.objects.get().next_check_at == START
    assert LedgerEntry.objects.filter(kind="prediction.amended").count() == len(mail.outbox) == 0


def test_too_many_at_once_are_refused_whole(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 1)
    rows, topic = [story.opened(), story.opened()], story.topic("policy")
    for name in ("assign_topic", "close_early", "remind_editors", "check_sources"):
        answer = does(Desk(story.editor), name, *rows, topic=topic.pk, asked=1)
        assert said(answer) == ["Nothing was done: choose at most 1 predictions at a time."]
    assert not topic.predictions.exists()


def test_many_refusals_are_cut_and_counted(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "NAMED", 2)
    told = said(does(Desk(story.editor), "check_sources", *(story.opened() for _ in range(4))))
    assert told[2:] == ["and 2 more", "0 sources are due now."]


def test_an_export_asks_once(story: Story) -> None:
    rows = [story.opened() for _ in range(5)]
    answer = does(Desk(story.editor), "export_ids", *rows)
    with CaptureQueriesContext(connection) as captured:
        list(answer.streaming_content)  # type: ignore[attr-defined]
    assert len(captured) == 1
