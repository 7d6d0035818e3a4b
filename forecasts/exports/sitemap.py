"""Sitemaps (sitemaps.org 0.9). Pure: addresses in, documents out."""

import datetime as dt
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def urlset(pages: Iterable[tuple[str, dt.datetime | None]]) -> bytes:
    """The addresses of pages, each with the time of its last change where that is known."""
    root = Element("urlset", xmlns=SPACE)
    for url, changed in pages:
        page = SubElement(root, "url")
        SubElement(page, "loc").text = url
        if changed:
            SubElement(page, "lastmod").text = changed.astimezone(dt.UTC).isoformat(timespec="seconds")
    return _document(root)


def index(files: Iterable[str]) -> bytes:
    """The addresses of several such documents."""
    root = Element("sitemapindex", xmlns=SPACE)
    for url in files:
        SubElement(SubElement(root, "sitemap"), "loc").text = url
    return _document(root)


def _document(root: Element) -> bytes:
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
