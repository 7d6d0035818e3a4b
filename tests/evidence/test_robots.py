"""What robots.txt allows."""

import time

import pytest

from forecasts.evidence.robots import allows, crawl_delay

AGENT = "Reckoner/1.0 (desk@news.test)"
RULES = """User-agent: *
Disallow: /private
Allow: /private/open$
Crawl-delay: 10

User-agent: reckoner
Disallow: /not-you
"""


def test_it_answers_for_the_agent_that_asks() -> None:
    assert not allows(RULES, "https://news.test/not-you/1", AGENT)
    assert allows(RULES, "https://news.test/private", AGENT)
    assert not allows(RULES, "https://news.test/private/1", "Other/2")
    assert allows(RULES, "https://news.test/private/open", "Other/2")


def test_the_delay_is_in_seconds() -> None:
    assert crawl_delay(RULES, "Other/2") == 10.0
    assert crawl_delay(RULES, AGENT) is None


def test_a_name_in_the_contact_is_not_the_agent() -> None:
    assert allows("User-agent: news\nDisallow: /", "https://news.test/a", AGENT)


def test_patterns_and_the_query_count() -> None:
    rules = "User-agent: *\nDisallow: /*.pdf$\nDisallow: /search?q="
    assert not allows(rules, "https://news.test/a/b.pdf", AGENT)
    assert allows(rules, "https://news.test/a/b.pdf?x", AGENT)
    assert not allows(rules, "https://news.test/search?q=a", AGENT)


@pytest.mark.parametrize("delay", ["nan", "inf", "-5", "1e400", "soon", ""])
def test_a_delay_that_is_no_time_is_none(delay: str) -> None:
    assert crawl_delay(f"User-agent: *\nCrawl-delay: {delay}\n", AGENT) is None


@pytest.mark.parametrize(
    "rules",
    [
        "",
        "\x00\x01\ufffe\ud800",
        "<!doctype html><title>Not found</title>",
        "Disallow: /",
        "User-agent:\nDisallow",
        "User-agent: *\nDisallow:",
        "User-agent: *\nDisallow: /%zz[(",
        "User-agent: *\nDisallow: /\ud800",
        "User-agent: *\nDisallow: http://[",
        "User-agent: *\nRequest-rate: 1/0s\nVisit-time: 9999-abc",
    ],
)
def test_what_cannot_be_understood_forbids_nothing(rules: str) -> None:
    assert allows(rules, "https://news.test/a", AGENT)


@pytest.mark.parametrize("url", ["", "https://news.test", "https://news.test/%zz", "https://news.test/ü?ü#ü"])
def test_an_odd_address_does_no_harm(url: str) -> None:
    assert allows("User-agent: *\nDisallow: /private", url, AGENT)


@pytest.mark.parametrize("url", ["http://[", "https://news.test/\ud800"])
def test_what_is_no_address_is_not_allowed(url: str) -> None:
    assert not allows("User-agent: *\nDisallow: /private", url, AGENT)


def test_what_stands_behind_the_first_half_megabyte_is_not_read() -> None:
    comment = "#" + "x" * 98 + "\n"
    huge = "User-agent: *\nDisallow: /a\n" + comment * 5_000
    assert not allows(huge + "Disallow: /b\n", "https://news.test/a", AGENT)
    assert allows(huge + "Disallow: /b\n", "https://news.test/b", AGENT)
    half = comment * 4_999 + "User-agent: *\nDisallow: /" + "c" * 200
    assert allows(half, "https://news.test/" + "c" * 200, AGENT)


HEAVY = {
    "stars": "User-agent: *\nDisallow: /" + "*a" * 240_000,
    "many rules": "User-agent: *\n" + "Disallow: /a*b*c$\n" * 27_000,
    "many agents": "User-agent: x\n" * 35_000 + "Disallow: /",
    "one line": "a" * 10_000_000,
}


@pytest.mark.parametrize("rules", HEAVY.values(), ids=HEAVY.keys())
def test_heavy_rules_take_seconds_at_most(rules: str) -> None:
    started = time.monotonic()
    assert allows(rules, "https://news.test/" + "a" * 2_000, AGENT)
    assert time.monotonic() - started < 4
