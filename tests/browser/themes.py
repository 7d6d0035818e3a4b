"""A page in its light and its dark colours."""

from typing import Literal

from playwright.sync_api import Page

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


def show_in(page: Page, theme: Theme) -> None:
    """Turn the page that is shown to `theme`, and wait until its colours have arrived there."""
    page.emulate_media(color_scheme=theme)
    page.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")
