import struct
import subprocess
import sys
import zlib
from typing import Any

import numpy as np
import pytest
from defusedxml.ElementTree import fromstring
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from resvg_py import svg_to_bytes

from forecasts.actions import merge_forecasters, save_reference
from forecasts.charts import reliability
from forecasts.models import Forecaster
from forecasts.web import lettering, pictures
from tests.api.world import article_of
from tests.story import DEADLINE, START, Story

TEXT = "{http://www.w3.org/2000/svg}text"
ARABIC = "ستنشر هيئة الاتصالات قاعدة ملزمة للعلامات المائية بحلول نهاية عام 2027."
EVIL = '</text><image href="/etc/passwd"/><script>alert(1)</script>&amp;\x0b\u202e'


def pixels(png: bytes) -> Any:
    """The grey values of a PNG with 8-bit RGBA and any filters, as rows and columns."""
    width, height = struct.unpack(">II", png[16:24])
    packed, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        packed += png[at + 8 : at + 8 + length] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += length + 12
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + 4 * width)
    done = np.zeros((height + 1, 4 * width + 4), np.int64)
    for y, row in enumerate(rows, 1):
        for x in range(4, 4 * width + 4):
            a, b, c = int(done[y, x - 4]), int(done[y - 1, x]), int(done[y - 1, x - 4])
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            done[y, x] = (int(row[x - 3]) + (0, a, b, (a + b) // 2, nearest)[row[0]]) % 256
    return done[1:, 4:].reshape(height, width, 4)[:, :, 0]


def drawn(text: str, size: int, weight: int) -> float:
    """How wide the picture of a text really is, in pixels; drawn at an eighth, to be quick."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="96" font-family="{lettering.FAMILIES}">'
        f'<rect width="1600" height="96" fill="#fff"/><text x="0" y="70" font-size="{size}" font-weight="{weight}">'
        f"{text}</text></svg>"
    )
    small = svg_to_bytes(svg_string=svg, width=400, skip_system_fonts=True, font_files=lettering.font_files())
    return float(np.flatnonzero((pixels(bytes(small)) < 200).any(axis=0)).max() + 1) * 4


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is drawn, without the work of painting it."""
    seen: list[str] = []

    def note(svg: str) -> bytes:
        seen.append(svg)
        return b"PNG"

    monkeypatch.setattr(pictures, "png", note)
    return seen


def said(svg: str) -> str:
    return " ".join("".join(element.itertext()) for element in fromstring(svg).iter(TEXT))


def card(story: Story, **fields: Any) -> str:
    prediction = story.opened(**fields)
    story.says(prediction, 0.7)
    return f"/cards/predictions/{prediction.slug}.png"


def test_it_works(client: Client, story: Story) -> None:
    answer = client.get(card(story))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)
    assert answer["Cache-Control"] == "public, no-cache"


def test_it_says_what_was_predicted_by_whom_and_what_became_of_it(
    client: Client, story: Story, drawing: list[str], settings: Any
) -> None:
    settings.SITE_URL, settings.SITE_NAME = "https://reckoner.example", "The Ledger"
    client.get(card(story, statement="A rule will come by June."))
    row = story.settled(0.9, "no", statement="A fine will come by June.")
    client.get(f"/cards/predictions/{row.slug}.png")
    first, second = (said(svg).replace("\N{NO-BREAK SPACE}", " ") for svg in drawing)
    assert first == (
        "The Ledger Not yet rated by us A rule will come by June. 70 % Policy desk by 30 June 2026 "
        "reckoner.example/predictions/a-rule-will-come-by-june/"
    )
    assert "It did not happen A fine will come by June. 90 % Policy desk known 1 July 2026" in second


def test_a_scorecard_says_its_sentence_and_how_many(client: Client, story: Story, drawing: list[str]) -> None:
    for n in range(3):
        story.settled(0.7, "yes", statement=f"Rule {n} will come by June.")
    story.scores()
    assert client.get("/cards/forecasters/policy-desk.png").status_code == 200
    words = said(drawing[0])
    assert "Policy desk 3 of 3 predictions are settled and counted, too few to say" in words
    assert "Verdict: too early to say 3 of 3 predictions settled and counted" in words


def test_topics_and_articles_have_a_card_of_everybodys_forecasts(
    client: Client, story: Story, drawing: list[str]
) -> None:
    article, topic = article_of(story, "Where rivers rise", "They will rise."), story.topic("rivers")
    for _ in range(3):
        story.settled(0.7, "yes", topics=[topic], article=article)
    story.scores()
    for path, name in ((topic.get_absolute_url(), "Rivers"), (article.get_absolute_url(), article.title)):
        picture = f"/cards{path.rstrip('/')}.png"
        assert f'content="http://127.0.0.1:8000{picture}"' in client.get(path).content.decode()
        assert client.get(picture).status_code == 200
        words = said(drawing[-1])
        assert name in words
        assert "3 of 3 predictions settled and counted" in words
        assert path in words


def test_the_diagram_is_drawn_the_same_in_every_language() -> None:
    chart = reliability.diagram([(1_250, 7_550, 0.333)], [(1_250, 0.05, 0.31), (7_550, 0.6, 0.9)], [(1_250, 3, 1)])
    english = render_to_string("cards/scorecard.svg", {"chart": chart})
    assert "How often it happened" in said(english)
    assert chart.curve in english
    with translation.override("de"):
        assert render_to_string("cards/scorecard.svg", {"chart": chart}) == english


def test_drafts_and_strangers_have_no_picture(client: Client, story: Story) -> None:
    draft, stranger = story.draft(), story.forecaster("nobody")
    for path in (
        f"predictions/{draft.slug}",
        f"forecasters/{stranger.slug}",
        "predictions/none",
        "topics/none",
        "articles/none",
    ):
        assert client.get(f"/cards/{path}.png").status_code == 404


def test_who_was_merged_leads_to_who_stays(client: Client, story: Story) -> None:
    old, new = story.forecaster("old-lab"), story.forecaster("new-lab")
    story.says(story.opened(), 0.5, forecaster=old)
    merge_forecasters(forecaster=old, into=new, at=DEADLINE, by=story.editor)
    assert client.get("/cards/forecasters/old-lab.png")["Location"] == "/cards/forecasters/new-lab.png"


def test_hostile_text_is_only_text(client: Client, story: Story, drawing: list[str]) -> None:
    client.get(card(story, statement=EVIL + "m" * 2_000))
    assert '<image href="/etc/passwd"/>' in said(drawing[0])
    assert {element.tag.rpartition("}")[2] for element in fromstring(drawing[0]).iter()} == {
        *("svg", "rect", "text", "path", "g")
    }
    assert len(drawing[0]) < 4_000


def test_text_from_right_to_left_stands_on_the_right(client: Client, story: Story, drawing: list[str]) -> None:
    client.get(card(story, statement=ARABIC))
    lines = [
        row
        for row in fromstring(drawing[0]).iter("{http://www.w3.org/2000/svg}text")
        if "\u202b" in "".join(row.itertext())
    ]
    assert {(row.get("x"), row.get("text-anchor")) for row in lines} == {("1128", "end")}
    assert " ".join((row.text or "").strip("\u202b\u202c") for row in lines) == ARABIC


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("中国将强制要求水印。", pictures.FOREIGN),
        ("A rule will come 🎉.", "A rule will come ."),
        ("Ένας κανόνας θα έρθει.", "Ένας κανόνας θα έρθει."),
        ("Правило выйдет.", "Правило выйдет."),
        ("ארגון יפרסם הנחיות.", "ארגון יפרסם הנחיות."),
    ],
)
def test_no_letter_is_drawn_as_an_empty_box(statement: str, shown: str) -> None:
    assert lettering.writable(statement, pictures.FOREIGN) == shown


