"""Choosing a row by its words, its name or its number, without a script."""

import pytest
from django.core.exceptions import ValidationError

from forecasts.admin.rows import SUGGESTED, RowField
from forecasts.models import Forecaster
from tests.journeys.desk import Desk
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
