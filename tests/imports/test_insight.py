"""Insight articles in the known layout: as shared, sound, as HTML, and not at all."""

import contextlib
import html
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forecasts.imports
from forecasts.errors import Refused
from forecasts.imports.insight import SECTIONS, InsightArticle, InsightMilestone, parse
from forecasts.imports.page import LONGEST_ARTICLE
from forecasts.language.deadlines import Deadline, read_deadline
from forecasts.language.lint import Draft, lint
from forecasts.language.wording import imply
from tests.shared import shared_data

DEMO = Path(forecasts.imports.__file__).parent / "data" / "demo-article.txt"
DEMO_PUBLISHED = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def shared() -> InsightArticle:
    return parse(shared_data("insight-article.txt").read_bytes())


@pytest.fixture
def demo() -> InsightArticle:
    return parse(DEMO.read_bytes())


def as_html(text: str) -> str:
    lines = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines())
    head = "<!doctype html><html><head><title>Site</title><style>p {}</style></head>"
    return f"{head}<body>{lines}<script>x<y</script></body></html>"


def content(article: InsightArticle) -> tuple[object, ...]:
    """What must not depend on how the text arrived: all but the text itself and its offsets."""
    claims = [(claim.statement, claim.rationale) for claim in article.claims]
    summary = (article.what_changed, article.why_it_matters, article.what_to_do_next, article.who_should_care)
    return (
        article.title,
        article.publisher,
        article.headline,
        summary,
        article.key_takeaways,
        article.milestones,
        claims,
    )


def test_it_works(shared: InsightArticle) -> None:
    assert shared.title == "China Leads Global AI Governance"
    assert shared.publisher == "SCMP Technology"
    assert shared.headline.startswith("China pioneers AI guardrails amid global uncertainty – vital")
    assert shared.what_changed == "'Common ignorance' on AI future among stakeholders"
    assert shared.why_it_matters.endswith("emerging regulations for compliance.")
    assert shared.what_to_do_next.startswith("Review China's AI regulations from MIIT and CAC")
    assert shared.who_should_care == "Enterprise & Security Teams"
    assert [takeaway.split()[0] for takeaway in shared.key_takeaways] == ["China's", "The", "Alibaba's"]
    assert [(milestone.date, milestone.precision) for milestone in shared.milestones] == [
        (date(2023, 8, 1), "month"),
        (date(2024, 3, 1), "month"),
        (date(2025, 6, 1), "month"),
    ]
    assert shared.milestones[2].text.endswith("with national security standards.")
    assert (shared.url, shared.markup) == ("", False)


def test_the_symbols_come_out_right_and_the_lost_hourglass_stays(shared: InsightArticle) -> None:
    runs = 2 + 1 + 1 + 1 + 1 + 1 + 3 + 1 + 1 + 1 + 1 + 1  # flags 💡 – ⚡ 🧠 🔑 bullets 🔮 📰 → 👉 ↗
    assert shared.repaired_runs == runs
    for symbol in ("🇭🇰Stale", "💡China", "–", "⚡", "🧠", "🔑", "• •China", "🔮", "📰", "→", "👉", "↗", "โณ Timeline"):
        assert symbol in shared.text


def test_each_claim_stands_in_the_text_with_its_rationale(shared: InsightArticle) -> None:
    watermarking, bifurcation = shared.claims
    for claim in shared.claims:
        assert shared.text[claim.start : claim.end] == claim.statement
    assert watermarking.rationale.startswith("Current regulatory trends in China")
    assert bifurcation.rationale.startswith("The divergence between China's state-centric")


