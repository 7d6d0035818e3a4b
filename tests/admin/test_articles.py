"""The admin form takes an article as it arrives."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from forecasts.models import Article, Forecast, Milestone, Prediction
from tests.journeys.desk import PASTE, Desk, browsed
from tests.shared import shared_data
from tests.story import Story

WATERMARKING, BIFURCATION = "mandate standardized 'AI watermarking'", "will bifurcate"


def test_an_uploaded_file_is_repaired_and_its_predictions_become_drafts(story: Story) -> None:
    desk = Desk(story.editor)
    data = shared_data("insight-article.txt").read_bytes()
    review = desk.read(file=SimpleUploadedFile("article.txt", data))
    assert "15 damaged runs of text were repaired." in review.content.decode()
    saved = desk.send(PASTE, **browsed(review), save="1")
    assert "2 drafts were saved." in desk.get(saved["Location"]).content.decode()
    article = Article.objects.get()
    assert (article.publisher, article.milestones.count()) == ("SCMP Technology", Milestone.objects.count())
    # Opening issues the suggestion; what names no date stays a draft.
    certain = Prediction.objects.get(statement__contains=WATERMARKING)
    desk.change(certain, resolution_source="The official gazette of the State Council", criteria=certain.criteria)
    desk.do(certain, "open")
    vague = Prediction.objects.get(statement__contains=BIFURCATION)
    refused = desk.try_to(reverse("admin:forecasts_prediction_do", args=[vague.pk, "open"]), override_reason="anyway")
    assert "give a deadline before opening: the statement names no date" in refused.content.decode()
    assert [row.status for row in Prediction.objects.order_by("pk")] == ["open", "draft"]
    forecast = Forecast.objects.get()
    assert (forecast.tick, forecast.basis, forecast.quote) == (9300, "implied", certain.statement)
