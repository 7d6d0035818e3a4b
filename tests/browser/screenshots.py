"""Pictures of a page as readers see it: light and dark, on a desktop and on a phone.

    python -m tests.browser.screenshots http://127.0.0.1:8000/ shots home

writes shots/home-light-desktop.png and its three siblings.
"""

import shutil
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
DESKTOP, PHONE = (1280, 900), (360, 800)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def chromium() -> str | None:
    """The path of an installed Chromium, if there is one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def shoot(url: str, folder: Path, name: str) -> list[Path]:
    """Four full-page PNGs of `url` in `folder`, which is made: `name`-{light,dark}-{desktop,phone}.png.

    Raises FileNotFoundError when no Chromium is installed, and playwright's Error when the page does not load.
    """
    executable = chromium()
    if executable is None:
        raise FileNotFoundError(f"none of {', '.join(BROWSERS)} is installed")
    folder.mkdir(parents=True, exist_ok=True)
    shots = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        for theme in THEMES:
            for device, (width, height) in (("desktop", DESKTOP), ("phone", PHONE)):
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=theme, device_scale_factor=2
                )
                page.goto(url)
                shots.append(folder / f"{name}-{theme}-{device}.png")
                page.screenshot(path=shots[-1], full_page=True)
                page.close()
        browser.close()
    return shots


if __name__ == "__main__":
    url, folder, name = sys.argv[1:]
    shoot(url, Path(folder), name)
