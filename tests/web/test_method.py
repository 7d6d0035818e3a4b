import pytest
from django.test import Client

from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    page = read(client, "/method/")
    assert page.headings[0] == "How we score"
    assert {"Which forecast counts", "Which predictions count", "Tracks", "What the diagram shows", "Limits"} <= set(
        page.headings
    )


def test_the_worked_example_is_computed(client: Client) -> None:
    assert in_order(
        read(client, "/method/").text,
        "always says 50 % gets 0.250",  # (0.5 - 1)²
        "70 % (0.7 − 1)² 0.09",
        "10 % (0.1 − 0)² 0.01",
        "90 % (0.9 − 0)² 0.81",
        "The mean is 0.303",  # (0.09 + 0.01 + 0.81) / 3
        "it happened 18 of 28 times (64 %)",
        "it runs from 46 to 79 %",  # Wilson's interval of 18 of 28
    )


def test_it_answers_304(client: Client) -> None:
    tag = client.get("/method/")["ETag"]
    assert client.get("/method/", headers={"If-None-Match": tag}).status_code == 304
