"""Watch terms: what an editor writes to say which reports concern a prediction."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from forecasts.errors import Problem
from forecasts.evidence.folding import fold

MAX_TERM = 100
MAX_GROUPS = 10
MAX_TERMS = 50
MIN_PREFIX = 3

Groups = tuple[tuple[str, ...], ...]

# Scripts written without spaces, or (Hangul, here as the Jamo that folding leaves) with endings glued on.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_BETWEEN_WORDS = r"(?:[^\S\n]|-){1,3}"
_NOT_PLURALS = frozenset({"news", "series", "species", "always", "perhaps", "texas"})


@dataclass(frozen=True)
class WatchTerms:
    """Every group must match, each by any one of its terms; no exclusion may. `confirms` has the form of `groups`: when
    an editor wrote it and an item matches all of it too, a rule may propose yes.

    A term is a word or a phrase; case, accents, hyphens and simple plurals do not matter. One that ends in * is a
    prefix. Check input with `terms_problems` first.
    """

    groups: Groups
    exclusions: tuple[str, ...] = ()
    confirms: Groups = ()


def terms_problems(
    groups: Sequence[Sequence[str]], exclusions: Sequence[str] = (), confirms: Sequence[Sequence[str]] = ()
) -> tuple[Problem, ...]:
    """What is wrong with these terms, each as a Problem naming its field; () when they can be used."""
    problems = [*_group_problems("groups", groups), *_group_problems("confirms", confirms)]
    if not groups:
        problems.insert(0, Problem("groups", groups, "give at least one group of words to watch for"))
    problems += _term_problems("exclusions", exclusions)
    wanted = {_key(term) for group in (*groups, *confirms) for term in group if isinstance(term, str)}
    problems += [
        Problem("exclusions", term, "a term cannot be wanted and excluded at once")
        for term in exclusions
        if isinstance(term, str) and _key(term) in wanted
    ]
    return tuple(problems)


@lru_cache(maxsize=5_000)
def pattern(term: str) -> re.Pattern[str]:
    """A pattern for folded text: whole words, simple plurals, a prefix for a final *. Linear time by construction."""
    is_prefix = term.endswith("*")
    words = re.split(r"[\s-]+", fold(term.removesuffix("*")).text.strip(" \t\n-"))
    is_acronym = term.isupper()
    parts = [_word(word, is_acronym) for word in words[:-1]]
    parts.append(re.escape(words[-1]) + r"\w*" if is_prefix else _word(words[-1], is_acronym))
    body = _BETWEEN_WORDS.join(parts)
    return re.compile(_left_edge(words[0][:1]) + body + ("" if is_prefix else _right_edge(words[-1][-1:])))


def _word(word: str, is_acronym: bool) -> str:
    """One word with its simple plural or singular; acronyms (AIDS) never lose their S."""
    if not re.fullmatch(r"[a-z]{3,}", word):
        return re.escape(word)
    stem = word if is_acronym else singular(word)
    return f"{stem[:-1]}(?:y|ys|ies)" if stem.endswith("y") else f"{stem}(?:s|es)?"


def is_unspaced(word: str) -> bool:
    """Whether a folded word begins in a script that is written without spaces."""
    return _IS_UNSPACED.match(word) is not None


def singular(word: str) -> str:
    """A folded word without its simple plural."""
    if len(word) < 4 or word in _NOT_PLURALS or word.endswith(("ss", "us", "is", "as", "os")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word.removesuffix("s")


def _left_edge(character: str) -> str:
    if _IS_UNSPACED.match(character):
        return ""
    return r"(?<!\w)(?<!\d[.,])" if character.isdigit() else rf"(?<![^\W{_UNSPACED}])"


def _right_edge(character: str) -> str:
    if _IS_UNSPACED.match(character):
        return ""
    return r"(?!\w)(?![.,]\d)" if character.isdigit() else rf"(?![^\W{_UNSPACED}])"


def _group_problems(field: str, groups: Sequence[Sequence[str]]) -> Iterator[Problem]:
    if isinstance(groups, str) or any(isinstance(group, str) for group in groups):
        yield Problem(field, groups, "give a list of groups, each a list of terms")
        return
    if len(groups) > MAX_GROUPS:
        yield Problem(field, len(groups), f"give at most {MAX_GROUPS} groups")
    for group in groups:
        if not group:
            yield Problem(field, group, "a group needs at least one term")
        yield from _term_problems(field, group)


def _term_problems(field: str, terms: Sequence[str]) -> Iterator[Problem]:
    if isinstance(terms, str):
        yield Problem(field, terms, "give a list of terms")
        return
    if len(terms) > MAX_TERMS:
        yield Problem(field, len(terms), f"give at most {MAX_TERMS} terms")
    for term in terms[:MAX_TERMS]:
        if accepted := _wrong(term):
            yield Problem(field, term, accepted)


def _wrong(term: object) -> str:
    """What would be accepted instead of `term`, "" when it is fine."""
    if not isinstance(term, str):
        return "a term is text"
    if len(term) > MAX_TERM:
        return f"a term has at most {MAX_TERM} characters"
    if not term.isprintable():
        return "a term is one line of visible characters"
    if "*" in term.removesuffix("*"):
        return "a * may only end a term"
    characters = [character for character in fold(term).text if character.isalnum()]
    if term.endswith("*") and len(characters) < MIN_PREFIX:
        return f"a prefix needs at least {MIN_PREFIX} letters or digits before its *"
    if len(characters) < 2 and not any(map(_IS_UNSPACED.match, characters)):
        return "a term needs at least 2 letters or digits"
    return ""


def _key(term: str) -> str:
    return " ".join(fold(term).text.replace("-", " ").split())
