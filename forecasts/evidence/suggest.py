"""Watch groups to begin with: the rarest names and words of a prediction, for an editor to correct."""

from forecasts.evidence.folding import fold
from forecasts.evidence.places import PLACES, sayings
from forecasts.evidence.terms import Groups
from forecasts.evidence.words import Frequencies, as_written, names, terms

MOST_GROUPS = 3
MOST_TERMS = 4


def suggest_groups(statement: str, criteria: str, frequencies: Frequencies) -> Groups:
    """At most three groups, all of which must match: the first name, then the rarest terms of the statement.

    Words that also stand in the criteria come before others. A group holds the words as written and, for a place or
    body, what headlines call it. () for a statement without a telling word.
    """
    written = as_written(f"{statement} {criteria}")
    wanted = [term for term in dict.fromkeys(terms(statement)) if term in written and not term[0].isdigit()]
    named = [name for name in names(f"{statement} {criteria}") if name in wanted]
    both = set(terms(criteria))
    rest = sorted(wanted, key=lambda term: (term not in both, -frequencies.rarity(term), term))
    chosen = dict.fromkeys([*named[:1], *(term for term in rest if term not in PLACES), *rest])
    return tuple(_group(term, written[term]) for term in list(chosen)[:MOST_GROUPS])


def _group(term: str, written: tuple[str, ...]) -> tuple[str, ...]:
    known = {fold(word).text for word in written}
    return tuple([*written, *(saying for saying in sayings(term) if saying not in known)][:MOST_TERMS])
