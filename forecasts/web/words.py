"""Sentences for readers, correct for every n. Pure: numbers in, words out."""

from collections.abc import Sequence

from forecasts.language.figures import NBSP, percent
from forecasts.scoring.uncertainty import LIST_BELOW, OVERDUE_ALLOWED, SCORES_BELOW, Verdict
from forecasts.scoring.values import TICKS

Frequency = tuple[int, int, int]
"""Of forecasts around a tick: (mean tick, happened, of how many)."""

TELLING = 10
MIDDLE = (2_000, 8_000)
BRIER_OF_EVEN = 0.25
MOST_POWERS = 6  # beyond a million, evidence is just overwhelming

VERDICTS = {
    Verdict.WELL_CALIBRATED: "What happened fits what was said: the difference is no larger than chance would bring.",
    Verdict.OVER_CONFIDENT: "The forecasts stood too close to 0 and 100 %: the world was less certain than that.",
    Verdict.UNDER_CONFIDENT: "The forecasts stood too close to 50 %: the world was more certain than that.",
    Verdict.TOO_HIGH: "Things happened less often than was said, by more than chance would bring.",
    Verdict.TOO_LOW: "Things happened more often than was said, by more than chance would bring.",
    Verdict.NOT_WELL_CALIBRATED: "What happened differs from what was said by more than chance would bring, "
    "in no one direction.",
    Verdict.TOO_EARLY: "",
}


