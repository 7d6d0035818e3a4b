"""Choosing a row by its words, its name or its number, without a script."""

import pytest
from django.core.exceptions import ValidationError

from forecasts.admin.rows import MOST_ROWS, ROOM, SUGGESTED, RowField, RowsField
from forecasts.models import Forecaster, Topic
from tests.journeys.desk import Desk, shown
from tests.story import Story

LABS = ("lab-north", "lab-south", "lab-south-pole")


@pytest.fixture
def field(story: Story) -> RowField:
    for slug in LABS:
        story.forecaster(slug)
    return RowField(Forecaster.objects.speaking(), ("name", "slug"), required=False)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("lab-north", "lab-north"),
        ("  Lab NORTH ", "lab-north"),
        ("pole", "lab-south-pole"),
        ("lab south", "lab-south"),  # called so, though another has the words too
    ],
)
def test_words_that_only_one_row_has_find_it(field: RowField, typed: str, slug: str) -> None:
    assert field.clean(typed).slug == slug


def test_a_suggestion_or_a_number_finds_its_row(field: RowField) -> None:
    row = Forecaster.objects.get(slug="lab-north")
    assert field.clean(f"Lab North #{row.pk}") == field.clean(str(row.pk)) == row
    assert field.clean(field.prepare_value(row.pk)) == row
    assert field.clean("") is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nobody", "Nothing is called “nobody”. Choose one of the suggestions, or give its number."),
        ("99999999", "Nothing is called “99999999”."),
        ("9" * 30, f"Nothing is called “{'9' * 30}”."),
        ("x\x00", "Null characters"),
    ],
)
def test_what_names_no_row_is_refused_with_what_to_do(field: RowField, typed: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said.replace(".", r"\.").replace("“", ".")):
        field.clean(typed)


def test_words_of_several_rows_name_them(field: RowField) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean("lab-s")
    assert refused.value.messages[0].startswith("“lab-s” could be Lab South Pole #")
    assert "Lab South #" in refused.value.messages[0]


def test_nothing_has_changed_while_the_same_row_is_named(field: RowField) -> None:
    row = Forecaster.objects.get(slug="lab-north")
    assert not field.has_changed(row.pk, f"Lab North #{row.pk}")
    assert field.has_changed(row.pk, "")
    assert not field.has_changed(None, "")


def test_the_form_has_as_many_suggestions_as_fit_however_many_rows_there_are(story: Story) -> None:
    for number in range(SUGGESTED + 5):
        story.forecaster(f"lab-{number}")
    page = Desk(story.editor).get("/desk/forecasts/prediction/add/").content.decode()
    assert page.count('<option value="Lab ') == SUGGESTED
    assert 'list="suggested_forecaster_rows"' in page
    assert "select2" not in page


def test_topics_are_named_one_a_field_and_an_emptied_field_takes_one_away(story: Story) -> None:
    rules, rivers, roads = (story.topic(slug) for slug in ("rules", "rivers", "roads"))
    row = story.draft(topics=(rules, rivers))
    desk = Desk(story.editor)
    form = desk.get(f"/desk/forecasts/prediction/{row.pk}/change/").context["adminform"].form
    assert sorted(form["topics"].value()) == [f"Rivers #{rivers.pk}", f"Rules #{rules.pk}"]
    desk.change(row, topics=["", "rivers", f"Roads #{roads.pk}", "roads", ""])
    assert set(row.topics.all()) == {rivers, roads}
    desk.change(row, topics=["", ""])
    assert not row.topics.exists()


def test_every_topic_that_is_not_there_is_named_and_what_was_typed_stays(story: Story) -> None:
    row = story.draft(topics=(story.topic("rules"),))
    page = Desk(story.editor)
    url = f"/desk/forecasts/prediction/{row.pk}/change/"
    sent = shown(page.get(url).context["adminform"].form) | {"topics": ["rules", "seas", "skies"]}
    answer = page.try_to(url, **sent).content.decode()
    assert "Nothing is called “seas”" in answer
    assert "Nothing is called “skies”" in answer
    assert 'name="topics" value="skies"' in answer
    assert [topic.slug for topic in row.topics.all()] == ["rules"]


def test_more_topics_than_fit_are_refused(story: Story) -> None:
    story.topic("rules")
    field = RowsField(Topic.objects.all(), ("name",))
    assert len(field.clean(["rules"] * MOST_ROWS)) == 1
    with pytest.raises(ValidationError, match="at most 100"):
        field.clean(["rules"] * (MOST_ROWS + 1))


def test_the_form_is_no_longer_with_more_topics(story: Story) -> None:
    for number in range(SUGGESTED + 5):
        story.topic(f"t-{number}")
    page = Desk(story.editor).get("/desk/forecasts/prediction/add/").content.decode()
    assert page.count('<option value="T-') == SUGGESTED
    assert page.count('name="topics"') == ROOM


def test_the_list_is_narrowed_by_a_topic_that_is_typed(story: Story) -> None:
    rules, rivers = story.topic("rules"), story.topic("rivers")
    both = story.draft(topics=(rules, rivers))
    one = story.draft(topics=(rules,))
    desk = Desk(story.editor)

    def found(query: str) -> set[object]:
        return set(desk.get(f"/desk/forecasts/prediction/?{query}").context["cl"].result_list)

    assert found("") == {both, one}
    assert found("topic=rule") == {both, one}
    assert found("topic=RIV&status__exact=draft") == {both}
    assert found("topic=seas") == set()
    page = desk.get("/desk/forecasts/prediction/?topic=riv&status__exact=draft&p=0").content.decode()
    form = page[page.index('class="typed-filter"') :].partition("</form>")[0]
    assert 'name="topic" value="riv"' in form
    assert '<input type="hidden" name="status__exact" value="draft">' in form
    assert 'name="p"' not in form
