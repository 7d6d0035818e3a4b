"""Every string that readers see comes from a catalogue: in a language that brackets what it translates, nothing else is
left but what was stored, numbers and codes.
"""

import ast
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real
from django.utils.translation.trans_real import CONTEXT_SEPARATOR

import forecasts
from forecasts.models import EntryKind
from tests.story import Story
from tests.web.furnished import cards, feeds, furnish, pages
from tests.web.reading import VOID

pytestmark = pytest.mark.django_db
PIECE = re.compile(r"(<[^>]*>|%\(\w+\)[sd]|%%|&\w+;)")
BRACKETED = re.compile(r"«[^«»]*»")
LETTER = re.compile(r"[^\W\d_²]")
SPOKEN = ("aria-label", "title", "placeholder", "alt")
DESCRIBING = ("description", "og:title", "og:description", "og:image:alt")
TRUNCATED = "String to return when truncating text"  # Django's ellipsis around what was stored


class Bracketing(NullTranslations):
    """Puts what it translates into brackets, piece by piece, so that what is filled in stands outside of them."""

    def gettext(self, message: str) -> str:
        context, _, message = message.rpartition(CONTEXT_SEPARATOR)
        parts = PIECE.split(message)
        if context == TRUNCATED:
            return f"{context}{CONTEXT_SEPARATOR}"  # as if it were not in the catalogue
        return "".join(part if n % 2 or not LETTER.search(part) else f"«{part}»" for n, part in enumerate(parts))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)

    def language(self) -> str:
        return "xx"

    to_language = language


