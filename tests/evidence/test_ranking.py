"""Which predictions an item concerns."""

from dataclasses import replace
from datetime import date

import pytest

from forecasts.evidence.ranking import THRESHOLD, Index, Ranked
from forecasts.evidence.subjects import Report, Subject
from forecasts.evidence.words import MEMORY, Frequencies, names, stem, terms

WATERMARK = Subject(
    "watermark",
    "China makes watermarks on generative AI images compulsory by 1 September 2027.",
    "Yes if a measure of the Cyberspace Administration that requires watermarks has taken effect.",
    date(2027, 9, 1),
)
RATES = Subject(
    "rates",
    "The Federal Reserve lowers its policy rate twice by June 2027.",
    "Yes if the federal funds target range is cut at two meetings.",
    date(2027, 6, 30),
)
REPORT = Report(
    "Beijing orders watermarks",
    "Compulsory watermarks on images by generative AI in China from September.",
    date(2027, 8, 1),
)
SEEN = Frequencies().grown(
    [terms(one.statement + one.criteria) for one in (WATERMARK, RATES)] + [terms("rain falls on the town")] * 20
)
INDEX = Index((WATERMARK, RATES), SEEN)


def best(report: Report, source_weight: float = 1.0) -> Ranked:
    return INDEX.rank(report, source_weight)[0]


def test_it_ranks_and_says_why() -> None:
    first = best(REPORT)
    assert first.id == "watermark"
    assert first.score > THRESHOLD
    assert set(first.matched) >= {"watermarks", "generative", "China"}
    assert first.why.startswith("matched: ")
    assert first.why.endswith("; date 2027-09-01; source weight 1")


def test_an_item_about_something_else_gets_nothing() -> None:
    assert INDEX.rank(Report("Rain", "It falls on the town.")) == ()
    assert INDEX.rank(Report("", "")) == ()
    assert Index((), SEEN).rank(REPORT) == ()


def test_similarity_is_the_cosine_of_weights() -> None:
    assert INDEX.similarities(terms("rain"))[0] == 0
    assert 0 < INDEX.similarities(terms(REPORT.title))[0] < 1


def test_another_place_another_time_or_a_missing_actor_lower_the_score() -> None:
    here = best(REPORT)
    elsewhere = best(replace(REPORT, title="Seoul orders watermarks", text=REPORT.text.replace("China", "Korea")))
    assert elsewhere.features.other_place
    assert elsewhere.score < here.score
    past = best(replace(REPORT, published_on=date(2024, 1, 1)))
    assert past.features.other_time
    assert past.score < here.score
    assert best(replace(REPORT, text=REPORT.text + " It was so in 2024.")).features.other_time
    assert not best(replace(REPORT, published_on=None)).features.other_time


def test_a_trusted_source_raises_the_odds_by_its_weight() -> None:
    plain, trusted = best(REPORT).score, best(REPORT, 2.0).score
    assert trusted / (1 - trusted) == pytest.approx(2 * plain / (1 - plain))


def test_places_and_bodies_have_one_name() -> None:
    assert terms("Beijing and the Chinese") == ["china", "china"]
    assert terms("the United States, the U.S. and US firms told us") == ["usa", "usa", "usa", "firm", "told", "us"]
    assert terms("the Federal Reserve") == ["fed"]


def test_endings_go_and_numbers_stay() -> None:
    assert stem("regulations") == stem("regulated") == stem("regulator") == "regul"
    assert terms("4.5 per 3nm") == ["4.5", "3nm"]
    assert terms("人工智能") == ["人工", "工智", "智能"]


def test_names_are_capitals_not_written_small_elsewhere() -> None:
    assert names("Apple sells a foldable iPhone. Phones of Apple count. A phone is a phone.") == ("appl", "iphon")


def test_old_documents_fade() -> None:
    once = Frequencies(MEMORY, {"rain": 100.0, "hail": 0.5}).grown([["rain"]])
    assert once.documents == (MEMORY + 1) / 2
    assert once.counts == {"rain": 101 / 2}
    assert once.rarity("hail") > once.rarity("rain")
