"""Forecasters at the desk: merging two, and looking at those that we compute."""

from django.urls import reverse

from forecasts.models import Forecaster
from tests.journeys.desk import Desk
from tests.story import Story


def page_of(row: Forecaster, verb: str = "") -> str:
    if verb:
        return reverse("admin:forecasts_forecaster_do", args=[row.pk, verb])
    return reverse("admin:forecasts_forecaster_change", args=[row.pk])


def test_two_names_of_one_are_merged(story: Story) -> None:
    desk, other = Desk(story.editor), story.forecaster("other")
    form = desk.get(page_of(other, "merge")).content.decode()
    assert "Both names stay; this cannot be undone." in form
    assert "Policy desk" in form
    assert "Even guess" not in form
    answer = desk.client.post(page_of(other, "merge"), {"into": story.desk.pk}, follow=True)
    assert "Merged: what Other said counts for Policy desk." in answer.content.decode()
    other.refresh_from_db()
    assert other.merged_into == story.desk
    assert desk.get(page_of(other, "merge")).status_code == 403


def test_those_that_we_compute_are_only_looked_at(story: Story) -> None:
    desk, even = Desk(story.editor), Forecaster.objects.get(slug="always-50")
    page = desk.get(page_of(even))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert desk.client.post(page_of(even), {"name": "Mine"}).status_code == 403
    assert desk.get(page_of(even, "merge")).status_code == 403
