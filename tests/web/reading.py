"""Reading a page as a browser would: its words, headings and links; and what no page of ours may hold."""

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client

VOID = {"meta", "link", "input", "br", "img", "hr"}
INLINE = {"a", "b", "bdi", "code", "del", "ins", "mark", "span", "time"}


class Page(HTMLParser):
    """The words of a page in their order. Fails on tags that do not match, repeated ids and anything inline."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.said: list[str] = []
        self.headings: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.data: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == [], f"never closed: {self._open}"
        assert len(self.ids) == len(set(self.ids)), f"ids given twice: {self.ids}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._space(tag)
        is_data = given.get("type") == "application/ld+json"  # no browser runs it
        assert tag != "style", "a <style> on the page"
        assert tag != "script" or is_data, "a <script> on the page"
        assert not [name for name in given if name == "style" or name.startswith("on")], given
        assert not (given.get("href") or "").lower().startswith("javascript:"), given
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes nothing"
        self._space(tag)

    def _space(self, tag: str) -> None:
        """What stands in another block is another word."""
        if tag not in INLINE:
            self.said.append(" ")

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["script"]:
            self.data.append(data)
            return
        self.said.append(data)
        if self._open[-1:] in (["h1"], ["h2"], ["h3"]):
            self.headings.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join("".join(self.said).split())


def drawn(html: str) -> list[str]:
    """Every tag inside the drawings of a page, with its coordinates and without the words."""
    return [tag for drawing in re.findall(r"<svg.*?</svg>", html, re.DOTALL) for tag in re.findall(r"<[^>]+>", drawing)]


def read(client: Client, address: str, status: int = 200, **headers: Any) -> Page:
    """The page at `address`, which must answer with `status`."""
    response = client.get(address, headers=headers)
    assert response.status_code == status, response.status_code
    assert response["Content-Type"] == "text/html; charset=utf-8"
    return Page(response.content.decode())


def in_order(text: str, *parts: str) -> bool:
    """Whether the parts stand in the text one after another."""
    reached = 0
    for part in parts:
        found = text.find(part, reached)
        assert found >= 0, f"{part!r} is missing after {text[max(reached - 60, 0) : reached]!r}"
        reached = found + len(part)
    return True
