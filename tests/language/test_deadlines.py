"""Deadlines read from words, or refused with the reason."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.language.deadlines import _BEFORE_PERIOD, _PERIODS, Deadline, Unreadable, read_deadline

PUBLISHED = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)  # a Sunday


def test_it_works() -> None:
    sentence = "China will mandate 'AI watermarking' for all content by 2027."
    assert read_deadline(sentence, PUBLISHED) == Deadline(
        resolves_by=datetime(2027, 12, 31, 23, 59, 59, tzinfo=UTC),
        precision="year",
        wording="by 2027",
        start=sentence.index("by 2027"),
        end=sentence.index("by 2027") + len("by 2027"),
        rule=(
            "“by 2027” is read as the year 2027; by a year means by its end (BY_YEAR_MEANS is end): "
            "2027-12-31 23:59:59 UTC."
        ),
    )


def test_by_a_year_can_mean_by_its_start_and_the_rule_says_so() -> None:
    deadline = read_deadline("It will end by 2027.", PUBLISHED, by_year_means="start")
    assert isinstance(deadline, Deadline)
    assert deadline.resolves_by == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert "by a year means by its start (BY_YEAR_MEANS is start)" in deadline.rule


@pytest.mark.parametrize("words", ["in 2027", "by the end of 2027", "no later than 2027", "through 2027"])
def test_the_setting_is_about_by_and_nothing_else(words: str) -> None:
    deadline = read_deadline(words, PUBLISHED, by_year_means="start")
    assert isinstance(deadline, Deadline)
    assert deadline.resolves_by == datetime(2027, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "last_day", "precision"),
    [
        ("by 2027", "2027-12-31", "year"),
        ("by the year 2030", "2030-12-31", "year"),
        ("by around 2030", "2030-12-31", "year"),
        ("in 2027", "2027-12-31", "year"),
        ("during 2027", "2027-12-31", "year"),
        ("until 2028", "2028-12-31", "year"),
        ("no later than 2027", "2027-12-31", "year"),
        ("before 2027", "2026-12-31", "year"),
        ("by the end of 2026", "2026-12-31", "year"),
        ("before the end of 2027", "2027-12-31", "year"),
        ("by end-2026", "2026-12-31", "year"),
        ("by end 2026", "2026-12-31", "year"),
        ("by year-end 2026", "2026-12-31", "year"),
        ("by the start of 2027", "2027-01-01", "year"),
        ("by June 2027", "2027-06-30", "month"),
        ("by February 2028", "2028-02-29", "month"),
        ("by Sept. 2027", "2027-09-30", "month"),
        ("before June 2027", "2027-05-31", "month"),
        ("by 2027-06", "2027-06-30", "month"),
        ("by 15 June 2027", "2027-06-15", "day"),
        ("by June 15, 2027", "2027-06-15", "day"),
        ("by the 15th of June 2027", "2027-06-15", "day"),
        ("before 15 June 2027", "2027-06-14", "day"),
        ("on or before 15 June 2027", "2027-06-15", "day"),
        ("on 2027-06-15", "2027-06-15", "day"),
        ("by 15/06/2027", "2027-06-15", "day"),
        ("by 06/15/2027", "2027-06-15", "day"),
        ("by Q3 2027", "2027-09-30", "month"),
        ("by the end of Q3 2027", "2027-09-30", "month"),
        ("in the third quarter of 2027", "2027-09-30", "month"),
        ("in 1Q 2027", "2027-03-31", "month"),
        ("by the last quarter of next year", "2027-12-31", "month"),
        ("in the first half of 2027", "2027-06-30", "month"),
        ("in H2 2027", "2027-12-31", "month"),
        ("in early 2027", "2027-04-30", "month"),
        ("by mid-2027", "2027-06-30", "month"),
        ("by the middle of 2027", "2027-06-30", "month"),
        ("late next year", "2027-12-31", "month"),
        ("between 2026 and 2028", "2028-12-31", "year"),
        ("from 2026 to 2028", "2028-12-31", "year"),
        ("in 2027 or 2028", "2028-12-31", "year"),
        ("in 2026/27", "2027-12-31", "year"),
        ("between March and June 2027", "2027-06-30", "month"),
        ("by the 2030s", "2039-12-31", "year"),
        ("within two years", "2028-11-22", "day"),
        ("in two years' time", "2028-11-22", "day"),
        ("two years from now", "2028-11-22", "day"),
        ("within the next 18 months", "2028-05-22", "day"),
        ("in the coming two weeks", "2026-12-06", "day"),
        ("within two to three years", "2029-11-22", "day"),
        ("in the next 2-3 years", "2029-11-22", "day"),
        ("over the next decade", "2036-11-22", "day"),
        ("in the next year", "2027-11-22", "day"),
        ("within half a year", "2027-05-22", "day"),
        ("within a couple of years", "2028-11-22", "day"),
        ("in ten days", "2026-12-02", "day"),
        ("this year", "2026-12-31", "year"),
        ("before the year is out", "2026-12-31", "year"),
        ("by year-end", "2026-12-31", "year"),
        ("next year", "2027-12-31", "year"),
        ("before next year", "2026-12-31", "year"),
        ("this month", "2026-11-30", "month"),
        ("by the end of next month", "2026-12-31", "month"),
        ("next week", "2026-11-29", "day"),
        ("by Friday", "2026-11-27", "day"),
        ("tomorrow", "2026-11-23", "day"),
        ("by March", "2027-03-31", "month"),
        ("in November", "2026-11-30", "month"),
        ("by 15 March", "2027-03-15", "day"),
        ("by the end of the decade", "2029-12-31", "year"),
        ("by the end of the century", "2099-12-31", "year"),
    ],
)
def test_words_mean_the_end_of_their_last_day(words: str, last_day: str, precision: str) -> None:
    sentence = f"The Senate passes it {words}, they say."
    deadline = read_deadline(sentence, PUBLISHED)
    assert isinstance(deadline, Deadline)
    assert deadline.resolves_by.isoformat() == f"{last_day}T23:59:59+00:00"
    assert deadline.precision == precision
    assert sentence[deadline.start : deadline.end] == deadline.wording
    assert deadline.wording in words
    assert deadline.rule.endswith(f": {last_day} 23:59:59 UTC.")


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("by 2027-06-15T17:00Z", "2027-06-15T17:00:00+00:00"),
        ("by 3 March 2027 at 17:30 UTC", "2027-03-03T17:30:00+00:00"),
        ("within 48 hours", "2026-11-24T10:00:00+00:00"),
    ],
)
def test_a_time_with_its_zone_is_an_instant(words: str, moment: str) -> None:
    deadline = read_deadline(words, PUBLISHED)
    assert isinstance(deadline, Deadline)
    assert (deadline.resolves_by.isoformat(), deadline.precision) == (moment, "instant")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("soon", "names no date"),
        ("eventually", "names no date"),
        ("in the coming months", "names no date"),
        ("within a few years", "names no date"),
        ("in the near future", "names no date"),
        ("in the long run", "names no date"),
        ("in years to come", "names no date"),
        ("within 30 working days", "names no date"),
        ("next summer", "seasons differ by hemisphere"),
        ("by spring", "seasons differ by hemisphere"),
        ("in summer 2027", "seasons differ by hemisphere"),
        ("in Q3", "which calendar"),
        ("by the end of the third quarter", "which calendar"),
        ("next quarter", "which calendar"),
        ("by fiscal 2027", "which calendar"),
        ("in FY27", "which calendar"),
        ("by 06/07/2027", "cannot be told apart"),
        ("by 31 February 2027", "no such day"),
        ("by 2027-13", "no such month"),
        ("after 2027", "when the time begins"),
        ("as early as 2027", "when the time begins"),
        ("not before 2027", "when the time begins"),
        ("no earlier than 2027", "when the time begins"),
        ("by 2025", "before the article was published"),
        ("effective August 2023", "when the time begins"),
        ("within 9999 years", "after the year 2199"),
    ],
)
def test_words_that_leave_the_date_open_are_refused_with_the_reason(words: str, reason: str) -> None:
    sentence = f"The Senate passes it {words}."
    answer = read_deadline(sentence, PUBLISHED)
    assert isinstance(answer, Unreadable)
    assert reason in answer.reason
    assert sentence[answer.start : answer.end] == answer.wording == words


@pytest.mark.parametrize(
    "words", ["next year", "within two years", "by March", "by Friday", "tomorrow", "late next year"]
)
def test_relative_words_need_the_day_of_publication(words: str) -> None:
    answer = read_deadline(words, None)
    assert isinstance(answer, Unreadable)
    assert "the article's date, which is not known" in answer.reason


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "International AI governance will bifurcate into 'compliance-heavy' and 'innovation-first' regulatory blocs.",
        "It may rain.",
        "The 2028 election will be close.",
        "Some 2,027 firms in 2027 companies grew by 2030%.",
        "Growth of 3.2027 points.",
        "They march on; one day-trader won a second term.",
    ],
)
def test_no_date_words_give_none(sentence: str) -> None:
    assert read_deadline(sentence, PUBLISHED) is None


@pytest.mark.parametrize(
    ("sentence", "wording"),
    [
        ("The 2024 Act, in force since August 2024, will apply by 2 August 2027.", "by 2 August 2027"),
        ("In 2028 it ends, and by 2030 it is forgotten.", "by 2030"),
        ("Soon, and at the latest by 2030, it ends.", "by 2030"),
        ("The ban of June 2023 ends in 2027.", "in 2027"),
        ("By 2030, or by 2035, it ends.", "By 2030"),
    ],
)
def test_the_surest_words_count(sentence: str, wording: str) -> None:
    deadline = read_deadline(sentence, PUBLISHED)
    assert isinstance(deadline, Deadline)
    assert deadline.wording == wording


def test_a_month_without_a_year_is_the_first_one_from_publication() -> None:
    for month, year in (("October", 2027), ("November", 2026), ("December", 2026)):
        deadline = read_deadline(f"by {month}", PUBLISHED)
        assert isinstance(deadline, Deadline)
        assert deadline.resolves_by.year == year


def test_a_year_after_a_leap_day_is_the_last_of_february() -> None:
    deadline = read_deadline("within a year", datetime(2028, 2, 29, tzinfo=UTC))
    assert isinstance(deadline, Deadline)
    assert deadline.resolves_by == datetime(2029, 2, 28, 23, 59, 59, tzinfo=UTC)


def test_publication_elsewhere_counts_by_its_day_in_utc() -> None:
    hong_kong = datetime(2027, 1, 1, 5, 0, tzinfo=timezone(timedelta(hours=8)))  # 2026-12-31 21:00 UTC
    deadline = read_deadline("this year", hong_kong)
    assert isinstance(deadline, Deadline)
    assert deadline.resolves_by == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(ValueError, match="by_year_means"):
        read_deadline("by 2027", PUBLISHED, by_year_means="middle")
    with pytest.raises(ValueError, match="published_at"):
        read_deadline("by 2027", PUBLISHED.replace(tzinfo=None))


PIECES = re.findall(
    r"\S+",
    """
    by before the end of in within next this year month decade century quarter Q1 Q3 H2 2026 2027 2199 1900 31 29 99
    9999 February May March 0 00/00/2027 30/02/2027 2027-02-30 T25:61Z at 24:00 UTC two to three years hours decades
    - – / , half a Friday soon from until start is out summer FY27 s
    """,
)


@given(
    st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)),
    st.one_of(
        st.none(),
        st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))])),
    ),
    st.sampled_from(["end", "start"]),
)
def test_any_text_gives_a_deadline_after_publication_or_a_reason_or_none(
    text: str, published: datetime | None, means: str
) -> None:
    answer = read_deadline(text, published, means)
    if answer is None:
        return
    assert text[answer.start : answer.end] == answer.wording
    if isinstance(answer, Deadline):
        assert answer.resolves_by.tzinfo is UTC
        assert published is None or answer.resolves_by >= published


def test_no_pattern_repeats_without_a_bound_so_the_time_is_linear() -> None:
    for pattern in (_BEFORE_PERIOD, *(pattern for pattern, _, _, _ in _PERIODS)):
        assert not re.search(r"(?<!\\)[+*]|,\}", pattern.pattern), pattern.pattern


@pytest.mark.parametrize(
    "hostile", ["by the end of ", "2027 ", "two to three ", "Q1 - ", "the next few ", "2027-", "1", " "]
)
def test_a_sentence_of_100_kb_is_read_to_its_end(hostile: str) -> None:
    answer = read_deadline(hostile * (100_000 // len(hostile)) + "; by 3 June 2031", PUBLISHED)
    assert isinstance(answer, Deadline)
    assert answer.wording == "by 3 June 2031"
