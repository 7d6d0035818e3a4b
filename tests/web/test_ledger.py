from typing import Any

import pytest
from django.test import Client

from forecasts.models import LedgerHead
from tests.story import Story
from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db


def test_it_works(client: Client, story: Story) -> None:
    story.opened()
    head = LedgerHead.objects.get()
    page = read(client, "/ledger/")
    assert in_order(
        page.text,
        f"Entries {head.size}",
        head.digest,
        "manage.py verify_ledger",
        f"{head.size} prediction.opened",
        head.digest[:12],
    )


def test_an_empty_ledger_has_a_page(client: Client) -> None:
    assert "Nothing has been decided yet." in read(client, "/ledger/").text


def test_it_tells_nothing_of_a_draft(client: Client, story: Story) -> None:
    draft = story.draft(statement="A secret draft will be published by June.")
    page = read(client, "/ledger/")
    assert draft.statement not in page.html
    assert draft.slug not in page.html


def test_it_answers_304_with_as_many_queries_as_ever(
    client: Client, story: Story, django_assert_max_num_queries: Any
) -> None:
    for _ in range(15):
        story.opened()
    with django_assert_max_num_queries(4):
        tag = client.get("/ledger/")["ETag"]
    assert client.get("/ledger/", headers={"If-None-Match": tag}).status_code == 304
