"""Appending: numbered without gaps, chained, under opaque names."""

from django.contrib.auth.models import User

from forecasts.actions import save_reference
from forecasts.ledger.append import actor_key
from forecasts.ledger.verify import GENESIS
from forecasts.models import Actor, LedgerEntry, LedgerHead
from tests.story import START, Story


def test_it_works(story: Story) -> None:
    for name in ("chips", "bonds", "votes"):
        story.topic(name)
    entries = list(LedgerEntry.objects.all())
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    assert [entry.prev for entry in entries] == [GENESIS, *(entry.digest for entry in entries[:-1])]
    head = LedgerHead.objects.get()
    assert (head.size, head.digest) == (4, entries[-1].digest)


def test_two_like_contents_have_two_salts_and_two_digests(story: Story) -> None:
    topic = story.topic("chips")
    from_before = LedgerEntry.objects.latest("seq")
    save_reference(row=topic, at=START, by=story.editor)
    again = LedgerEntry.objects.latest("seq")
    assert again.content == from_before.content
    assert again.salt != from_before.salt
    assert again.content_sha256 != from_before.content_sha256


def test_an_actor_is_opaque_and_stays_one(story: Story) -> None:
    story.topic("chips")
    actor = Actor.objects.get(user=story.editor)
    assert set(LedgerEntry.objects.values_list("actor", flat=True)) == {actor.key}
    assert story.editor.username not in actor.key
    assert actor.key.startswith("user:")
    assert actor_key("rule:silence_after_deadline") == "rule:silence_after_deadline"
    assert User.objects.get(actor__key=actor.key) == story.editor
    assert LedgerEntry.objects.latest("seq").at == START
