"""One story from several outlets."""

import pytest

from forecasts.evidence.duplicates import Story, alike, canonical_url, groups, shingles

TEXT = "The regulator said on Tuesday that the rule on marks for generated images takes effect in autumn this year."


def test_the_same_story_is_one_group() -> None:
    stories = [
        Story("https://a.test/1", TEXT),
        Story("https://b.test/2", "A flood closed the road to the harbour for three days in the north."),
        Story("https://c.test/3", f"{TEXT} More to follow."),
        Story("https://www.b.test/2/?utm_source=x#top", "Another headline altogether"),
    ]
    assert groups(stories) == ((0, 2), (1, 3))


def test_nothing_and_items_without_address_or_words_stay_apart() -> None:
    assert groups([]) == ()
    assert groups([Story("", ""), Story("", "")]) == ((0,), (1,))


@pytest.mark.parametrize(
    "url",
    [
        "https://www.news.test/a?b=2&a=1",
        "http://news.test/a/?a=1&b=2&utm_medium=rss#x",
        "https://news.test/a/amp?b=2&a=1",
    ],
)
def test_one_page_has_one_address(url: str) -> None:
    assert canonical_url(url) == "news.test/a?a=1&b=2"


def test_likeness_is_the_share_of_the_shorter_text() -> None:
    one, other = shingles("a b c d e f"), shingles("a b c d e g h")
    assert alike(one, other) == 1 / 2
    assert alike(one, frozenset()) == 0