def test_the_watermarking_claim_gets_its_deadline_and_probability_with_their_rules(shared: InsightArticle) -> None:
    statement = shared.claims[0].statement
    deadline, implied = read_deadline(statement, None), imply(statement)
    assert isinstance(deadline, Deadline)
    assert implied is not None
    assert deadline.resolves_by == datetime(2027, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert (deadline.wording, implied.expression) == ("by 2027", "will")
    assert "“by 2027” is read as" in deadline.rule
    assert "“will” is read as" in implied.rule
    assert lint(Draft(statement, "", "Cyberspace Administration of China", deadline.resolves_by)) == ()


def test_the_bifurcation_claim_is_held_back_for_want_of_a_date(shared: InsightArticle) -> None:
    statement = shared.claims[1].statement
    assert read_deadline(statement, None) is None
    assert "date" in [failure.rule for failure in lint(Draft(statement, "", "any register", None))]


def test_sound_text_and_html_of_the_same_layout_give_the_same(shared: InsightArticle) -> None:
    sound = parse(shared.text)
    assert (content(sound), sound.repaired_runs) == (content(shared), 0)
    marked_up = parse(as_html(shared.text))
    assert (content(marked_up), marked_up.markup) == (content(shared), True)
    for claim in marked_up.claims:
        assert marked_up.text[claim.start : claim.end] == claim.statement


def test_damaged_html_is_repaired_too(shared: InsightArticle) -> None:
    damaged = shared_data("insight-article.txt").read_text(encoding="utf-8")
    assert content(parse(as_html(damaged))) == content(shared)


def test_a_link_gives_the_address_of_the_original(demo: InsightArticle) -> None:
    link = '<a href="https://example.org/story">Read original on Reckoner Demo Wire</a>'
    marked_up = as_html(demo.text).replace("Read original on Reckoner Demo Wire", link)
    assert parse(marked_up).url == "https://example.org/story"
    in_text = demo.text.replace("Demo Wire\n", "Demo Wire https://example.org/story\n", 1)
    assert (parse(in_text).url, parse(in_text).publisher) == ("https://example.org/story", "Reckoner Demo Wire")


def test_a_link_that_is_no_web_address_is_not_taken(demo: InsightArticle) -> None:
    link = '<a href="javascript:alert(1)">Read original on Reckoner Demo Wire</a>'
    assert parse(as_html(demo.text).replace("Read original on Reckoner Demo Wire", link)).url == ""


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(demo: InsightArticle) -> None:
    data = b"\xef\xbb\xbf" + DEMO.read_bytes().replace(b"\n", b"\r\n")
    assert content(parse(data)) == content(demo)


def test_the_demo_article_has_dated_claims_of_several_strengths_and_one_without_a_date(demo: InsightArticle) -> None:
    assert (demo.publisher, demo.repaired_runs, len(demo.key_takeaways)) == ("Reckoner Demo Wire", 0, 4)
    assert demo.milestones[0] == InsightMilestone(date(2025, 2, 1), "month", demo.milestones[0].text)
    answers = [read_deadline(claim.statement, DEMO_PUBLISHED) for claim in demo.claims]
    dates = [answer.resolves_by.date() if isinstance(answer, Deadline) else None for answer in answers]
    assert dates == [date(2026, 12, 31), date(2027, 12, 31), date(2028, 11, 22), None]
    expressions = [implied.expression if (implied := imply(claim.statement)) else "" for claim in demo.claims]
    assert expressions == ["will", "is likely to", "is expected to", "could"]
    for claim, answer in zip(demo.claims[:3], answers, strict=False):
        assert isinstance(answer, Deadline)
        assert lint(Draft(claim.statement, "", "Official Journal", answer.resolves_by)) == ()


def test_a_timeline_takes_years_and_days_too(demo: InsightArticle) -> None:
    text = demo.text.replace("2025-02\n", "2024\n").replace("2025-08\n", "2025-08-02\n")
    found = [(milestone.date, milestone.precision) for milestone in parse(text).milestones]
    assert found == [(date(2024, 1, 1), "year"), (date(2025, 8, 2), "day"), (date(2026, 8, 1), "month")]


def test_a_timeline_date_that_does_not_exist_is_refused(demo: InsightArticle) -> None:
    with pytest.raises(
        Refused, match=r"'2025-13' is not accepted; a date of the timeline is YYYY, YYYY-MM or YYYY-MM-DD"
    ):
        parse(demo.text.replace("2025-02\n", "2025-13\n"))


@pytest.mark.parametrize("heading", SECTIONS)
def test_a_missing_heading_is_named(demo: InsightArticle, heading: str) -> None:
    lines = [line for line in demo.text.splitlines() if heading.lower() not in line.lower()]
    with pytest.raises(Refused, match=f"did not find {heading}$"):
        parse("\n".join(lines))


@pytest.mark.parametrize(
    "text", ["", "A story about something else.\nWith two lines.", "<p>Hello</p>", "Timeline\n2025-01\nx"]
)
def test_text_in_no_known_layout_is_told_what_was_looked_for(text: str) -> None:
    with pytest.raises(Refused, match=r"looked for the headings What Changed, Why It Matters, .* and did not find"):
        parse(text)


def test_an_article_without_a_publisher_is_told_so(demo: InsightArticle) -> None:
    text = demo.text.replace("Read original on", "").replace("Original source:", "")
    with pytest.raises(Refused, match="did not find “Read original on …” with the publisher"):
        parse(text)


def test_a_heading_word_inside_a_sentence_is_no_heading(demo: InsightArticle) -> None:
    text = demo.text.replace("List the models", "What changed in the timeline matters. List the models")
    assert parse(text).what_to_do_next.startswith("What changed in the timeline matters. List")


def test_bytes_that_are_no_utf8_and_texts_too_long_are_refused() -> None:
    with pytest.raises(Refused, match="save the text as UTF-8"):
        parse(b"caf\xe9")
    with pytest.raises(Refused, match="at most 500000"):
        parse("x" * (LONGEST_ARTICLE + 1))


PIECES = st.one_of(
    st.sampled_from([f"{heading}\n" for heading in SECTIONS]),
    st.sampled_from(
        [
            "Read original on X\n",
            "2025-01\n",
            "9999-99\n",
            "• •",
            "โ€ข",
            "<p>",
            "</p>",
            "<script>",
            "<!--",
            "<a href='",
            "&#x0;",
            "<![CDATA[",
        ]
    ),
    st.text(max_size=10),
)


@given(st.one_of(st.binary(), st.text(), st.lists(PIECES, max_size=30).map("".join)))
def test_any_input_is_an_article_or_refused(data: bytes | str) -> None:
    with contextlib.suppress(Refused):
        article = parse(data)
        for claim in article.claims:
            assert article.text[claim.start : claim.end] == claim.statement


@pytest.mark.parametrize(
    "hostile", ["<", "<a ", "<a b='", "<!--", "<![CDATA[", "</", "<a/", "&", "<p>", "<a b='>", "Timeline\n"]
)
def test_hostile_markup_of_100_kb_is_refused_without_running_away(hostile: str) -> None:
    with pytest.raises(Refused, match="did not find"):
        parse("<p>" + hostile * (100_000 // len(hostile)))
