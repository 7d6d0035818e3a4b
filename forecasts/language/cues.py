"""What in a sentence speaks of the future, and what says that it is no prediction although it seems to.

Each pattern is a heuristic for English news. How often they are right is measured: docs/claims.md.
"""

import re
from typing import NamedTuple

_I = re.IGNORECASE
_BE = r"(?:is|are|['’]s|['’]re|be|being|remains?|looks?|seems?|appears?)"
_GAP = r"\s(?:\w+ly\s|not\s|also\s|now\s|still\s|widely\s|already\s){0,2}"
_ADJECTIVES = (
    r"expected|likely|unlikely|set|scheduled|slated|poised|projected|forecast|predicted|anticipated|bound|certain|sure|"
    r"about|going|destined|doomed|supposed|planned|guaranteed|on\s(?:track|course)|tipped"
)
_AIMS = r"plan|intend|aim|hope|pledge|vow|promise|want|seek|expect|target|threaten|propose|prepare|agree|commit"
_SAYS_AHEAD = r"expect|predict|forecast|project|anticipate|foresee|bet|reckon"
_VERBS_OF_A_DUE_DATE = (
    r"be|begin|start|open|close|launch|take|come|go|report|publish|meet|vote|expire|end|finish|arrive|leave|enter|"
    r"release|rule|appear|return|step|retire|resume|decide|announce|sign|stand|face|hold|join|land|run"
)

_PARTICIPLE = (
    r"(?:\w+ly\s|not\s)?(?:\w+(?:ed|en)|been|had|gone|come|become|done|made|won|lost|cost|led|left|met|set|put)\b"
)

STRONG = re.compile(
    r"\b(?<!the\s)(?<!at\s)(?<!free\s)(?<!good\s)will\b(?!\s(?:of|power)\b)|(?<=\w)['’]ll\b|\bwon['’]t\b|\bshall\b"
    rf"|{_BE}{_GAP}(?:{_ADJECTIVES})\s(?:not\s)?(?:to|that|for)\b|{_BE}{_GAP}due\sto\s(?:{_VERBS_OF_A_DUE_DATE})\b"
    rf"|{_BE}{_GAP}(?:due|scheduled|slated|planned|expected)\s(?:for|in|on|by|within)\b|{_BE}\sto\sbe\s\w+(?:ed|en|t)\b"
    r"|\bthere\sis\s(?:a|an|no|little|some)\s(?:[\w.%]+\s){0,4}?(?:chance|probability|likelihood|possibility|risk)\b"
    r"|\bit\sis\s(?:\w+\s){0,2}(?:likely|unlikely|probable|possible|certain|doubtful|inevitable)\sthat\b"
    rf"|(?<!the\s)(?<!\ba\s)\b(?:{_SAYS_AHEAD})(?:s|ing)?\s(?!(?:to|about|about\sthe)\b)(?:that\b|(?:[\w'’-]+\s){{1,8}}?(?:to|will|would)\b)"
    r"|\b(?:betting|confident|optimistic)\sthat\b",
    _I,
)
AIMS = re.compile(
    rf"\b(?:{_AIMS})(?:s|es|ing)?\sto\s\w|\b(?:ha(?:s|ve)\s)?(?:pledged|vowed|promised|agreed|committed)"
    rf"\sto\s\w|\b(?:aims?|plans?|hopes?|promises|pledges)\s(?:for|a|an|the|\w+)\b",
    _I,
)
# Ability ("can") is left out: it says nothing of the future.
WEAK = re.compile(
    rf"(?<!the\s)\b(?:could|may|might|should)\b(?!\shave\s{_PARTICIPLE})(?=\s(?:not\s|also\s|soon\s|\w+ly\s){{0,2}}[a-z]+)|"
    r"\b(?:likely|probably|possibly|perhaps)\b",
    _I,
)
SCHEDULED = re.compile(
    r"\b(?:takes?\seffect|com(?:e|es)\sinto\s(?:force|effect)|enters?\sinto\s(?:force|effect)|go(?:es)?\sinto\s(?:force|"
    r"effect)|expires?|begins?|starts?|ends?|opens?|closes?|launches|meets?|runs\sout|falls?\sdue)\b"
    rf"|(?<!the\s)(?<!\ba\s)\b(?:{_SAYS_AHEAD})(?:s|ing)?\s(?!to\b)",
    _I,
)


class Doubt(NamedTuple):
    """A reason not to take a sentence as a prediction; `says` is the reason in words."""

    pattern: re.Pattern[str]
    says: str


