"""Sentences for readers, correct for every n, in the language that is active. Numbers in, words out."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forecasts.language import figures
from forecasts.language.figures import Spelling, number
from forecasts.localised import count, percent, spell, spelling
from forecasts.scoring.uncertainty import LIST_BELOW, SCORES_BELOW, Verdict
from forecasts.scoring.values import TICKS

from .openings import BECOMING, OPENINGS

Frequency = tuple[int, int, int]
"""Of forecasts around a tick: (mean tick, happened, of how many)."""

TELLING = 10
MIDDLE = (2_000, 8_000)
BRIER_OF_EVEN = 0.25
MOST_POWERS = 6  # beyond a million, evidence is just overwhelming

VERDICT_WORDS = {
    Verdict.WELL_CALIBRATED: gettext_lazy("well calibrated"),
    Verdict.OVER_CONFIDENT: gettext_lazy("over-confident"),
    Verdict.UNDER_CONFIDENT: gettext_lazy("under-confident"),
    Verdict.TOO_HIGH: gettext_lazy("too high"),
    Verdict.TOO_LOW: gettext_lazy("too low"),
    Verdict.NOT_WELL_CALIBRATED: gettext_lazy("not well calibrated"),
    Verdict.TOO_EARLY: gettext_lazy("too early to say"),
}

VERDICTS = {
    Verdict.WELL_CALIBRATED: gettext_lazy(
        "What happened fits what was said: the difference is no larger than chance would bring."
    ),
    Verdict.OVER_CONFIDENT: gettext_lazy(
        "The forecasts stood too close to 0 and 100 %: the world was less certain than that."
    ),
    Verdict.UNDER_CONFIDENT: gettext_lazy(
        "The forecasts stood too close to 50 %: the world was more certain than that."
    ),
    Verdict.TOO_HIGH: gettext_lazy("Things happened less often than was said, by more than chance would bring."),
    Verdict.TOO_LOW: gettext_lazy("Things happened more often than was said, by more than chance would bring."),
    Verdict.NOT_WELL_CALIBRATED: gettext_lazy(
        "What happened differs from what was said by more than chance would bring, in no one direction."
    ),
    Verdict.TOO_EARLY: "",
}


def predictions(n: int) -> str:
    """How many predictions.

    >>> predictions(1), predictions(1200)
    ('1 prediction', '1,200 predictions')
    """
    return ngettext("%(n)s prediction", "%(n)s predictions", n) % {"n": count(n)}


def amount(value: float) -> str:
    """A figure with at most two decimals.

    >>> amount(0.5), amount(12.0)
    ('0.5', '12')
    """
    return spell(number(value))


def span(low: object, high: object) -> str:
    """From one end to the other.

    >>> span("0.1", "0.2")
    '0.1 to 0.2'
    """
    return spelling().between(low, high)


def whole_percent(share: float) -> str:
    """A share, 0 to 1, in whole percent; never 0 or 100 unless it is exactly that.

    >>> whole_percent(0.643), whole_percent(0.004), whole_percent(0.999)
    ('64\\xa0%', 'under 1\\xa0%', 'over 99\\xa0%')
    """
    shown = round(share * 100)
    if shown == 0 and share > 0:
        return _("under %(share)s") % {"share": percent(100)}
    if shown == 100 and share < 1:
        return _("over %(share)s") % {"share": percent(TICKS - 100)}
    return percent(shown * 100)


def interval_percent(low: float | None, high: float | None) -> str:
    """The ends of an interval of a share in whole percent; empty when there is none, or no spread to speak of.

    >>> interval_percent(0.484, 0.811), interval_percent(None, None), interval_percent(0.5, 0.5)
    ('48 to 81\\xa0%', '', '')
    """
    if low is None or high is None or low >= high:
        return ""
    first, last = (round(100 * min(max(end, 0.0), 1.0)) for end in (low, high))
    return span(first, percent(last * 100))


def spoken_group(groups: Sequence[Frequency]) -> Frequency | None:
    """The group that the headline speaks of: the largest in the middle, where being right is hard; else the largest.

    Chosen by size alone, whatever happened, ties to the higher forecast. None without groups.
    """
    telling = [row for row in groups if row[2] >= TELLING and MIDDLE[0] <= row[0] < MIDDLE[1]]
    return max(telling or groups, key=lambda row: (row[2], row[0]), default=None)


def frequency_sentence(opening: str, group: Frequency) -> str:
    """What happened when about so much was said, as a natural frequency. `opening` is one of OPENINGS.

    >>> frequency_sentence("they_said", (7020, 18, 28)).replace("\\xa0", " ")
    'When they said about 70 %, it happened 18 of 28 times (64 %).'
    """
    said, happened, of = group
    told = OPENINGS[opening]
    if of == 1:
        return str((told.once if happened else told.never_once) % {"level": _about(said)})
    times = {"happened": count(happened), "of": count(of), "share": whole_percent(happened / of)}
    shown = _("%(happened)s of %(of)s times (%(share)s)") if of >= TELLING else _("%(happened)s of %(of)s times")
    return str(told.when % {"level": _about(said), "times": shown % times})


def _about(tick: int) -> str:
    level = whole_percent(tick / TICKS)
    is_whole = level == percent(round(tick / 100) * 100)
    return _("about %(share)s") % {"share": level} if is_whole else level


def average_sentence(opening: str, said: float, happened: float) -> str:
    """Where no groups can be formed: the averages of what was said and of what happened, 0 to 1."""
    return str(OPENINGS[opening].average % {"said": whole_percent(said), "happened": whole_percent(happened)})


def few_sentence(made: int, settled: int) -> str:
    """Some predictions are settled, but too few for scores."""
    return ngettext(
        "%(settled)s of %(made)s is settled and counted, too few to say how well calibrated the forecasts are: "
        "scores need %(least)s, a verdict %(more)s.",
        "%(settled)s of %(made)s are settled and counted, too few to say how well calibrated the forecasts are: "
        "scores need %(least)s, a verdict %(more)s.",
        settled,
    ) % {"settled": count(settled), "made": predictions(made), "least": LIST_BELOW, "more": SCORES_BELOW}


def scoring_sentence(settled: int) -> str:
    """Settled, and the figures are being computed."""
    return ngettext(
        "%(n)s prediction settled and counted; what they say is being computed.",
        "%(n)s predictions settled and counted; what they say is being computed.",
        settled,
    ) % {"n": count(settled)}


def none_sentence(made: int, becoming: Mapping[str, int]) -> str:
    """Nothing counts yet. `becoming` says what became of how many predictions, by the names in BECOMING.

    >>> none_sentence(3, {"open": 2, "void": 1})
    'None of the 3 predictions counts yet: 2 are still open, 1 is void.'
    """
    if made == 0:
        return _("Nothing has been forecast yet, so there is nothing to judge.")
    parts = [(n, BECOMING[name]) for name, n in becoming.items() if n]
    if len(parts) == 1 and parts[0][0] == made:
        return str(parts[0][1].all % {"n": made, "made": count(made)})
    if not parts:
        return ngettext(
            "The only prediction does not count yet.", "None of the %(made)s predictions counts yet.", made
        ) % {"made": count(made)}
    told = ", ".join(some.some % {"n": n, "shown": count(n)} for n, some in parts)
    return _("None of the %(made)s predictions counts yet: %(told)s.") % {"made": count(made), "told": told}


def score_words(value: float) -> str:
    """A mean score to three decimals.

    >>> score_words(0.04329), score_words(0.25)
    ('0.043', '0.250')
    """
    return spell(f"{value:.3f}")


def score_interval(low: float | None, high: float | None, worst: float = 1.0) -> str:
    """The ends of an interval of a mean score from 0 to `worst`; empty when there is none."""
    if low is None or high is None:
        return ""
    here = spelling()  # once: a page has hundreds of these
    return here.between(here.of(f"{max(low, 0.0):.3f}"), here.of(f"{min(high, worst):.3f}"))


def signed_percent(share: float) -> str:
    """A difference of shares, or a part gained or lost, in whole percent with its sign.

    >>> signed_percent(0.064).replace("\\xa0", " "), signed_percent(-0.2).replace("\\xa0", " ")
    ('+6 %', '−20 %')
    """
    return _signed(share, spelling())


def _signed(share: float, here: Spelling) -> str:
    shown = round(abs(share) * 100)
    return f"{'' if not shown else '+' if share > 0 else '−'}{figures.percent(shown * 100, here)}"


def signed_interval(low: float | None, high: float | None) -> str:
    """The ends of an interval of a difference of shares; empty when there is none."""
    here = spelling()
    return "" if low is None or high is None else here.between(_signed(low, here), _signed(high, here))


def signed_score(value: float) -> str:
    """A difference of mean scores to three decimals, with its sign.

    >>> signed_score(0.0312), signed_score(-0.2), signed_score(0.0)
    ('+0.031', '−0.200', '0.000')
    """
    sign = "" if round(abs(value), 3) == 0 else "+" if value > 0 else "−"
    return f"{sign}{score_words(abs(value))}"


def points(value: float | None) -> str:
    """Points gained or lost, to one decimal; empty for none.

    >>> points(2.71), points(-7.8), points(None)
    ('+2.7', '−7.8', '')
    """
    return "" if value is None else spell(f"{value:+.1f}".replace("-", "−"))


def signed_scores(low: float | None, high: float | None) -> str:
    """The ends of an interval of a difference of scores; empty when there is none."""
    return "" if low is None or high is None else span(signed_score(low), signed_score(high))


def evidence_words(log10: float) -> str:
    """A factor of evidence, given as its logarithm.

    >>> evidence_words(0.301), evidence_words(2.0), evidence_words(-1.0), evidence_words(12.0)
    ('2', '100', '1/10', 'over 1,000,000')
    """
    if abs(log10) > MOST_POWERS:
        most = count(10**MOST_POWERS)
        return _("over %(factor)s") % {"factor": most} if log10 > 0 else _("under 1/%(factor)s") % {"factor": most}
    factor = 10 ** abs(log10)
    is_round = factor >= TELLING or round(factor, 1) == round(factor)
    shown = spell(f"{factor:,.0f}" if is_round else f"{factor:.1f}")
    return f"1/{shown}" if log10 < 0 and shown != "1" else shown


def monitor_sentence(alarm: str | None, log10: float, level: int, n: int) -> str:
    """What the monitor says after n predictions; `alarm` is the month in which it first reached `level`."""
    figures = {"level": level, "alarm": alarm, "n": count(n), "evidence": evidence_words(log10)}
    if alarm:
        told = ngettext(
            "It reached %(level)s in %(alarm)s: of %(level)s records that are calibrated, at most one ever does. "
            "After %(n)s separate prediction the evidence against calibration is %(evidence)s.",
            "It reached %(level)s in %(alarm)s: of %(level)s records that are calibrated, at most one ever does. "
            "After %(n)s separate predictions the evidence against calibration is %(evidence)s.",
            n,
        )
    else:
        told = ngettext(
            "It never reached %(level)s: after %(n)s separate prediction the evidence against calibration is "
            "%(evidence)s.",
            "It never reached %(level)s: after %(n)s separate predictions the evidence against calibration is "
            "%(evidence)s.",
            n,
        )
    return told % figures


def given_sentence(share: float) -> str:
    """Of predictions of several options: how much was given on average to the one that happened."""
    return _("On average %(share)s had been given to the option that happened.") % {"share": whole_percent(share)}


def held_sentence(nominal: float, inside: int, n: int) -> str:
    """Of numbers and dates: how often what happened lay in the middle of what was said.

    >>> held_sentence(0.8, 18, 28).replace("\\xa0", " ")
    'What happened lay within the 80 % in the middle of the forecast 18 of 28 times (64 %).'
    """
    return _(
        "What happened lay within the %(middle)s in the middle of the forecast %(inside)s of %(n)s times (%(share)s)."
    ) % {
        "middle": whole_percent(nominal),
        "inside": count(inside),
        "n": count(n),
        "share": whole_percent(inside / n),
    }


def against_even(value: float, low: float | None, high: float | None) -> str:
    """How a mean Brier score compares with always saying 50 %, as far as its interval allows to say; empty without one.

    >>> against_even(0.1, 0.05, 0.15).replace("\\xa0", " "), against_even(0.2, 0.1, 0.3).replace("\\xa0", " ")
    ('60 % better than always saying 50 %', 'not to be told apart from always saying 50 %')
    """
    even = percent(TICKS / 2)
    if low is None or high is None:
        return ""
    if low <= BRIER_OF_EVEN <= high:
        told = _("not to be told apart from always saying %(even)s")
    elif value < BRIER_OF_EVEN:
        told = _("%(share)s better than always saying %(even)s")
    else:
        told = _("%(share)s worse than always saying %(even)s")
    return told % {"share": whole_percent(abs(1 - value / BRIER_OF_EVEN)), "even": even}


def overdue_bounds(if_no: float | None, if_yes: float | None) -> str:
    """The score, had everything overdue gone one way; empty when nothing is."""
    told = _("Had every overdue prediction turned out no, it would be %(no)s; had every one turned out yes, %(yes)s.")
    return _bounds(told, if_no, if_yes)


def void_bounds(if_no: float | None, if_yes: float | None) -> str:
    """The score, had everything void gone one way; empty when nothing is."""
    told = _("Had every void prediction turned out no, it would be %(no)s; had every one turned out yes, %(yes)s.")
    return _bounds(told, if_no, if_yes)


def _bounds(told: str, if_no: float | None, if_yes: float | None) -> str:
    if if_no is None or if_yes is None:
        return ""
    return told % {"no": score_words(if_no), "yes": score_words(if_yes)}


def settled_by(rule: str, proposer: int | None, approver: int | None) -> str:
    """Who proposed and who approved a resolution, by role and never by name. The keys only tell whether they differ."""
    name = rule.removeprefix("rule:").replace("_", " ")
    if approver is None and name == "import":
        return _("It came with an imported track record.")
    if approver is None:
        return _("Accepted by a rule (%(name)s).") % {"name": name}
    if rule.startswith("assessor:"):
        return _("Proposed by a language model that read the reports, approved by an editor.")
    if rule:
        return _("Proposed by a rule (%(name)s), approved by an editor.") % {"name": name}
    if proposer is None or proposer == approver:
        return _("Proposed and approved by one editor.")
    return _("Proposed by an editor, approved by a second editor.")


def badge_words(made: int, settled: int, right: int, wrong: int, void: int) -> str:
    """What became of the predictions in an article; parts that are zero are left out once something is settled.

    >>> badge_words(5, 3, 2, 1, 0), badge_words(1, 0, 0, 0, 0)
    ('3 of 5 predictions settled: 2 right, 1 wrong', '0 of 1 prediction settled')
    """
    figures = {"settled": count(settled), "made": predictions(made)}
    parts = [
        ngettext("%(n)s right", "%(n)s right", right) % {"n": count(right)} if right else "",
        ngettext("%(n)s wrong", "%(n)s wrong", wrong) % {"n": count(wrong)} if wrong else "",
        ngettext("%(n)s void", "%(n)s void", void) % {"n": count(void)} if void else "",
    ]
    if told := ", ".join(part for part in parts if part):
        return _("%(settled)s of %(made)s settled: %(told)s") % {**figures, "told": told}
    return _("%(settled)s of %(made)s settled") % figures