class Visible(HTMLParser):
    """What a reader sees or hears of a page, text by text, each with the elements that it stands in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        place = tag + "".join(f".{name}" for name in given.get("class", "").split())
        where = " ".join([*self._open, place])
        spoken = [name for name in SPOKEN if name in given and "hash" not in given.get("class", "")]
        if given.get("name") in DESCRIBING or given.get("property") in DESCRIBING:
            spoken.append("content")
        self.texts += [(where, given[name]) for name in spoken]
        if tag not in VOID:
            self._open.append(place)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append((" ".join(self._open), data))


# Elements with texts that are nobody's language: code, digests, data for programs.
CODE = re.compile(r"\b(code|pre|script|style)\b|\.hash\b")
# What stays as it is in every language, wherever it stands: each for a reason.
NAMES = (
    "Reckoner",  # our name
    "UTC", "SHA-256", "SHA‑256", "CSV", "NDJSON",  # names of scales, digests and formats
    "Rule: confirming report", "Assessor: llm", "some-model",  # rules and models by their identifiers
    *EntryKind.values,  # decisions as the ledger spells them
)  # fmt: skip
CODES = re.compile(
    r"https?://\S+|127\.0\.0\.1:8000/\S*"  # addresses
    r"|[\w-]+\.(?:csv|ndjson)\.gz|\d{4}-W\d\d"  # files, and weeks by their ISO names
    r"|cluster bootstrap-t, \d+ clusters, seed \d+, \d+%"  # how an interval was made, as the API says it
)
# What is a code in one place only.
IN_PLACE = (
    # which figures these are, by the words of their address
    (r"main dl\.facts dd$", r"\b(first|lead:\d+|time|due|all|live|imported|explicit|implied)\b"),
    # versions of criteria, spelt as in the ledger
    (
        r"ol\.events li dl\.facts dd",
        r"\b(binary|multiple_choice|numeric|date|day)\b|\d{4}-\d\d-\d\dT[\d:.]+(Z|[+]00:00)",
    ),
)
# What a page only passes on, in the words that programs get: why something is refused, what the tables of the dataset
# are called in their description, and what the OpenAPI document says.
PASSED_ON = {
    "/compare/?a=b&x=y": r"dd$",
    "/predictions/?state=sleepy": r"dd$",
    "/dataset/": r"tbody tr td$",
    "/api/v1/docs": r"main p$|details (summary|p|div\.table-box|.*tbody tr t[hd])$",
}
WRITTEN = {
    "article": ("publisher", "title", "byline", "headline", "text", "what_changed", "key_takeaways"),
    "criteriaversion": ("reason",),
    "dispute": ("text", "answer"),
    "evidencesource": ("title", "url", "paused_reason"),
    "finding": ("title", "quote"),
    "forecast": ("wording",),
    "forecaster": ("name", "bio", "reply"),
    "milestone": ("text",),
    "prediction": ("statement", "criteria", "fine_print", "resolution_source", "options", "resolves_by_rule", "quote"),
    "resolution": ("note", "evidence_exception"),
    "topic": ("name", "description"),
}


class Stored:
    """What people wrote and the database keeps: names, statements, quotes, notes."""

    def __init__(self) -> None:
        texts = {" ".join(text.split()) for text in _written()}
        self.whole = "\n".join(texts)
        known = sorted((*filter(LETTER.search, texts), *NAMES), key=len, reverse=True)
        self.known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)")

    def rest(self, where: str, text: str) -> str:
        """What is left of a text without all that may stand there."""
        left = CODES.sub(" ", BRACKETED.sub(" ", text))
        left = self.known.sub(" ", " ".join(left.split()))
        for place, codes in IN_PLACE:
            left = re.sub(codes, " ", left) if re.search(place, where) else left
        return "" if not LETTER.search(left) or self._is_cut(left) else left.strip()

    def _is_cut(self, text: str) -> bool:
        """Whether it is a stretch of something stored: cut short, or with a quote marked in it."""
        bare = text.strip(" ,–…")
        return len(bare) > 8 and bare in self.whole


def _written() -> Iterator[str]:
    for name, fields in WRITTEN.items():
        for row in apps.get_model("forecasts", name)._default_manager.values_list(*fields):
            for value in row:
                yield from value if isinstance(value, list) else [value]


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> AbstractContextManager[None]:
    monkeypatch.setitem(trans_real._translations, "xx", Bracketing())
    return translation.override("xx")


def ours(address: str, html: str) -> Iterator[tuple[str, str]]:
    """The texts of a page that are ours to put into words, each with the place that it stands in."""
    for where, text in Visible(html).texts:
        is_passed_on = address in PASSED_ON and re.search(PASSED_ON[address], where)
        if not CODE.search(where) and not is_passed_on:
            yield where, text


def untranslated(address: str, html: str, stored: Stored) -> Iterator[tuple[str, str]]:
    """Texts that came from no catalogue, each with the address and the place that it stands in."""
    for where, text in ours(address, html):
        if rest := stored.rest(where, text):
            yield rest, f"{address}: {where}"


def test_every_string_of_every_page_is_translated(
    client: Client,
    story: Story,
    settings: Any,
    bracketed: AbstractContextManager[None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rich = furnish(story, settings)
    with bracketed:
        found, fed = {**pages(client, rich), **cards(client, rich, monkeypatch)}, feeds(client)
    stored = Stored()
    left = dict(pair for address, html in found.items() for pair in untranslated(address, html, stored))
    assert not left, "\n".join(f"{text!r} on {place}" for text, place in left.items())
    assert len(found) > 60
    assert not [rest for texts in fed.values() for text in texts if (rest := stored.rest("", text))]
    assert sum(map(len, fed.values())) > 100


FOLDER = Path(forecasts.__file__).parent
TEMPLATES = [
    path
    for path in sorted((FOLDER / "templates").rglob("*.*"))
    if path.parent.parent.name == "forecasts" or path.parent.name in ("templates", "forecasts", "embed", "cards")
    if "admin" not in path.parts  # the desk is in English
]
TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL)
VALUES = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
WORDS_IN_TAGS = re.compile(r'(?<!_\()"(?:[A-Z←][^"]* ?[^"/%]*|[a-z,]+ [^"]*)"')


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_words_of_its_own(path: Path) -> None:
    """Also in those states of a page that no walk comes to."""
    html = TRANSLATED.sub("", path.read_text())
    tags = [tag for tag in VALUES.findall(html) if not tag.startswith("{% translate")]
    assert not [words for tag in tags for words in WORDS_IN_TAGS.findall(tag) if '"Y-' not in words]
    texts = Visible(VALUES.sub("", html)).texts
    said = (re.sub(rf"{'|'.join(NAMES)}", "", text) for where, text in texts if not CODE.search(where))
    assert not [text for text in said if LETTER.search(text)]


TO_PROGRAMS = ("lettering", "oembed", "sharing", "sitemaps")  # fonts by name, answers to programs, schema.org, XML
SAID_ON_PAGES = ("feeds", "prediction_page", "recap", "rows", "scorecard")  # queries that give pages their words
PAGES = [path for name in ("web", "templatetags") for path in sorted((FOLDER / name).glob("*.py"))]
MODULES = [
    *(path for path in PAGES if path.stem not in TO_PROGRAMS),
    *(FOLDER / "queries" / f"{name}.py" for name in SAID_ON_PAGES),
    FOLDER / "models" / "values.py",
]
SENTENCE = re.compile(r"^(?!<|.*(?:charset|filename)=)(?:.*[A-Za-z]{2,}\W? [A-Za-z]{2,}|[A-Z][a-z]{2,}$)")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
REFUSED = {"Refused"}  # what is refused, programs read as well


def calls(tree: ast.AST, names: set[str]) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_of_pages_says_a_sentence_past_the_catalogue(path: Path) -> None:
    tree = ast.parse(path.read_text())
    inside = {id(part) for call in calls(tree, GETTEXT | REFUSED) for part in ast.walk(call)}
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    assert not [s.value for s in strings if SENTENCE.search(s.value) and id(s) not in inside | alone]


EXTRACTED = [path for path in sorted(FOLDER.rglob("*.py")) if "utils.translation import" in path.read_text()]


@pytest.mark.parametrize("path", EXTRACTED, ids=lambda path: path.stem)
def test_every_message_is_written_so_that_it_can_be_extracted_for_translators(path: Path) -> None:
    """The tool for that reads escapes otherwise than Python, and nothing inside of f-strings."""
    source = path.read_text()
    tree = ast.parse(source)
    messages = [ast.get_source_segment(source, call) or "" for call in calls(tree, GETTEXT)]
    assert not [message for message in messages if re.search(r"\\(?:x|u|N\{)", message)]
    assert not [part for part in ast.walk(tree) if isinstance(part, ast.JoinedStr) and calls(part, GETTEXT)]
