"""The published table from verbal expressions to probabilities. docs/wording.md shows it and says how it was made.

Sources of the figures (a range gives its midpoint; 0 % and 100 % are kept inside 1 %..99 %):

- Kent, S. (1964), Words of Estimative Probability, Studies in Intelligence 8(4): 49-65.
- Office of the Director of National Intelligence (2015), Intelligence Community Directive 203, Analytic Standards,
  D.6.e(2)(a). How readers take its terms was measured by Wintle et al. (2019), doi:10.1371/journal.pone.0213522.
- Mauboussin, A. and Mauboussin, M. J. (2018), If You Say Something Is "Likely," How Likely Do People Think It Is?,
  Harvard Business Review, 3 July 2018. Medians, to the nearest 5 %, of a sample of 62 answers (229 for "might
  happen") spread over the published file of answers.

Where none of them has an expression that news uses, the entry is ours and says which sourced one it is put beside.
A new figure needs a new TABLE_VERSION: what was implied under an older one is never rewritten.
"""

from dataclasses import dataclass

TABLE_VERSION = "2026-11"


@dataclass(frozen=True)
class Entry:
    """One expression, its probability in ticks of 1/10,000 (100..9900) and where the figure comes from."""

    expression: str
    tick: int
    source: str


_KENT = "Kent 1964"
_ICD = "ICD 203"
_SURVEY = "Mauboussin & Mauboussin 2018"
_OURS = "ours"

