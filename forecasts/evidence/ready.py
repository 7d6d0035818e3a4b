"""Is there enough to decide? Two reports that do not stem from each other, or one from the primary source.

Pure. It only puts a badge on the desk; an editor decides. When in doubt two reports count as one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import combinations
from typing import Literal
from urllib.parse import urlsplit

from forecasts.evidence.assess import NotYet
from forecasts.evidence.folding import fold

SHINGLE = 5
MAX_WORDS = 5_000
SAME_TEXT = 0.3

# Where names are registered one level lower. The list need not be whole: what it lacks is taken for one owner.
_SECOND_LEVEL = {
    "ar": "com edu gob org", "at": "ac co gv or", "au": "com edu gov id net org", "bd": "com edu gov org",
    "br": "com edu gov jus leg net org", "cn": "ac com edu gov net org", "co": "com edu gov org", "cy": "com gov org",
    "eg": "com edu gov org", "hk": "com edu gov org", "id": "ac co go or", "il": "ac co gov org",
    "in": "ac co gov net nic org", "jp": "ac co ed go lg ne or", "ke": "ac co go or", "kr": "ac co go or re",
    "mx": "com edu gob org", "my": "com edu gov org", "ng": "com edu gov org", "nz": "ac co govt net org",
    "pe": "com edu gob org", "ph": "com edu gov org", "pk": "com edu gov org", "sa": "com edu gov org",
    "sg": "com edu gov org", "th": "ac co go or", "tr": "com edu gov org", "tw": "com edu gov org",
    "ua": "com edu gov org", "uk": "ac co gov ltd me net nhs org plc", "vn": "com edu gov org", "za": "ac co gov org",
}  # fmt: skip
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Weighed:
    """A finding with what was made of it: which way it speaks, and whether an editor named its source as primary."""

    id: int
    url: str
    text: str
    says: Literal["yes", "no"]
    is_primary: bool = False


@dataclass(frozen=True)
class Ready:
    """Enough to decide on, and why, as a sentence for the desk. `finding_ids` are the findings it stands on."""

    outcome: Literal["yes", "no"]
    reason: str
    finding_ids: tuple[int, ...]


def readiness(findings: Sequence[Weighed]) -> Ready | NotYet:
    """Whether `findings`, dismissed ones left out, are enough."""
    outcomes = {finding.says for finding in findings}
    if len(outcomes) > 1:
        return NotYet("reports speak both ways; a person must weigh them")
    primary = next((finding for finding in findings if finding.is_primary), None)
    if primary:
        return Ready(primary.says, f"the primary source says so: {host_of(primary.url)}", (primary.id,))
    for one, other in combinations(findings, 2):
        if are_independent(one, other):
            hosts = f"{host_of(one.url)} and {host_of(other.url)}"
            return Ready(one.says, f"two independent sources say so: {hosts}", (one.id, other.id))
    if len(findings) > 1:
        return NotYet("its reports come from one publisher or are one text")
    return NotYet("only one report says so" if findings else "no report says so")


def are_independent(one: Weighed, other: Weighed) -> bool:
    """Different publishers, as far as their names tell, and not the same wire text."""
    domains = registrable(host_of(one.url)), registrable(host_of(other.url))
    # news.example and news.co.uk are more often one publisher than two
    names = [domain.partition(".")[0] for domain in domains]
    return all(domains) and names[0] != names[1] and not same_text(one.text, other.text)


def host_of(url: str) -> str:
    """The host of a web address in lower case, "" when it has none."""
    try:
        return (urlsplit(url).hostname or "").removesuffix(".")
    except ValueError:
        return ""


def registrable(host: str) -> str:
    """The part of a host name that somebody registered: "bbc.co.uk" of "news.bbc.co.uk"; "" for numbers and the like.

    >>> registrable("www.gazette.example"), registrable("a.blog.co.uk"), registrable("localhost")
    ('gazette.example', 'blog.co.uk', '')
    """
    labels = host.lower().removesuffix(".").split(".")
    if len(labels) < 2 or not all(labels) or _is_number(host):
        return ""
    kept = 3 if labels[-2] in _SECOND_LEVEL.get(labels[-1], "").split() else 2
    return ".".join(labels[-kept:]) if len(labels) >= kept else ""


def same_text(one: str, other: str) -> bool:
    """Whether at least 30 % of the 5-word sequences of the shorter text stand in the other, or one is too short."""
    shingles = [_shingles(text) for text in (one, other)]
    fewest = min(map(len, shingles))
    return not fewest or len(shingles[0] & shingles[1]) >= SAME_TEXT * fewest


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(fold(text).text)[:MAX_WORDS]
    return set(zip(*(words[i:] for i in range(SHINGLE)), strict=False))


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
