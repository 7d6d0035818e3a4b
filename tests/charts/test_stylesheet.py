import re

import pytest

from tests.charts.rendering import STYLESHEET, TEMPLATES

CSS = STYLESHEET.read_text()
PHONE, NARROWEST, PADDING = 360, 320, 2 * 16
VIEW_BOX, WIDEST_CHART = 440, 32 * 16
LIGHT, DARK, PRINT = (
    dict(re.findall(r"(--\w+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", CSS, flags=re.DOTALL)
)


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance of #rgb or #rrggbb."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_stylesheet_is_at_most_12_kilobytes() -> None:
    assert len(CSS.encode()) <= 12 * 1024


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert not re.search(r"@import|url\(", CSS)


@pytest.mark.parametrize("theme", [LIGHT, {**LIGHT, **DARK}, {**LIGHT, **PRINT}], ids=["light", "dark", "print"])
@pytest.mark.parametrize("name", ["--ink", "--quiet", "--accent", "--warn"])
def test_words_stand_out_from_the_paper(theme: dict[str, str], name: str) -> None:
    assert contrast(theme[name], theme["--paper"]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, {**LIGHT, **DARK}, {**LIGHT, **PRINT}], ids=["light", "dark", "print"])
@pytest.mark.parametrize("name", ["--s1", "--s2", "--s3", "--s4"])
def test_lines_of_charts_stand_out_from_the_paper(theme: dict[str, str], name: str) -> None:
    assert contrast(theme[name], theme["--paper"]) >= 3


def test_print_is_grey() -> None:
    assert all(len(set(re.findall("..", colour[1:]))) == 1 or len(set(colour[1:])) == 1 for colour in PRINT.values())


def test_letters_in_charts_are_at_least_12_pixels_on_a_phone() -> None:
    (units,) = re.findall(r"\.chart text \{[^}]*font: (\d+)px", CSS)
    assert float(units) * (PHONE - PADDING) / VIEW_BOX >= 12


def test_letters_in_charts_are_at_least_12_pixels_where_their_size_changes() -> None:
    changes = re.findall(r"@media \((m\w+)-width: (\d+)rem\) \{ (\.chart.*) \}", CSS)
    assert len(changes) == 3
    for bound, rem, rules in changes:
        narrowest = int(rem) * 16 if bound == "min" else NARROWEST
        across = min(narrowest - PADDING, WIDEST_CHART)
        assert all(float(units) * across / VIEW_BOX >= 12 for units in re.findall(r"font-size: ([\d.]+)px", rules))


def test_every_class_of_the_base_page_and_the_charts_is_styled() -> None:
    markup = "".join(path.read_text() for path in TEMPLATES.joinpath("forecasts/charts").iterdir())
    markup += TEMPLATES.joinpath("forecasts/base.html").read_text()
    used = {name for names in re.findall(r'class="([^"{]+)"', markup) for name in names.split()}
    assert {name for name in used if not re.search(rf"\.{name}\b", CSS)} == set()


@pytest.mark.parametrize("name", ["series-6", "mark-resolution", "mark-deadline", "mark-criteria", "part-5"])
def test_classes_that_templates_put_together_exist(name: str) -> None:
    assert re.search(rf"\.{name}\b", CSS)
