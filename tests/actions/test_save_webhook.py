"""Webhooks: what operators may set, and what a worker wrote meanwhile."""

import datetime as dt
from typing import Any

import pytest

from forecasts.actions import claim_delivery, queue_test, rotate_secret, save_webhook
from forecasts.errors import NotAllowed
from forecasts.models import EntryKind, LedgerEntry, Webhook
from tests.hooks import SETTLED, webhook
from tests.refusals import refused
from tests.story import DAY, START, Story

URL = "https://consumer.test/hook?key=hush"


def test_it_works(story: Story) -> None:
    row = webhook(story, URL, "prediction.voided", "prediction.opened")
    assert row.kinds == ["prediction.opened", "prediction.voided"]  # in the order of the list
    assert (row.secret[:6], row.previous_secret, row.free_at, row.paused) == ("whsec_", "", START, False)
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.WEBHOOK_SAVED, f"webhook:{row.pk}")
    assert "consumer.test" in (entry.content or "")
    assert "hush" not in (entry.content or "")
    assert row.secret not in (entry.content or "")


@pytest.mark.parametrize(
    ("given", "field", "value", "accepted"),
    [
        ({"title": " "}, "title", "' '", "say whose webhook it is"),
        ({"url": "http://consumer.test/hook"}, "url", "http://consumer.test", "give an https address"),
        ({"url": "https://10.0.0.7/hook"}, "url", "https://10.0.0.7/hook", "only such addresses are read"),
        ({"url": "https://[::1]/hook"}, "url", "https://[::1]/hook", "only such addresses are read"),
        ({"url": "https://169.254.169.254/"}, "url", "https://169.254.169.254/", "only such addresses are read"),
        ({"url": "https://me:secret@consumer.test/"}, "url", "consumer.test", "give an https address"),
        ({"url": "file:///etc/passwd"}, "url", "file:///etc/passwd", "give an https address"),
        ({"url": "https://consumer.test/\nX: 1"}, "url", "consumer.test", "give an https address"),
        ({"kinds": []}, "kinds", "[]", "choose one or more of prediction.opened"),
        ({"kinds": ["prediction.logged"]}, "kinds", "prediction.logged", "choose one or more of"),
        ({"kinds": "prediction.opened"}, "kinds", "prediction.opened", "choose one or more of"),
        ({"paused": True}, "paused_reason", "''", "say why it is paused"),
    ],
)
def test_what_cannot_be_is_refused(
    story: Story, given: dict[str, Any], field: str, value: object, accepted: str
) -> None:
    with refused(field, value, accepted):
        row = Webhook(**{"title": "A consumer", "url": URL, "kinds": SETTLED, **given})
        save_webhook(webhook=row, at=START, by=story.editor)


def test_http_and_private_addresses_are_for_hosts_of_our_own(story: Story, settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE_HOSTS = ["127.0.0.1:8191"]
    assert webhook(story, "http://127.0.0.1:8191/hook").pk
    with refused("url", "http://127.0.0.1:8192/hook", "give an https address"):
        webhook(story, "http://127.0.0.1:8192/hook")


def test_only_operators_may(story: Story) -> None:
    row = webhook(story, URL)
    for act in (save_webhook, rotate_secret, queue_test):
        with refused("by", "approver", "the right operate_webhooks is needed", NotAllowed):
            act(webhook=row, at=START, by=story.approver)


def test_saving_leaves_what_a_worker_wrote_meanwhile(story: Story) -> None:
    row = webhook(story, URL)
    queue_test(webhook=row, at=START, by=story.editor)
    claimed = claim_delivery(webhook=row.pk, at=START)
    assert claimed is not None
    row.title = "Another consumer"
    save_webhook(webhook=row, at=START, by=story.editor)
    kept = Webhook.objects.get()
    assert (kept.title, kept.lease_id) == ("Another consumer", claimed.webhook.lease_id)


def test_rotating_keeps_the_secret_before_for_a_day(story: Story) -> None:
    row = webhook(story, URL)
    first = row.secret
    row = rotate_secret(webhook=row, at=START, by=story.editor)
    assert row.secrets_at(START + dt.timedelta(hours=23)) == (row.secret, first)
    assert row.secrets_at(START + DAY) == (row.secret,)
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, "whsec" in (entry.content or "")) == (EntryKind.WEBHOOK_ROTATED, False)
    second = row.secret
    row = rotate_secret(webhook=row, at=START, by=story.editor)
    assert row.secrets_at(START) == (row.secret, second)  # twice ends the first at once
