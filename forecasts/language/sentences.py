"""Cut prose into sentences and say where each stands. Wrapped lines belong together, others are apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_SENTENCE = 600  # characters; what is longer is no sentence of prose

# A line that is long, ends without a stop and goes on in small letters was wrapped, not ended.
_BREAK = re.compile(r"\n[ \t\n]*")
_WRAPPED_FROM = 40
_ENDS = re.compile(r"[.!?…:;]['\"”’)\]]*\Z")
# Possessive and only from the first stop of a run, so that a page of dots costs no more than a page of words.
_STOP = re.compile(r"(?<![.!?…])[.!?…]++['\"”’)\]]*+(?=\s+[\"'“‘(\[]*[A-Z0-9À-ÖØ-Þ€$£•])|[。！？]")
_SHORT_FORMS = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|Lt|Col|Capt|Jr|Sr|Inc|Ltd|Co|Corp|No|Nos|Art|vs|approx|e\.g|i\.e|"
    r"a\.m|p\.m|cf|al|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z](?:\.[A-Z])*)\.\Z"
)
_LONGEST_SHORT_FORM = 12
_MARGIN = re.compile(r"[\s•*·–—>#-]*")


@dataclass(frozen=True)
class Sentence:
    """`text` is text[start:end] of the whole, exactly."""

    text: str
    start: int
    end: int

    @property
    def flat(self) -> str:
        """In one line."""
        return " ".join(self.text.split())


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of `text` in their order, without margins and bullets; linear in its length."""
    for start, end in _blocks(text):
        yield from _cut(text, start, end)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Stretches without a break that counts."""
    start = line = 0
    for gap in _BREAK.finditer(text):
        if not _is_wrapped(text, line, gap):
            yield start, gap.start()
            start = gap.end()
        line = gap.end()
    yield start, len(text)


def _is_wrapped(text: str, line: int, gap: re.Match[str]) -> bool:
    goes_on = text[gap.end() : gap.end() + 1]
    long = gap.start() - line >= _WRAPPED_FROM
    return (
        long
        and gap.group().count("\n") == 1
        and not _ENDS.search(text, max(line, gap.start() - 4), gap.start())
        and (goes_on.islower() or goes_on.isdigit())
    )


def _cut(text: str, start: int, end: int) -> Iterator[Sentence]:
    at = start
    for stop in _STOP.finditer(text, start, end):
        if _SHORT_FORMS.search(text[max(at, stop.end() - _LONGEST_SHORT_FORM) : stop.end()]):
            continue
        yield from _trimmed(text, at, stop.end())
        at = stop.end()
    yield from _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    margin = _MARGIN.match(text, start, end)
    start = margin.end() if margin else start
    found = text[start:end].rstrip()
    if any(character.isalnum() for character in found):
        yield Sentence(found, start, start + len(found))
