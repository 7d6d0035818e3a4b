"""English verbs for events that a public record shows. `lint` asks whether a claim has one, and whether it has two."""

import re

# Events wherever they stand in a sentence. Verbs of degree (rise, fall, improve) are left out: they need a threshold.
_EVENTS = (
    "abolish acquire adopt announce appoint approve arrest authorise authorize cancel certify complete confirm "
    "convict declare deploy deport dismiss dissolve elect enact enforce exceed expel finalise finalize impeach "
    "implement impose indict introduce invade join mandate merge nationalise nationalize nominate outlaw overturn "
    "pass prohibit propose prosecute publish qualify ratify reject repeal require resign resume retire sentence "
    "submit sue surpass suspend terminate unveil withdraw"
)
# Words that are nouns too: events only as a verb, after "will", "to" or "not".
_NOUNS_TOO = (
    "appeal award ban block buy charge close cut delay end extend file fine fire fund grant halt host hire issue "
    "land launch license lift list offer open order pay permit raise release replace report reveal sanction sell "
    "ship sign start stop tax test top transfer veto vote win"
)
# Verbs of degree and manner: no events, and still a second predicate beside a first.
_OTHERS = (
    "become bifurcate change decline decrease dominate expand fall force grow improve increase lead lose reduce "
    "remain reshape rise shift shrink spread strengthen transform trigger weaken"
)
_IRREGULAR = "won|held|signed|launched|banned|released|issued|sold|shut|withdrew|withdrawn|became|began"
_PHRASES = (
    r"(?:com|go|goes|came|went|ent)\w*\s+into\s+(?:force|effect|law|service)|tak(?:e|es|ing)\s+(?:effect|office|place)|"
    r"(?:be|become|becomes|is)\s+(?:law|mandatory|illegal|legal|available|president|prime\s+minister)|hold\s+\w+|"
    r"be\s+(?:in\s+force|held|sold|shut|won|an?\s+(?:\w+\s+)?(?:election|referendum|ceasefire|summit|strike|default))"
)
_BEFORE_VERB = r"(?:will|won['’]t|would|shall|may|might|could|must|to|not|be|been|never)\s+(?:\w+ly\s+)?"
_DOUBLING = re.compile(r"[^aeiou][aeiou][bgmnpt]$")


def _forms(base: str) -> str:
    """A verb with its endings: ban, bans, banned, banning; ratify, ratifies, ratified; propose, proposed."""
    if re.search(r"[^aeou]y$", base):
        return f"{base[:-1]}(?:y|ies|ied|ying)"
    if base.endswith("e"):
        return f"{base[:-1]}(?:e|es|ed|ing)"
    doubled = base[-1] if _DOUBLING.search(base) else ""
    return f"{base}(?:e?s|{doubled}ed|{doubled}ing)?"


def _any_form(bases: str) -> str:
    return "|".join(map(_forms, bases.split()))


EVENT = re.compile(
    rf"\b(?:{_any_form(_EVENTS)}|{_PHRASES}|{_BEFORE_VERB}(?:{_any_form(_NOUNS_TOO)}|{_IRREGULAR}))\b", re.IGNORECASE
)

_A_NOUN_PHRASE_FOLLOWS = r"(?=\s+(?:a|an|the|its|their|his|her|all|any|at|no|every|one|two|three|\d|[A-Z]))"
SECOND_VERB = re.compile(
    rf"(?:{'|'.join((_EVENTS + ' ' + _OTHERS + ' enter come take be').split())})\b(?!\s+of\b|\s*$|[-’'])"
    rf"|(?:{'|'.join(_NOUNS_TOO.split())})\b{_A_NOUN_PHRASE_FOLLOWS}"
    rf"|(?:{_any_form(_EVENTS + ' ' + _NOUNS_TOO)})(?<=ed)\b(?=\s+(?:by|in|on|before|into|within|at)\b|\W*$)"
)
