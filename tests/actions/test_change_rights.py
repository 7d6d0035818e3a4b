"""Changed rights stand in the ledger, under the opaque name of the user."""

import json

from forecasts.actions import record_rights
from forecasts.models import Actor, EntryKind, LedgerEntry
from tests.story import START, Story


def test_it_works(story: Story) -> None:
    record_rights(user=story.editor, groups=["Operators", "Editors"], at=START, by=story.approver)
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.RIGHTS_CHANGED, Actor.objects.get(user=story.editor).key)
    assert entry.actor == Actor.objects.get(user=story.approver).key
    assert json.loads(entry.content or "") == {"active": True, "groups": ["Editors", "Operators"], "superuser": False}
    assert story.editor.username not in (entry.content or "")
