"""When there is enough to decide."""

from dataclasses import replace

import pytest

from forecasts.evidence.assess import NotYet
from forecasts.evidence.ready import Ready, Weighed, are_independent, readiness, registrable, same_text

WIRE = (
    "STRELSAU (Wire) - The communications authority adopted a binding rule on watermarks on Tuesday after months of "
    "debate, its chair told reporters, and said that it would apply to every large service from the first of May."
)
OTHER = (
    "After a long night the regulator's board voted eleven to four for mandatory marks in generated pictures. The text "
    "was printed in this morning's gazette; smaller firms have a year longer, said a lawyer who read the final draft."
)
ONE = Weighed(1, "https://www.morning.example/a", WIRE, "yes")
TWO = Weighed(2, "https://evening.example/b", OTHER, "yes")


def test_two_independent_reports_are_enough() -> None:
    assert readiness([ONE, TWO]) == Ready(
        "yes", "two independent sources say so: www.morning.example and evening.example", (1, 2)
    )


def test_one_primary_report_is_enough() -> None:
    gazette = replace(ONE, id=3, url="https://gazette.gov.example/7", is_primary=True)
    assert readiness([TWO, gazette]) == Ready("yes", "the primary source says so: gazette.gov.example", (3,))


@pytest.mark.parametrize(
    ("findings", "reason"),
    [
        ([], "no report says so"),
        ([ONE], "only one report says so"),
        ([ONE, replace(TWO, says="no")], "reports speak both ways"),
        ([replace(ONE, is_primary=True), replace(TWO, says="no")], "reports speak both ways"),
        ([ONE, replace(ONE, id=2, url="https://evening.example/b")], "one text"),
        ([ONE, replace(TWO, url="https://blog.morning.example/x")], "one publisher"),
        ([ONE, replace(TWO, url="https://morning.co.uk/x")], "one publisher"),
        ([ONE, replace(TWO, url="")], "one publisher"),
        ([ONE, replace(TWO, url="https://93.184.216.34/")], "one publisher"),
        ([ONE, replace(TWO, url="https://[::1/")], "one publisher"),
    ],
)
def test_less_is_not(findings: list[Weighed], reason: str) -> None:
    found = readiness(findings)
    assert isinstance(found, NotYet)
    assert reason in found.reason


def test_a_third_report_can_make_a_pair() -> None:
    copy = replace(ONE, id=5, url="https://noon.example/c")
    found = readiness([ONE, copy, replace(TWO, id=6)])
    assert isinstance(found, Ready)
    assert found.finding_ids == (1, 6)


@pytest.mark.parametrize(
    ("host", "registered"),
    [
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("bbc.co.uk.", "bbc.co.uk"),
        ("A.B.News.EXAMPLE", "news.example"),
        ("news.com.au", "news.com.au"),
        ("edition.cnn.com", "cnn.com"),
        ("one.blogspot.com", "blogspot.com"),
        ("two.github.io", "github.io"),
        ("co.uk", ""),
        ("localhost", ""),
        ("", ""),
        ("a..b", ""),
        ("127.0.0.1", ""),
        ("::1", ""),
    ],
)
def test_the_registered_part_of_a_name(host: str, registered: str) -> None:
    assert registrable(host) == registered


def test_two_blogs_of_one_host_count_as_one() -> None:
    assert not are_independent(
        replace(ONE, url="https://one.blogspot.com/"), replace(TWO, url="https://two.blogspot.com/")
    )


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (WIRE, True),
        (WIRE.upper().replace(" ", "\u00a0\n"), True),
        (" ".join(WIRE.split()[:14]) + " More follows, said our reporter on the spot this evening.", True),
        (OTHER + " " + WIRE, True),
        (OTHER, False),
        ("Too short.", True),
        ("", True),
    ],
)
def test_wire_text_is_known_again(other: str, same: bool) -> None:
    assert same_text(WIRE, other) is same_text(other, WIRE) is same