def counted(n: int, noun: str) -> str:
    """A count with its noun.

    >>> counted(1, "prediction"), counted(1200, "prediction")
    ('1 prediction', '1,200 predictions')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def whole_percent(share: float) -> str:
    """A share, 0 to 1, in whole percent; never 0 or 100 unless it is exactly that.

    >>> whole_percent(0.643), whole_percent(0.004), whole_percent(0.999)
    ('64\\xa0%', 'under 1\\xa0%', 'over 99\\xa0%')
    """
    shown = round(share * 100)
    if shown == 0 and share > 0:
        return f"under {percent(100)}"
    if shown == 100 and share < 1:
        return f"over {percent(TICKS - 100)}"
    return percent(shown * 100)


def interval_percent(low: float | None, high: float | None) -> str:
    """The ends of an interval of a share in whole percent; empty when there is none, or no spread to speak of.

    >>> interval_percent(0.484, 0.811), interval_percent(None, None), interval_percent(0.5, 0.5)
    ('48 to 81\\xa0%', '', '')
    """
    if low is None or high is None or low >= high:
        return ""
    ends = (round(100 * min(max(end, 0.0), 1.0)) for end in (low, high))
    return " to ".join(str(end) for end in ends) + f"{NBSP}%"


def spoken_group(groups: Sequence[Frequency]) -> Frequency | None:
    """The group that the headline speaks of: the largest in the middle, where being right is hard; else the largest.

    Chosen by size alone, whatever happened, ties to the higher forecast. None without groups.
    """
    telling = [row for row in groups if row[2] >= TELLING and MIDDLE[0] <= row[0] < MIDDLE[1]]
    return max(telling or groups, key=lambda row: (row[2], row[0]), default=None)


def frequency_sentence(opening: str, group: Frequency) -> str:
    """What happened when about so much was said, as a natural frequency.

    >>> frequency_sentence("they said", (7020, 18, 28)).replace(NBSP, " ")
    'When they said about 70 %, it happened 18 of 28 times (64 %).'
    """
    said, happened, of = group
    if of == 1:
        return f"The one time {opening} {_about(said)}, it {'happened' if happened else 'did not happen'}."
    share = f" ({whole_percent(happened / of)})" if of >= TELLING else ""
    return f"When {opening} {_about(said)}, it happened {happened:,} of {of:,} times{share}."


def _about(tick: int) -> str:
    level = whole_percent(tick / TICKS)
    return f"about {level}" if level[0].isdigit() else level


def average_sentence(opening: str, said: float, happened: float) -> str:
    """Where no groups can be formed: the averages of what was said and of what happened, 0 to 1."""
    return f"On average {opening} {whole_percent(said)}, and {whole_percent(happened)} happened."


def few_sentence(made: int, settled: int) -> str:
    """Some predictions are settled, but too few for scores."""
    are = "is" if settled == 1 else "are"
    return (
        f"{settled:,} of {counted(made, 'prediction')} {are} settled and counted, too few to say how well calibrated "
        f"the forecasts are: scores need {LIST_BELOW}, a verdict {SCORES_BELOW}."
    )


def scoring_sentence(settled: int) -> str:
    """Settled, and the figures are being computed."""
    return f"{counted(settled, 'prediction')} settled and counted; what they say is being computed."


def none_sentence(made: int, becoming: Sequence[tuple[int, str, str]]) -> str:
    """Nothing counts yet. `becoming` says what became of the predictions: (count, words for one, words for many).

    >>> none_sentence(3, [(2, "is still open", "are still open"), (1, "is void", "are void")])
    'None of the 3 predictions counts yet: 2 are still open, 1 is void.'
    """
    if made == 0:
        return "Nothing has been forecast yet, so there is nothing to judge."
    parts = [(n, one if n == 1 else many) for n, one, many in becoming if n]
    if made == 1:
        return (
            f"The only prediction does not count yet: it {parts[0][1]}."
            if parts
            else "The only prediction does not count yet."
        )
    if len(parts) == 1 and parts[0][0] == made:
        return f"None of the {made:,} predictions counts yet: they {parts[0][1]}."
    told = ", ".join(f"{n:,} {words}" for n, words in parts)
    return f"None of the {made:,} predictions counts yet{': ' if told else ''}{told}."


def score_words(value: float) -> str:
    """A mean score to three decimals.

    >>> score_words(0.04329), score_words(0.25)
    ('0.043', '0.250')
    """
    return f"{value:.3f}"


def score_interval(low: float | None, high: float | None, worst: float = 1.0) -> str:
    """The ends of an interval of a mean score from 0 to `worst`; empty when there is none."""
    if low is None or high is None:
        return ""
    return f"{score_words(max(low, 0.0))} to {score_words(min(high, worst))}"


def signed_percent(share: float) -> str:
    """A difference of shares, or a part gained or lost, in whole percent with its sign.

    >>> signed_percent(0.064).replace(NBSP, " "), signed_percent(-0.2).replace(NBSP, " ")
    ('+6 %', '−20 %')
    """
    shown = round(abs(share) * 100)
    return f"{'' if not shown else '+' if share > 0 else '−'}{percent(shown * 100)}"


def signed_interval(low: float | None, high: float | None) -> str:
    """The ends of an interval of a difference of shares; empty when there is none."""
    return "" if low is None or high is None else f"{signed_percent(low)} to {signed_percent(high)}"


def signed_score(value: float) -> str:
    """A difference of mean scores to three decimals, with its sign.

    >>> signed_score(0.0312), signed_score(-0.2), signed_score(0.0)
    ('+0.031', '−0.200', '0.000')
    """
    shown = score_words(abs(value))
    return f"{'' if float(shown) == 0 else '+' if value > 0 else '−'}{shown}"


def points(value: float | None) -> str:
    """Points gained or lost, to one decimal; empty for none.

    >>> points(2.71), points(-7.8), points(None)
    ('+2.7', '−7.8', '')
    """
    return "" if value is None else f"{value:+.1f}".replace("-", "−")


def signed_scores(low: float | None, high: float | None) -> str:
    """The ends of an interval of a difference of scores; empty when there is none."""
    return "" if low is None or high is None else f"{signed_score(low)} to {signed_score(high)}"


def evidence_words(log10: float) -> str:
    """A factor of evidence, given as its logarithm.

    >>> evidence_words(0.301), evidence_words(2.0), evidence_words(-1.0), evidence_words(12.0)
    ('2', '100', '1/10', 'over 1,000,000')
    """
    if abs(log10) > MOST_POWERS:
        return f"over {10**MOST_POWERS:,}" if log10 > 0 else f"under 1/{10**MOST_POWERS:,}"
    factor = 10 ** abs(log10)
    shown = f"{factor:,.0f}" if factor >= TELLING or round(factor, 1) == round(factor) else f"{factor:.1f}"
    return f"1/{shown}" if log10 < 0 and shown != "1" else shown


def monitor_sentence(alarm: str | None, log10: float, level: int, n: int) -> str:
    """What the monitor says after n predictions; `alarm` is the month in which it first reached `level`."""
    so_far = f"after {counted(n, 'separate prediction')} the evidence against calibration is {evidence_words(log10)}"
    if alarm:
        rare = f"of {level} records that are calibrated, at most one ever does"
        return f"It reached {level} in {alarm}: {rare}. {so_far[0].upper()}{so_far[1:]}."
    return f"It never reached {level}: {so_far}."


def murphy_sentence(
    ours: str, theirs: str, a: Sequence[float], b: Sequence[float], band: Sequence[tuple[float, float]]
) -> str:
    """Which of two curves of elementary scores lies lower, of the predictions at hand; and where the band of their
    difference holds 0 at every threshold, that chance could have turned it round.
    """
    lower = [x < y for x, y in zip(a, b, strict=True) if x != y]
    if not lower:
        return f"{ours[0].upper()}{ours[1:]} and {theirs} cost the same at every threshold."
    if all(lower) or not any(lower):
        first, second = (ours, theirs) if lower[0] else (theirs, ours)
        by_chance = ", by no more than chance would bring" if all(low <= 0 <= high for low, high in band) else ""
        return f"On these predictions, {first} did better than {second} under every proper score{by_chance}."
    return f"Whether {ours} or {theirs} did better on these predictions depends on the score."


def compared_sentence(
    a: str,
    b: str,
    n: int,
    scores: tuple[float, float],
    low: float | None,
    high: float | None,
    separate: int,
    waiting: tuple[int, int] = (0, 0),
) -> str:
    """Which of two was closer on the n predictions of both, as far as the interval of a less b allows to say.

    Of fewer than 30 `separate` ones, counting a family of related predictions once, it is too early for a verdict; and
    while more than 5 % of those past their deadline wait for us: `waiting` are these, and all of those.
    """
    ours, theirs = (score_words(score) for score in scores)
    told = f"On {counted(n, 'prediction')} that both made, {a} scored {ours} and {b} {theirs}"
    if low is None or high is None:
        return f"{told}; there are too few independent predictions for an interval to tell them apart by."
    if separate < SCORES_BELOW:
        return (
            f"{told}: too early to say who is closer, which takes {SCORES_BELOW} separate ones; these are {separate}."
        )
    if waiting[0] > OVERDUE_ALLOWED * waiting[1]:
        return f"{told}: too early to say who is closer; {waiting[0]} of {waiting[1]} past their deadline wait for us."
    if low <= 0 <= high:
        return f"{told}: they cannot be told apart."
    return f"{told}: {a if high < 0 else b} was closer."


def few_in_common(a: str, b: str, n: int) -> str:
    """Of too few predictions to give scores."""
    if not n:
        return f"{a} and {b} have no settled prediction in common here."
    shared = counted(n, "settled prediction")
    return f"{a} and {b} have {shared} in common here, too few to compare: it takes {LIST_BELOW}."


def rank_words(rank: int | None, low: int | None, high: int | None) -> str:
    """A rank with its interval; a dash for whom none is given.

    >>> rank_words(1, 1, 3), rank_words(2, 2, 2), rank_words(None, None, None)
    ('1 (1 to 3)', '2 (2)', '–')
    """
    if rank is None:
        return "–"
    return f"{rank} ({low})" if low == high else f"{rank} ({low} to {high})"


def given_sentence(share: float) -> str:
    """Of predictions of several options: how much was given on average to the one that happened."""
    return f"On average {whole_percent(share)} had been given to the option that happened."


def held_sentence(nominal: float, inside: int, n: int) -> str:
    """Of numbers and dates: how often what happened lay in the middle of what was said.

    >>> held_sentence(0.8, 18, 28).replace(NBSP, " ")
    'What happened lay within the 80 % in the middle of the forecast 18 of 28 times (64 %).'
    """
    middle = whole_percent(nominal)
    return (
        f"What happened lay within the {middle} in the middle of the forecast {inside:,} of {n:,} times "
        f"({whole_percent(inside / n)})."
    )


def against_even(value: float, low: float | None, high: float | None) -> str:
    """How a mean Brier score compares with always saying 50 %, as far as its interval allows to say; empty without one.

    >>> against_even(0.1, 0.05, 0.15).replace(NBSP, " "), against_even(0.2, 0.1, 0.3).replace(NBSP, " ")
    ('60 % better than always saying 50 %', 'not to be told apart from always saying 50 %')
    """
    always = f"always saying {percent(TICKS / 2)}"
    if low is None or high is None:
        return ""
    if low <= BRIER_OF_EVEN <= high:
        return f"not to be told apart from {always}"
    share, better = whole_percent(abs(1 - value / BRIER_OF_EVEN)), "better" if value < BRIER_OF_EVEN else "worse"
    return f"{share} {better} than {always}"


def bounds_sentence(what: str, if_no: float | None, if_yes: float | None) -> str:
    """The score, had everything unsettled gone one way; empty when nothing is unsettled."""
    if if_no is None or if_yes is None:
        return ""
    return (
        f"Had every {what} prediction turned out no, it would be {score_words(if_no)}; "
        f"had every one turned out yes, {score_words(if_yes)}."
    )


def settled_by(rule: str, proposer: int | None, approver: int | None) -> str:
    """Who proposed and who approved a resolution, by role and never by name. The keys only tell whether they differ."""
    name = rule.removeprefix("rule:").replace("_", " ")
    if approver is None:
        return "It came with an imported track record." if name == "import" else f"Accepted by a rule ({name})."
    if rule.startswith("assessor:"):
        return "Proposed by a language model that read the reports, approved by an editor."
    if rule:
        return f"Proposed by a rule ({name}), approved by an editor."
    if proposer is None or proposer == approver:
        return "Proposed and approved by one editor."
    return "Proposed by an editor, approved by a second editor."


def badge_words(made: int, settled: int, right: int, wrong: int, void: int) -> str:
    """What became of the predictions in an article; parts that are zero are left out once something is settled.

    >>> badge_words(5, 3, 2, 1, 0), badge_words(1, 0, 0, 0, 0)
    ('3 of 5 predictions settled: 2 right, 1 wrong', '0 of 1 prediction settled')
    """
    parts = [f"{n:,} {word}" for n, word in ((right, "right"), (wrong, "wrong"), (void, "void")) if n]
    told = f": {', '.join(parts)}" if parts else ""
    return f"{settled:,} of {counted(made, 'prediction')} settled{told}"
