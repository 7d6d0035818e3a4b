"""What axe finds on the pages of readers and of the desk, in both themes: nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from forecasts.actions import apply_import, keep_import_file
from forecasts.admin.base import ActionAdmin, ReadOnlyAdmin
from forecasts.imports.formats import read_files
from tests.browser.conftest import Site
from tests.browser.themes import THEMES, Theme, show_in
from tests.imports.test_own import HEADER, ROW
from tests.story import make_user

pytestmark = pytest.mark.browser


# The themes differ in nothing but colours: all is looked at in the light, and what colours can break in the dark.
LOOKED_AT: dict[Theme, dict[str, object]] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]},
}


def found(page: Page, origin: str, addresses: Iterable[str]) -> list[str]:
    """What axe has to say, a line each."""
    said = []
    for address in addresses:
        page.goto(origin + address)
        page.evaluate(AXE_SCRIPT)  # once a page, which `Axe.run` does each time
        for theme in THEMES:
            show_in(page, theme)
            for broken in page.evaluate("options => axe.run(options)", LOOKED_AT[theme])["violations"]:
                said.append(f"{address[:80]}, {theme}: {broken['id']}, {broken['nodes'][0]['html'][:200]}")
    return said


def desk_pages() -> Iterator[str]:
    """The list, the empty form, the first row and every button of every noun, as far as there are rows."""
    yield from ("/desk/", "/desk/recap/", "/desk/recap/?until=2026-07-01")
    for model, registered in admin.site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{base}_changelist")
        if not isinstance(registered, ReadOnlyAdmin):
            yield reverse(f"{base}_add")
        if row := model._default_manager.first():
            yield reverse(f"{base}_change", args=[row.pk])
        for verb in registered.verbs if isinstance(registered, ActionAdmin) else ():
            rows = (row for row in model._default_manager.all() if verb.fits(row))
            yield from (reverse(f"{base}_do", args=[row.pk, verb.name]) for row in list(rows)[:1])


def test_nothing_on_the_pages_of_readers(site: Site, page: Page) -> None:
    assert found(page, site.origin, site.addresses) == []


@dataclass(frozen=True)
class Desk:
    pages: tuple[str, ...]
    session: str


@pytest.fixture
def desk(site: Site) -> Desk:
    """The pages, and a login of somebody who sees them all. Read first: beside the browser's loop Django refuses to."""
    user = make_user("root", "Editors", "Approvers", "Operators")
    user.is_superuser = True
    user.save()
    client = Client()
    client.force_login(user)
    return Desk((*desk_pages(), *import_pages(user)), client.cookies["sessionid"].value)


def import_pages(user: User) -> Iterator[str]:
    """The empty form, a dry run with rows of every state, one of a file that cannot be read, and a run."""
    table = "\n".join((HEADER, ROW, ROW.replace("0.7", "70 %"), "mine:1,,,oracle,,,2026-02-01,=1+1"))
    run = apply_import(bulk=read_files({"mine.csv": table.encode()}), at=timezone.now(), by=user).run
    more = table.replace("0.7", "0.6") + "\nmine:2,Snow.,2026-12-31,oracle,,,2026-02-01,0.1"
    file = keep_import_file(name="mine.csv", data=more.encode(), at=timezone.now(), by=user)
    check = reverse("admin:forecasts_importrun_check")
    assert run is not None
    yield reverse("admin:forecasts_importrun_add")
    yield from (f"{check}?file={file.sha256}&format=auto", f"{check}?file=lost")
    yield reverse("admin:forecasts_importrun_change", args=[run.pk])


def test_nothing_at_the_desk(site: Site, desk: Desk, page: Page) -> None:
    page.context.add_cookies([{"name": "sessionid", "value": desk.session, "url": site.origin}])
    assert len(desk.pages) > 40
    assert found(page, site.origin, desk.pages) == []
