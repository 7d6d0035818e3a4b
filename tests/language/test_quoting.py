from hypothesis import given
from hypothesis import strategies as st

from forecasts.language.quoting import Excerpt, Piece, excerpt, marked

TEXT = "One two three. A rule will come. Four five six."
START, END = TEXT.index("A rule"), TEXT.index(" Four")


def test_a_quote_stands_in_its_context() -> None:
    assert excerpt(TEXT, START, END) == Excerpt("One two three. ", "A rule will come.", " Four five six.")


def test_a_long_context_is_cut_between_words() -> None:
    assert excerpt(TEXT, START, END, around=8) == Excerpt("… three. ", "A rule will come.", " Four …")


def test_offsets_outside_the_text_give_no_quote() -> None:
    assert [excerpt(TEXT, *place) for place in ((None, None), (0, 999), (5, 5), (-1, 3))] == [None] * 4


def test_quotes_are_marked_where_they_stand() -> None:
    assert marked("abcdef", [(4, 5, "second"), (1, 3, "first")]) == (
        Piece("a"),
        Piece("bc", "first"),
        Piece("d"),
        Piece("e", "second"),
        Piece("f"),
    )


def test_of_quotes_that_overlap_the_first_is_marked() -> None:
    assert marked("abcdef", [(2, 5, "later"), (1, 3, "first")]) == (Piece("a"), Piece("bc", "first"), Piece("def"))


places = st.one_of(st.none(), st.integers(-3, 60))


@given(st.text(max_size=50), st.lists(st.tuples(places, places, st.text(min_size=1, max_size=3))))
def test_marking_never_changes_the_text(text: str, quotes: list[tuple[int | None, int | None, str]]) -> None:
    assert "".join(piece.text for piece in marked(text, quotes)) == text