PAST = Doubt(
    re.compile(
        r"\b(?:was|were|had\sbeen|once|long)\s(?:\w+ly\s)?(?:expected|likely|unlikely|set|due|scheduled|going|about|"
        r"planned|projected|forecast|supposed|meant)\b|\bhad\s(?:\w+ly\s)?(?:planned|hoped|wanted|intended|expected|"
        r"pledged|promised)\b|^(?!.*\bwill\b).*\bwould\s(?:not\s)?have\b|\b(?:will|may|might|could|must)\s(?:\w+\s)?have\s\w+(?:ed|en)\b"
        r"(?!.*\bby\b)|\b(?:likely|probably|possibly)\s(?:\w+\s)?(?:caused|due|because|the\s(?:\w+est|first|most))\b|"
        r"\b(?:was|were)\s(?:\w+\s)?(?:likely|probably|possibly|perhaps)\b",
        _I,
    ),
    "it is about the past",
)

# The first that fits is the reason to leave a sentence out.
NO_PREDICTION = (
    Doubt(re.compile(r"\?['\"”’)\]]*\Z|^(?:who|why|how)\b", _I), "it is a question"),
    Doubt(
        re.compile(
            r"^(?:as\s)?you\b|\byou\s(?:will|can|may|might|could|should|['’]ll)\b|\byou['’]ll\b|^(?:readers?|subscribers?|"
            r"viewers?|users?)\s(?:can|may|should|will\s(?:find|recall|remember|know))\b",
            _I,
        ),
        "it speaks to the reader",
    ),
    Doubt(
        re.compile(
            r"^(?:sign\sup|subscribe|click|follow\sus|read\smore|join\sus|listen|watch\slive|review|consider|check|see)\b|"
            r"\bthis\s(?:story|article|page|post|live\sblog)\s(?:will|may)\sbe\b|\bnewsletter\b|\bcookies?\b",
            _I,
        ),
        "it is an instruction or about the page itself",
    ),
    PAST,
    Doubt(
        re.compile(
            r"\bcould\snot\s(?:\w+ly\s)?be\s(?:reached|verified|confirmed)\b|\b(?:could|may|might|can)\sbe\s(?:argued|said|"
            r"read|seen|found)\b|\bas\s(?:\w+\s)?(?:may|might|will)\b|\bwill\s(?:recall|remember|know)\b",
            _I,
        ),
        "it is a manner of speaking",
    ),
)

CONDITIONAL = re.compile(
    r"(?<!even\s)(?<!as\s)(?<!what\s)(?<!only\s)\b(?:if|unless|provided\s(?:that)?|providing|assuming|as\slong\sas|"
    r"in\sthe\sevent|in\scase|were\s\w+\sto)\b|^should\s",
    _I,
)
_SPEAKS = (
    r"said|says|say|told|tells|warned|warns|predicted|predicts?|believed?|believes|argued?|argues|claimed?|claims|added|"
    r"adds|wrote|writes|thinks?|insisted|insists|forecasts?|expects?|estimates?|estimated|projects?|anticipates?"
)
# The groups hold who speaks; where "that" follows, the match ends where the claim begins.
ACCORDING = re.compile(r"^according\sto\s(?P<by>[^,]{2,80}),\s|,?\saccording\sto\s(?P<to>[^,.;]{2,80})(?=[.\s]*\Z)", _I)
SAID_BEHIND = re.compile(rf",[\"”]?\s(?P<by>[^,]{{2,60}}?)\s(?:{_SPEAKS})\b[^,]{{0,30}}\Z", _I)
SAID_WITHIN = re.compile(
    r",\s(?!(?:which|who|that|as|and|but|where|when)\b)(?P<by>[^,]{2,60}?)\s(?:said|says|say|added|adds|warned|warns|argued|"
    r"argues|insisted|insists)(?:\s(?:on|in|at|to)\s[^,]{2,30})?(?=,\s)",
    _I,
)
SAID_BEFORE = re.compile(
    rf"^(?P<by>(?:(?!\b(?:will|to|would|is|are|was|that)\b)[^,.;\"“]){{2,60}}?)\s(?:do\snot\s|has\s|have\s|had\s)?"
    rf"(?:{_SPEAKS})\s(?!to\b)(?P<that>that\s)?",
    _I,
)
QUOTED = re.compile(r"[\"“][^\"”]{12,}[\"”]")
