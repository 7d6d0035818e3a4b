"""The numbers of a chart as a file, from the page that shows it."""

import csv
import io

import pytest
from django.test import Client

from forecasts.actions import save_reference
from forecasts.language.cells import as_written
from forecasts.models import Forecaster
from tests.story import DAY, START, Story
from tests.trackrecord import track_record
from tests.web.reading import read


def table_of(client: Client, url: str) -> list[list[str]]:
    answer = client.get(url)
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def links(client: Client, url: str) -> list[str]:
    return [link for link in read(client, url).links if "table=" in link]


@pytest.fixture
def spoken(story: Story) -> str:
    """The page of a prediction of which somebody has spoken whose name a spreadsheet would run."""
    prediction = story.opened()
    evil = save_reference(row=Forecaster(slug="evil", name="=1+1", kind="person"), at=START, by=story.editor)
    story.says(prediction, 0.25, forecaster=evil)
    story.says(prediction, 0.75, at=START + DAY, forecaster=evil)
    return prediction.get_absolute_url()


def test_it_works(client: Client, spoken: str) -> None:
    assert links(client, spoken) == ["?table=history"]
    rows = table_of(client, f"{spoken}?table=history")
    assert rows[0] == ["When (UTC)", "Forecaster", "Said", "Given as"]
    assert [row[1:3] for row in rows[1:]] == [["'=1+1", "75\xa0%"], ["'=1+1", "25\xa0%"]]


def test_a_file_answers_304_and_changes_with_its_page(client: Client, spoken: str) -> None:
    page, file = client.get(spoken), client.get(f"{spoken}?table=history")
    assert file["Content-Disposition"] == 'attachment; filename="history.csv"'
    assert file["ETag"] != page["ETag"]
    assert client.get(f"{spoken}?table=history", headers={"If-None-Match": file["ETag"]}).status_code == 304


def test_every_chart_of_a_scorecard_has_a_file_with_what_its_table_shows(client: Client, story: Story) -> None:
    oracle = story.forecaster("oracle")
    track_record(story, [({"oracle": 10_000 * (n % 10) // 10}, "yes" if n % 3 else "no") for n in range(120)], [oracle])
    address = "/forecasters/oracle/?track=imported"
    page, files = read(client, address), links(client, address)
    assert {link.partition("table=")[2] for link in files} >= {"calibration", "groups", "references"}
    assert len(set(files)) == len(files) == page.html.count("<caption id=")
    for link in files:
        assert link.startswith("?track=imported&table=")
        for row in table_of(client, f"/forecasters/oracle/{link}"):
            assert " ".join(" ".join(map(as_written, row)).split()) in page.text, row


@pytest.mark.parametrize(
    ("address", "accepted"), [("{}", "give one of history"), ("/method/", "this page has no table")]
)
def test_a_table_that_is_not_there_is_refused(client: Client, spoken: str, address: str, accepted: str) -> None:
    text = read(client, address.format(spoken) + "?table=none", status=400).text
    assert "none" in text
    assert accepted.capitalize() in text or accepted in text


def test_a_card_inside_another_site_has_no_file(client: Client, spoken: str) -> None:
    assert "table=" not in client.get(f"/embed{spoken}").content.decode()
