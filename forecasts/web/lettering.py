"""The letters of pictures: which fonts there are, how wide text is in them, and what they cannot write.

The fonts come inside packages, so that a picture is the same on every machine, whatever is installed there.
"""

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from forecasts.evidence.plaintext import clean

FONTS = (
    ("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf", "Source Serif 4"),  # Latin, Greek, Cyrillic
    ("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf", "Noto Sans Arabic"),
    ("fontpkg_heebo", "Heebo[wght].ttf", "Heebo"),  # Hebrew
)
FAMILIES = ", ".join(f"'{family}'" for _, _, family in FONTS)
REGULAR, BOLD = 400, 600
DRAWN_AT, OPTICAL = 20, (8, 60)  # pixels: any size; for which sizes the first font has letters of their own
TO_SPARE = 1.02  # kerning and shaping move letters a little
RIGHT_TO_LEFT = ("R", "AL")
EMBEDDED, END = "\u202b", "\u202c"  # the lines of a paragraph run its way, also where they end in a full stop


def font_files() -> list[str]:
    return [str(files(package) / "files" / name) for package, name, _ in FONTS]


def width(text: str, size: int, weight: int = REGULAR) -> float:
    """How wide `text` is in pixels, in letters of `size` pixels."""
    return sum(_advance(letter, size, weight) or 0 for letter in text) * size * TO_SPARE


def writable(text: str, instead: str) -> str:
    """`text` without signs that no font here has, such as pictographs; `instead` where letters would be missing."""
    missing = {letter for letter in clean(text) if not letter.isspace() and _advance(letter, DRAWN_AT, REGULAR) is None}
    if any(unicodedata.category(letter)[0] in "LMN" for letter in missing):
        return instead
    return "".join(letter for letter in clean(text) if letter not in missing)


def runs_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((found for found in directions if found in ("L", *RIGHT_TO_LEFT)), "L") in RIGHT_TO_LEFT


@lru_cache(maxsize=20_000)
def _advance(letter: str, size: int, weight: int) -> float | None:
    """The width of a letter in units of its size, in the first font that has it; None in none."""
    for names, glyphs, units in _fonts(size, weight):
        if name := names.get(ord(letter)):
            return float(glyphs[name].width) / units
    return None


@cache
def _fonts(size: int, weight: int) -> list[tuple[dict[int, str], Any, int]]:
    """Of each font the glyphs by letter, their metrics at a weight and an optical size, and the units of an em."""
    at = {"wght": weight, "opsz": min(max(size, OPTICAL[0]), OPTICAL[1])}
    return [(font.getBestCmap(), font.getGlyphSet(location=at), font["head"].unitsPerEm) for font in _opened()]


@cache
def _opened() -> list[Any]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- slow to import, and only who draws pictures needs it

    return [TTFont(path, lazy=True) for path in font_files()]
