"""Rendering the chart partials by themselves, with or without a project around them."""

from pathlib import Path

import django
from django.conf import settings
from django.template import Context, Engine

import forecasts

FOLDER = Path(forecasts.__file__).parent
TEMPLATES = FOLDER / "templates"
STYLESHEET = FOLDER / "static" / "forecasts" / "site.css"

LIBRARIES = {
    "drawing": "forecasts.templatetags.drawing",
    "i18n": "django.templatetags.i18n",
    "reckoner": "forecasts.templatetags.reckoner",
}

if not settings.configured:
    settings.configure()
    django.setup()


def rendered(name: str, **context: object) -> str:
    """The template forecasts/charts/`name` in this context."""
    return (
        Engine(dirs=[str(TEMPLATES)], libraries=LIBRARIES)
        .get_template(f"forecasts/charts/{name}")
        .render(Context(context))
    )