@pytest.mark.parametrize(
    "statement",
    [
        "中国将强制要求水印。",
        "日本は2027年までに規則を公表する。",
        "सरकार 2027 तक नियम प्रकाशित करेगी।",
        "அரசு விதியை வெளியிடும்.",
    ],
)
def test_a_card_in_a_script_without_a_font_says_all_else(
    client: Client, story: Story, drawing: list[str], settings: Any, statement: str
) -> None:
    settings.SITE_URL, settings.SITE_NAME = "https://reckoner.example", statement
    row = story.opened(statement=statement)
    story.says(row, 0.7, forecaster=save_reference(
        row=Forecaster(slug="theirs", name=statement[:40], kind="person"), at=START, by=story.editor
    ))  # fmt: skip
    client.get(f"/cards/predictions/{row.slug}.png")
    told = said(drawing[0]).replace("\N{NO-BREAK SPACE}", " ")
    assert told == (
        f"reckoner.example Not yet rated by us {pictures.FOREIGN} 70 % A forecaster by 30 June 2026 "
        f"reckoner.example/predictions/{row.slug}/"
    )
    client.get("/cards/forecasters/theirs.png")
    assert "A forecaster" in said(drawing[1])
    assert all(lettering.writable(letter, "") for svg in drawing for letter in said(svg) if not letter.isspace())


@pytest.mark.parametrize(
    ("text", "size", "weight"),
    [
        ("A binding rule will come", 60, 600),
        ("WWAVAVTo iiii fi ffl", 38, 600),
        ("قاعدة ملزمة", 48, 600),
        ("ab", 44, 400),
    ],
)
def test_a_line_is_never_wider_than_it_was_measured(text: str, size: int, weight: int) -> None:
    measured = lettering.width(text, size, weight)
    assert measured - 4 <= 1.5 * drawn(text, size, weight)
    assert drawn(text, size, weight) <= measured + 4  # a pixel of the small picture


def test_it_answers_304_and_paints_the_same_once(
    client: Client, story: Story, django_assert_max_num_queries: Any
) -> None:
    address = card(story)
    pictures.png.cache_clear()
    with django_assert_max_num_queries(6):
        first = client.get(address)
    with django_assert_max_num_queries(3):
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    client.get(address)
    assert (pictures.png.cache_info().misses, pictures.png.cache_info().hits) == (1, 1)
    assert pictures.png.cache_info().maxsize == pictures.KEPT


def test_a_scorecard_costs_no_more_queries_than_its_page(
    client: Client, story: Story, django_assert_max_num_queries: Any
) -> None:
    story.says(story.opened(), 0.5, at=START)
    with django_assert_max_num_queries(8):
        client.get("/cards/forecasters/policy-desk.png")


def test_the_site_starts_without_what_only_pictures_need() -> None:
    program = (
        "import django, sys; django.setup(); import project.urls; "
        "raise SystemExit({'resvg_py', 'fontTools'} & {name.partition('.')[0] for name in sys.modules} or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