_GROUPS: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (9900, f"{_KENT}: certain, 100 %, kept at 99 %", ("is certain to", "it is certain that", "is a certainty")),
    (9900, f"{_OURS}: says the same as certain", ("is sure to", "is bound to", "is guaranteed to", "is inevitable")),
    (9700, f"{_ICD}: almost certain, 95-99 %", ("will almost certainly", "almost certainly will", "almost certainly")),
    (9700, f"{_ICD}: almost certain, 95-99 %", ("is almost certain to", "is nearly certain to", "is almost certain")),
    (9500, f"{_SURVEY}: certainly", ("will certainly", "certainly will")),
    (9500, f"{_SURVEY}: slam dunk", ("is a slam dunk",)),
    (9500, f"{_OURS}: says the same as certainly", ("will definitely", "will undoubtedly", "will surely")),
    (
        9300,
        f"{_KENT}: almost certain, 93 %",
        ("is virtually certain to", "is all but certain to", "is highly likely to"),
    ),
    (9300, f"{_KENT}: almost certain, 93 %", ("highly likely", "the odds are overwhelming that")),
    (
        9300,
        f"{_OURS}: a flat promise names no doubt, so it is put at Kent's almost certain, not at certain",
        ("will", "is going to", "shall"),
    ),
    (8750, f"{_ICD}: very likely, 80-95 %", ("is very likely to", "will very likely", "it is very likely that")),
    (8750, f"{_ICD}: very likely, 80-95 %", ("very likely", "is highly probable", "most probably")),
    (
        8750,
        f"{_OURS}: arranged and not yet done, put at very likely",
        ("is set to", "is due to", "is scheduled to", "is slated to", "is about to"),
    ),
    (8750, f"{_OURS}: a stronger likely, put at very likely", ("will most likely", "is most likely to", "most likely")),
    (8000, f"{_SURVEY}: with high probability", ("there is a high probability that", "with high probability")),
    (7500, f"{_KENT}: probable, 75 %", ("it is probable that", "we believe", "we estimate")),
    (
        7500,
        f"{_OURS}: somebody's estimate, put at Kent's we estimate",
        ("is expected to", "is projected to", "is forecast to", "is predicted to", "is anticipated to", "expected to"),
    ),
    (
        7500,
        f"{_OURS}: somebody's estimate, put at Kent's we estimate",
        ("expects to", "we expect", "is widely expected to"),
    ),
    (
        7500,
        f"{_OURS}: under way and on time, put at Kent's probable",
        ("is on track to", "is on course to", "is poised to", "looks set to"),
    ),
    (7000, f"{_SURVEY}: probably", ("will probably", "probably will", "probably")),
    (6750, f"{_ICD}: likely, 55-80 %", ("is likely to", "will likely", "likely will", "it is likely that", "likely")),
    (
        6750,
        f"{_OURS}: says the same as likely",
        ("will in all likelihood", "in all likelihood", "there is a good chance that"),
    ),
    (
        6750,
        f"{_OURS}: an announced intention, put at likely",
        ("plans to", "is planning to", "intends to", "pledges to", "vows to", "should"),
    ),
    (6500, f"{_SURVEY}: serious possibility", ("there is a serious possibility that", "is a serious possibility")),
    (6000, f"{_SURVEY}: more often than not", ("is more likely than not to", "it is more likely than not that")),
    (6000, f"{_OURS}: the complement of may", ("may not", "might not")),
    (5500, f"{_SURVEY}: real possibility", ("there is a real possibility that", "is a real possibility")),
    (5500, f"{_OURS}: between may and likely", ("may well", "could well", "might well")),
    (5000, f"{_ICD}: roughly even chance, 45-55 %", ("there is a roughly even chance that", "roughly even odds")),
    (5000, f"{_KENT}: chances about even, 50 %", ("the chances are about even that", "has an even chance of")),
    (5000, f"{_SURVEY}: maybe; with moderate probability", ("maybe", "with moderate probability")),
    (5000, f"{_OURS}: says the same as even", ("fifty-fifty", "50-50", "is a toss-up", "is a coin flip", "perhaps")),
    (
        5000,
        f"{_OURS}: a goal says nothing of reaching it, put at even",
        ("aims to", "is aiming to", "hopes to", "seeks to", "wants to"),
    ),
    (4000, f"{_SURVEY}: might happen", ("might", "may", "could")),
    (4000, f"{_SURVEY}: possibly", ("possibly", "it is possible that", "there is a possibility that")),
    (4000, f"{_OURS}: Kent ranks it with possible", ("conceivably", "it is conceivable that")),
    (3250, f"{_ICD}: unlikely, 20-45 %", ("is unlikely to", "it is unlikely that", "is improbable", "unlikely")),
    (
        3250,
        f"{_OURS}: the complement of likely",
        ("is not likely to", "will likely not", "likely will not", "not likely"),
    ),
    (3000, f"{_KENT}: probably not, 30 %", ("will probably not", "probably will not", "probably not")),
    (3000, f"{_KENT}: probably not, 30 %", ("it is doubtful that", "is doubtful", "we doubt")),
    (
        2500,
        f"{_OURS}: the complement of is expected to",
        ("is not expected to", "is not projected to", "is not forecast to", "is not on track to", "does not expect to"),
    ),
    (1500, f"{_SURVEY}: with low probability", ("there is a low probability that", "with low probability")),
    (1250, f"{_ICD}: very unlikely, 5-20 %", ("is very unlikely to", "it is very unlikely that", "very unlikely")),
    (1250, f"{_ICD}: very unlikely, 5-20 %", ("is highly improbable",)),
    (
        1250,
        f"{_OURS}: says the same as very unlikely",
        ("is highly unlikely to", "highly unlikely", "there is little chance that"),
    ),
    (1250, f"{_OURS}: the complement of is set to", ("is not set to", "is not due to", "is not about to")),
    (700, f"{_KENT}: almost certainly not, 7 %", ("will almost certainly not", "almost certainly will not")),
    (
        700,
        f"{_KENT}: almost certainly not, 7 %",
        ("is virtually impossible", "is almost impossible", "is highly doubtful"),
    ),
    (700, f"{_KENT}: almost certainly not, 7 %", ("there is a slight chance that", "almost certainly not")),
    (700, f"{_OURS}: the complement of will", ("will not", "is not going to", "shall not", "cannot")),
    (700, f"{_OURS}: says the same as almost certainly not", ("is extremely unlikely to", "extremely unlikely")),
    (500, f"{_OURS}: the complement of certainly", ("will certainly not", "certainly will not", "will definitely not")),
    (300, f"{_ICD}: almost no chance, 1-5 %", ("there is almost no chance that", "there is a remote chance that")),
    (100, f"{_KENT}: impossible, 0 %, kept at 1 %", ("is impossible", "it is impossible that")),
    (100, f"{_SURVEY}: never, 0 %, kept at 1 %", ("will never",)),
    (100, f"{_OURS}: says the same as impossible", ("has no chance of", "there is no chance that")),
)

TABLE: tuple[Entry, ...] = tuple(
    Entry(expression, tick, source) for tick, source, expressions in _GROUPS for expression in expressions
)
