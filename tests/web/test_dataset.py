"""The page of the dataset and its files."""

import gzip
import hashlib
import json
from typing import Any

import pytest
from django.test import Client

from forecasts.exports.datapackage import Licence
from forecasts.exports.dataset import write_dataset
from tests.exports.test_dataset import AT
from tests.story import Story
from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db
BASE = "/dataset/2026-07-01T020000Z/"


@pytest.fixture
def written(story: Story, settings: Any) -> None:
    story.settled(0.7, "yes")
    write_dataset(settings.DATASET_DIR, at=AT)


def body(client: Client, path: str, media_type: str) -> bytes:
    answer = client.get(path)
    data = b"".join(answer.streaming_content)
    answer.close()
    assert (answer["Content-Type"], int(answer["Content-Length"])) == (media_type, len(data))
    assert "Content-Encoding" not in answer
    return data


def test_it_works(client: Client, written: None) -> None:
    page = read(client, "/dataset/")
    assert in_order(page.text, "Written 1 July 2026, 02:00 UTC", "None is named.", "forecasts.csv.gz")
    data = body(client, f"{BASE}forecasts.csv.gz", "application/gzip")
    assert gzip.decompress(data).startswith(b"id,prediction,forecaster,issued_at")
    digest = hashlib.sha256(data).hexdigest()
    assert digest in page.html
    package = json.loads(body(client, f"{BASE}datapackage.json", "application/json"))
    assert f"sha256:{digest}" in {each["hash"] for each in package["resources"]}


def test_every_link_leads_to_a_file(client: Client, written: None) -> None:
    links = [link for link in read(client, "/dataset/").links if link.startswith(BASE)]
    assert len(links) == 13  # six tables in two forms, and their description
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        answer.close()


def test_before_the_first_night_it_says_so(client: Client) -> None:
    assert "The first one is written tonight." in read(client, "/dataset/").text


@pytest.mark.parametrize("page", ["/dataset/", f"{BASE}forecasts.csv.gz", f"{BASE}datapackage.json"])
def test_what_has_not_changed_is_not_sent_again(
    client: Client, written: None, page: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.get(page)
        answer.close()
        tag = answer["ETag"]
        assert client.get(page, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        f"{BASE}other.csv.gz",
        f"{BASE}..%2F..%2Freckoner.sqlite3",
        f"{BASE}../../secret_key",
        "/dataset/..%2F/datapackage.json",
        "/dataset/2026-07-01/datapackage.json",
        "/dataset/2026-07-02T020000Z/forecasts.csv.gz",
        "/dataset/.part-2026-07-01T020000Z-1/forecasts.csv.gz",
    ],
)
def test_nothing_else_can_be_had(client: Client, written: None, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_file_that_goes_meanwhile_is_not_there(client: Client, written: None, settings: Any) -> None:
    (settings.DATASET_DIR / "2026-07-01T020000Z" / "scores.csv.gz").unlink()
    assert client.get(f"{BASE}scores.csv.gz").status_code == 404


def test_a_licence_that_is_no_web_address_is_no_link(client: Client, story: Story, settings: Any) -> None:
    write_dataset(settings.DATASET_DIR, at=AT, licences=[Licence("<b>mine", "javascript:alert(1)")])
    html = read(client, "/dataset/").html
    assert "&lt;b&gt;mine" in html
    assert "javascript:" not in html
