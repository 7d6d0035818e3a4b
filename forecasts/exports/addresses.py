"""Addresses as others use them: they begin with the setting SITE_URL, never with what a request calls this host."""

from django.conf import settings
from django.utils.html import escape

EMBED_WIDTH = 560
EMBED_HEIGHTS = {"predictions": 260, "forecasters": 390}


def absolute(path: str) -> str:
    """`path`, such as /predictions/x/, as an address with scheme and host."""
    return f"{settings.SITE_URL}{path}"


def iframe(path: str, title: str, width: int = EMBED_WIDTH, height: int | None = None) -> str:
    """The markup, as text, with which another site shows the page at `path`, that of a prediction or a forecaster."""
    high = EMBED_HEIGHTS[path.split("/")[1]] if height is None else height
    given = {"src": absolute(f"/embed{path}"), "title": title, "width": width, "height": high, "loading": "lazy"}
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in given.items())
    return f'<iframe {attributes} style="border:0;max-width:100%"></iframe>'
