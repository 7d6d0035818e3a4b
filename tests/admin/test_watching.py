"""Watching a source for a prediction: groups are suggested, and a data series takes a rule."""

import json

from django.urls import reverse

from forecasts.actions import save_source, save_watch
from forecasts.models import EvidenceSource, Prediction, Watch
from tests.journeys.desk import Desk
from tests.story import START, Story

RULE = {"when": {"mode": "on", "from": "2026-05-01"}, "op": ">", "threshold": "5"}


def page_of(prediction: Prediction) -> str:
    return reverse("admin:forecasts_prediction_do", args=[prediction.pk, "watch"])


def test_groups_are_suggested_from_the_statement(story: Story) -> None:
    prediction = story.opened(statement="Ruritania will ban deepfakes in advertisements by 30 June 2026.")
    story.opened(statement="Ruritania will tax robots by 30 June 2026.")
    form = Desk(story.editor).get(page_of(prediction)).context["form"]
    suggested = form["groups"].value()
    assert suggested.splitlines()[0].startswith("Ruritania")
    assert "advertisements" in suggested
    assert form["exclusions"].value() is None
    assert str(form["rule"]).endswith(">\n</textarea>")


def test_a_series_is_watched_by_a_rule(story: Story) -> None:
    spec = {"format": "csv", "freq": "month"}
    source = EvidenceSource(kind="data_series", title="Rates", url="https://rates.test/a.csv", spec=spec)
    source = save_source(source=source, at=START, by=story.editor)
    prediction = story.opened()
    Desk(story.editor).send(page_of(prediction), source=source.pk, groups="", rule=json.dumps(RULE))
    assert Watch.objects.get().rule == RULE


def test_what_is_wrong_with_a_rule_stands_beside_it(story: Story) -> None:
    source = save_source(source=EvidenceSource(title="Feed", url="https://feed.test/a"), at=START, by=story.editor)
    answer = Desk(story.editor).try_to(page_of(story.opened()), source=source.pk, rule=json.dumps(RULE))
    assert "only a data series has values; watch other sources by words" in answer.content.decode()
    assert not Watch.objects.exists()


def test_a_watch_by_words_is_changed_without_a_rule(story: Story) -> None:
    source = save_source(source=EvidenceSource(title="Feed", url="https://feed.test/a"), at=START, by=story.editor)
    desk = Desk(story.editor)
    desk.send(page_of(story.opened()), source=source.pk, groups="Ruritania")
    watch = Watch.objects.get()
    page = reverse("admin:forecasts_watch_change", args=[watch.pk])
    given = {"prediction": watch.prediction_id, "source": source.pk, "groups": "Borduria", "rule": ""}
    desk.send(page, **given)
    watch.refresh_from_db()
    assert (watch.groups, watch.rule) == ([["Borduria"]], {})


def test_the_page_of_a_prediction_says_how_its_sources_stand(story: Story) -> None:
    source = save_source(source=EvidenceSource(title="Feed <b>", url="https://feed.test/a"), at=START, by=story.editor)
    prediction = story.opened()
    save_watch(watch=Watch(prediction=prediction, source=source, groups=[["rule"]]), at=START, by=story.editor)
    page = Desk(story.editor).get(reverse("admin:forecasts_prediction_change", args=[prediction.pk])).content.decode()
    assert f'/desk/forecasts/evidencesource/{source.pk}/change/">Feed &lt;b&gt;</a> (not checked yet)' in page
