"""An article read from its address, as an editor gives it: a real fetch from a server on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from forecasts.jobs import web_page
from forecasts.models import Article, Forecaster, Prediction
from tests.evidence.server import Net, Server, response
from tests.journeys.desk import PASTE, Desk, browsed
from tests.refusals import everything
from tests.story import Story, make_user

GRID = "The Ministry of Energy will publish a grid code by 2027."
PAGE = f"""<!doctype html><html><head><meta charset="utf-8"><title>Plan | Energy Wire</title>
<meta property="og:title" content="Ministry sets out its plan"><meta property="og:site_name" content="Energy Wire">
<meta property="article:published_time" content="2026-11-20T08:00:00Z"></head><body><nav><a href="/">Home</a></nav>
<main><article><h1>Ministry sets out its plan</h1><p>{GRID} Officials spoke for an hour about what it would take.</p>
<p>The plan names eleven projects and a budget, and it was sent to all members of the committee.</p></article></main>
</body></html>"""


@dataclass
class Wire:
    server: Server
    url: str


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Wire]:
    with Server() as server:
        net, real = Net(server), web_page.fetch
        net.names["energy.test"], net.names["inside.test"] = [["127.0.0.1"]], [["10.0.0.1"]]
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [f"energy.test:{server.port}"]
        settings.EVIDENCE_HOST_GAP = 0
        monkeypatch.setattr(web_page, "fetch", lambda *given: real(*given, resolve=net.resolve, dial=net.dial))
        server.routes["/robots.txt"] = response(b"", status="404 Not Found")
        server.routes["/plan"] = response(PAGE.encode(), "Content-Type: text/html; charset=utf-8")
        yield Wire(server, f"http://energy.test:{server.port}/plan")


def changed(before: dict[str, Any]) -> set[str]:
    return {name.partition(".")[2] for name, rows in everything().items() if rows != before.get(name)}


def test_it_works(story: Story, wire: Wire) -> None:
    desk, before = Desk(story.editor), everything()
    page = desk.read(url=wire.url)
    assert changed(before) <= {"HostGate", "Heartbeat", "RobotsFile"}  # what keeps us polite
    assert f"<mark>{GRID}</mark>" in page.content.decode()
    desk.send(PASTE, **browsed(page), save="1")
    article = Article.objects.get()
    assert (article.title, article.publisher, article.url) == (
        "Ministry sets out its plan",
        "Energy Wire",
        wire.url,
    )
    assert f"{article.published_at:%Y-%m-%d %H:%M}" == "2026-11-20 08:00"
    assert "Home" not in article.text
    row = Prediction.objects.get()
    assert (row.statement, row.suggested_forecaster) == (GRID, Forecaster.objects.get(name="Energy Wire"))


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("http://theirs.test/story", "/plan"),  # or its words would be credited to whoever wrote that
        ("http://[", "/plan"),
        ("http://www.energy.test/story", "http://www.energy.test/story"),
    ],
)
def test_a_page_names_its_address_on_its_own_site_alone(story: Story, wire: Wire, told: str, kept: str) -> None:
    page = PAGE.replace("<title>", f'<link rel="canonical" href="{told}"><title>')
    wire.server.routes["/plan"] = response(page.encode(), "Content-Type: text/html; charset=utf-8")
    assert browsed(Desk(story.editor).read(url=wire.url))["url"].endswith(kept)


@pytest.mark.parametrize(
    ("path", "answer", "says"),
    [
        ("/gone", response(b"", status="404 Not Found"), "404"),
        ("/file", response(b"%PDF-1.7", "Content-Type: application/pdf"), "expected a page"),
    ],
)
def test_a_page_that_cannot_be_read_is_named(story: Story, wire: Wire, path: str, answer: bytes, says: str) -> None:
    wire.server.routes[path] = answer
    page = Desk(story.editor).try_to(PASTE, url=wire.url.replace("/plan", path)).content.decode()
    assert "Nothing was read" in page
    assert says in page
    assert "paste the text instead" in page
    assert not Article.objects.exists()


@pytest.mark.parametrize("url", ["http://inside.test/plan", "http://127.0.0.1/plan", "http://[::1]/"])
def test_an_address_within_is_refused(story: Story, wire: Wire, url: str) -> None:
    page = Desk(story.editor).try_to(PASTE, url=url).content.decode()
    assert "paste the text instead" in page
    assert not wire.server.asked


def test_where_robots_are_asked_to_stay_away_the_text_has_to_be_pasted(story: Story, wire: Wire) -> None:
    wire.server.routes["/robots.txt"] = response(b"User-agent: *\nDisallow: /\n", "Content-Type: text/plain")
    page = Desk(story.editor).try_to(PASTE, url=wire.url).content.decode()
    assert "may not be read by robots" in page
    assert not any("/plan" in asked for asked in wire.server.asked)


def test_only_editors_have_it_read(story: Story, wire: Wire) -> None:
    assert Desk(make_user("stranger", "Operators")).try_to(PASTE, url=wire.url).status_code == 403
    assert not wire.server.asked
