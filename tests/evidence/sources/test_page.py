"""Pages: what is watched, what is new on it, when it was said."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.errors import Refused, UnreadableSource
from forecasts.evidence.sources.kind import Item, Reading
from forecasts.evidence.sources.page import KIND, PageSpec, read

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
DAY = datetime(2026, 1, 5, 10, tzinfo=UTC)
URL = "https://law.test/act"
MAIN = PageSpec(select="main")


def page(main: str, head: str = "<title>The Act</title>") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body><nav>Menu</nav><main>{main}</main></body></html>".encode()


def look(main: str, spec: PageSpec = MAIN, *, head: str = "<title>The Act</title>", **more: Any) -> Reading:
    return read(page(main, head), "text/html", spec, **{"url": URL, "now": NOW, **more})


def only(reading: Reading) -> Item:
    (item,) = reading.items
    return item


def test_it_reads_a_page() -> None:
    reading = look("<h1>Act</h1><p>In <b>force</b> &amp; binding.</p><script>no()</script>")
    assert reading.text == "Act\nIn force & binding."
    item = only(reading)
    assert (item.title, item.text, item.url) == ("The Act", reading.text, URL)
    assert (item.published_at, item.dated_by) == (None, "none")
    assert item.guid.startswith("sha256:")
    assert reading.begins == (0,)


def test_the_kind_reads_what_its_spec_says() -> None:
    assert (KIND.name, KIND.extractor) == ("page", "page-1")
    assert KIND.read(page("Hello"), "text/html", KIND.spec({"select": "nav"})).text == "Menu"


def test_without_a_selector_the_main_text_is_watched() -> None:
    story = "".join(
        f"<p>Sentence number {n} of the story says what the parliament decided today.</p>" for n in range(9)
    )
    reading = read(
        f"<html><body><nav><ul><li><a href=/>Home</a></li></ul></nav><article><h1>Decided</h1>{story}</article>"
        "<footer>Imprint</footer></body></html>".encode(),
        "text/html",
        PageSpec(),
    )
    assert "Sentence number 8 of the story" in reading.text
    assert "Home" not in reading.text
    assert "Imprint" not in reading.text


def test_a_page_without_an_article_is_watched_whole() -> None:
    assert "4.5 %" in look("<table><tr><td>Rate<td>4.5 %</table>", PageSpec()).text


def test_dropped_parts_and_volatile_lines_are_left_out() -> None:
    spec = PageSpec(select="main", drop=("aside", ".ad, .ad *"), ignore=("Last updated", "Cafe\u0301"))
    main = (
        "<p>Kept</p><aside>Gone <aside>inner</aside></aside><div class=ad>Buy <i>now</i></div>"
        "<p>Page Last updated 12:31:07</p><p>Café opens</p>"
    )
    assert look(main, spec).text == "Kept"


def test_volatile_lines_are_no_change() -> None:
    spec = PageSpec(select="main", ignore=("updated",))
    before = look("<p>Rate 4.5 %</p><p>updated 12:30</p>", spec).text
    assert look("<p>Rate 4.5 %</p><p>updated 12:31</p>", spec, before=before).items == ()


def test_a_part_selected_inside_another_is_read_once() -> None:
    assert look("<div>A<p>B</p><section><div>C</div></section></div><div>D</div>", PageSpec(select="div, p")).text == (
        "A\nB\nC\nD"
    )


def test_text_is_composed_and_free_of_odd_characters() -> None:
    assert look("cafe\u0301 a\u200be\u200b\u0301 b\u202en \U000e0041x&#0;&#xD800;\x00y").text.startswith("café aé bn x")
    assert "\x00" not in look("a&#0;b\x00c").text


def test_new_blocks_that_follow_each_other_are_one_item() -> None:
    before = look("<p>One</p><p>Two</p><p>Three</p>").text
    reading = look("<p>New head</p><p>New body</p><p>One</p><p>Two, changed</p><p>Three</p>", before=before)
    assert [item.text for item in reading.items] == ["New head\nNew body", "Two, changed"]
    assert reading.begins == (0, len("New head\nNew body\nOne\n"))
    assert reading.text == "New head\nNew body\nOne\nTwo, changed\nThree"


def test_blocks_that_moved_or_went_are_no_items() -> None:
    before = look("<p>One</p><p>Two</p><p>Three</p><p>Four</p>").text
    assert look("<p>Three</p><p>One</p><p>Two</p>", before=before).items == ()


def test_the_same_new_part_twice_is_one_item() -> None:
    reading = look("<p>New</p><p>Old</p><p>New</p>", before="Old")
    assert (only(reading).text, reading.begins) == ("New", (0,))


def test_many_new_parts_end_in_one_that_holds_the_rest() -> None:
    lines = [f"new {n}" if n % 2 else f"old {n}" for n in range(6_000)]
    reading = look("".join(f"<p>{line}</p>" for line in lines), before="\n".join(lines[::2]))
    assert len(reading.items) == 2_000
    assert reading.items[0].text == "new 1"
    assert reading.items[-1].text.endswith("new 5999")


@given(
    st.lists(st.text("ab\u0301é🙂 <&", max_size=4), max_size=12), st.lists(st.text("abé🙂 <&", max_size=4), max_size=12)
)
def test_every_item_stands_in_the_text_where_it_is_said_to(old: list[str], new: list[str]) -> None:
    def paragraphs(lines: list[str]) -> str:
        return "<p>Head</p>" + "".join(f"<p>{line.replace('&', '&amp;').replace('<', '&lt;')}</p>" for line in lines)

    before = look(paragraphs(old)).text
    for reading in (look(paragraphs(new), before=before), look(paragraphs(new))):
        assert len(reading.items) == len(reading.begins) == len({item.guid for item in reading.items})
        for item, begin in zip(reading.items, reading.begins, strict=True):
            assert reading.text[begin : begin + len(item.text)] == item.text != ""
    assert look(paragraphs(old), before=before).items == ()


def linked(**data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("head", "date", "by"),
    [
        (linked(datePublished="2026-01-05T11:00:00+01:00", dateModified="2026-01-09"), DAY, "json-ld"),
        (linked(**{"@graph": [{"a": 1}, {"datePublished": "2026-01-05T10:00:00Z"}]}), DAY, "json-ld"),
        (linked(dateModified="2026-01-05T10:00:00Z"), DAY, "json-ld"),
        ('<meta property="article:published_time" content="2026-01-05T10:00Z">', DAY, "meta"),
        ('<meta itemprop=datePublished content="2026-01-05T10:00"><meta name=date content=2020-01-01>', DAY, "meta"),
        (
            linked(datePublished="soon") + "<meta name=DATE content=2026-01-05>",
            datetime(2026, 1, 5, 23, 59, 59, tzinfo=UTC),
            "meta",
        ),
        ("<meta name=date content=2026-01-10>", NOW, "meta"),
        (
            '<link rel=canonical href="https://law.test/2026/01/05/act">',
            datetime(2026, 1, 5, 23, 59, 59, tzinfo=UTC),
            "htmldate",
        ),
        (linked(datePublished="9999-12-31T23:59:59Z"), None, "none"),
        (linked(datePublished="0001-01-01T00:00:00+14:00"), None, "none"),
        (linked(datePublished="32 Jan 2026"), None, "none"),
        ("<script type=application/ld+json>" + "[" * 50_000 + "</script>", None, "none"),
        ("<script type=application/ld+json>{</script>", None, "none"),
    ],
)
def test_a_page_is_dated_by_the_best_that_is_said(head: str, date: datetime | None, by: str) -> None:
    item = only(look("<p>Text</p>", head=head))
    assert (item.published_at, item.dated_by) == (date, by)


def test_a_date_over_two_days_ahead_is_not_believed() -> None:
    near, far = (NOW + timedelta(hours=hours) for hours in (48, 49))
    assert only(look("Text", head=linked(datePublished=near.isoformat()))).published_at == near
    assert only(look("Text", head=linked(datePublished=far.isoformat()))).published_at is None


def test_a_change_is_dated_by_the_last_change_never_by_the_first_day() -> None:
    head = linked(datePublished="2019-01-01", dateModified="2026-01-05T10:00:00Z")
    assert only(look("Old<p>New", head=head, before="Old")).published_at == DAY
    assert only(look("Old<p>New", head=linked(datePublished="2019-01-01"), before="Old")).published_at is None


def test_without_the_time_of_the_fetch_nothing_is_guessed() -> None:
    head = '<link rel=canonical href="https://law.test/2026/01/05/act">'
    assert only(look("Text", head=head, now=None)).dated_by == "none"


@pytest.mark.parametrize(
    ("head", "main", "title"),
    [
        ("<title> A \n B&amp;C </title>", "x", "A B&C"),
        ("", "<h1>Head <i>line</i></h1>x", "Head line"),
        ("<title> </title>", "x", ""),
        ("<title>" + "x" * 600 + "</title>", "x", "x" * 500),
    ],
)
def test_the_title_is_the_pages_else_its_heading(head: str, main: str, title: str) -> None:
    assert only(look(main, head=head)).title == title


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "file:///etc/passwd"])
def test_only_a_web_address_is_a_link(url: str) -> None:
    assert only(look("Text", url=url)).url == ""


@pytest.mark.parametrize(
    ("markup", "charset"),
    [
        ("<p>Grüße – 4,5 €</p>".encode("cp1252"), "utf-8"),
        ("<p>Grüße – 4,5 €</p>".encode(), "iso-8859-1"),
        ("<p>Grüße – 4,5 €</p>".encode("utf-16"), "utf-8"),
        ("<meta charset=gb18030><p>Grüße – 4,5 €</p>".encode("gb18030"), "utf-8"),
        (
            "<meta http-equiv=content-type content='text/html; charset=windows-1252'><p>Grüße – 4,5 €".encode("cp1252"),
            "koi8-r",
        ),
        ("<meta charset=utf-7><p>Grüße – 4,5 €</p>".encode(), ""),
    ],
)
def test_a_charset_may_be_a_lie(markup: bytes, charset: str) -> None:
    assert read(markup, "text/html", PageSpec(select="p"), charset=charset).text == "Grüße – 4,5 €"


def test_a_selector_that_matches_nothing_is_an_error() -> None:
    with pytest.raises(UnreadableSource, match="'#rates'") as caught:
        look("<p>Text</p>", PageSpec(select="#rates"))
    assert caught.value.code == "no_match"


def test_unknown_keys_and_values_of_a_spec_are_refused_by_name() -> None:
    with pytest.raises(Refused) as caught:
        PageSpec.from_dict({"xpath": "//a", "select": "p[", "drop": ["a", "b:::"], "ignore": ["ok", " "]})
    fields = ["spec.xpath", "spec.select", "spec.drop[1]", "spec.ignore[1]"]
    assert [problem.field for problem in caught.value.problems] == fields


@pytest.mark.parametrize(
    "data",
    [
        {"select": None},
        {"select": 3},
        {"select": ["p"]},
        {"drop": "p"},
        {"drop": [3]},
        {"drop": [""]},
        {"drop": ["p"] * 51},
        {"ignore": "p"},
        {"ignore": [""]},
        {"ignore": ["x" * 501]},
    ],
)
def test_a_spec_of_the_wrong_type_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"spec\."):
        PageSpec.from_dict(data)


def test_a_spec_is_read_from_lists() -> None:
    spec = PageSpec.from_dict({"select": "main > p", "drop": [".ad"], "ignore": ["Stand:"]})
    assert spec == PageSpec("main > p", (".ad",), ("Stand:",))
    assert PageSpec.from_dict({}) == PageSpec()


@pytest.mark.parametrize(
    "selector",
    [
        "//a",
        "p;drop",
        "p{color:red}",
        "</style><script>",
        "p,",
        "div > > p",
        "\x00p[",
        ":not(" * 90,
        "a" * 501,
        "p:has(a)",
        "p:HAS(a)",
        r"p:h\61s(a)",
        "p:contains('x')",
    ],
)
def test_only_css_that_compiles_and_is_cheap_is_a_selector(selector: str) -> None:
    with pytest.raises(Refused, match=r"spec\.select"):
        PageSpec.from_dict({"select": selector})
