"""Mis-decoded text gets its symbols back; sound text is never touched."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.errors import Refused
from forecasts.language.repair import decode, repair

SYMBOLS = ("🇭🇰", "💡", "–", "⚡", "🧠", "🔑", "•", "🔮", "📰", "→", "👉", "↗", "€", "™", "…", "‘")


def damage(text: str) -> str:
    """What the code pages made of UTF-8: below 0xA0 windows-1252 (undefined bytes as C1), above it ISO-8859-11."""
    return "".join(damaged_character(byte) if byte > 0x7F else chr(byte) for byte in text.encode())


def damaged_character(byte: int) -> str:
    page = "cp1252" if byte < 0xA0 else "iso8859_11"
    try:
        return bytes([byte]).decode(page)
    except UnicodeDecodeError:
        return chr(byte)


def syllable() -> st.SearchStrategy[str]:
    """A Thai syllable as it is written: a leading vowel always has its consonant."""
    consonants = st.sampled_from("กขคงจชซญดตถทนบปผฝพฟภมยรลวศสหอฮ")
    return st.builds(
        "".join,
        st.tuples(
            st.sampled_from(["", "เ", "แ", "โ", "ใ", "ไ"]), consonants, st.sampled_from(["", "า", "ี", "ุ", "้", "์"])
        ),
    )


SOUND_PIECE = st.one_of(
    syllable(),
    st.sampled_from(
        ["“", "”", "‘", "’", "—", "–", "…", "•", "€", "™", " ", "\n", "\N{NO-BREAK SPACE}", "«", "»", "๐", "๙", "ๆ"]
    ),
    st.sampled_from(
        ["Ÿ", "é", "à", "œ", "ß", "ñ", "Š", "中", "国", "かな", "한국", "🇹🇭", "💡", "👩‍🔬", "café", "naïve"]
    ),
    st.text(alphabet=st.characters(max_codepoint=0x7F), max_size=8),
)
# The one thing that sound text cannot hold: a Thai zero right before a Y with diaeresis.
SOUND = st.lists(SOUND_PIECE, max_size=30).map("".join).filter(lambda text: "๐Ÿ" not in text)


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        ("๐Ÿ‡ญ๐Ÿ‡ฐStale", "🇭🇰Stale"),
        ("๐Ÿ’กChina", "💡China"),
        ("uncertainty โ€“ vital", "uncertainty – vital"),
        ("๐Ÿง\N{NO-BREAK SPACE} Deep", "🧠 Deep"),
        ("  • โ€ขChina's", "  • •China's"),
        ("SCMP Technology โ†—", "SCMP Technology ↗"),
    ],
)
def test_it_works(damaged: str, sound: str) -> None:
    assert repair(damaged).text == sound
    assert repair(damaged).runs == 1


def test_a_symbol_that_lost_a_byte_is_left_as_it_is() -> None:
    assert repair("โณ Timeline").text == "โณ Timeline"


def test_runs_are_counted_apart() -> None:
    assert repair("โ€ข one โ€“ two").runs == 2


@pytest.mark.parametrize(
    "sound",
    [
        "โตมากแล้ว “โต” และ ‘โม’",
        "สระ “โ”คือสระหน้า และ โ’ค",
        "เขาพูดว่า “ตัวอักษร” – แล้วก็ยิ้ม…",
        "๐ ๑ ๒ และ ๑๐๐ €",
        "Où est passé le cœur ? « Là-bas » – l’été…",
        "“Curly” ‘quotes’ • bullets – dashes 🇭🇰 💡 ™",
        "中国将推出强制性水印。東京、서울",
    ],
)
def test_sound_text_is_unchanged(sound: str) -> None:
    assert repair(sound).text == sound
    assert repair(sound).runs == 0


@given(SOUND)
def test_any_sound_text_is_unchanged(sound: str) -> None:
    assert repair(sound).text == sound


@given(
    st.lists(st.one_of(st.sampled_from(SYMBOLS), st.text(alphabet="abc •\n–", max_size=5)), max_size=20).map("".join)
)
def test_repair_undoes_the_damage(text: str) -> None:
    assert repair(damage(text)).text == text


@given(st.text())
def test_repairing_twice_changes_nothing_more(text: str) -> None:
    once = repair(text).text
    assert repair(once).text == once


def test_bytes_are_read_with_or_without_a_byte_order_mark() -> None:
    assert decode("é".encode()) == "é"
    assert decode(b"\xef\xbb\xbf" + "é".encode()) == "é"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"caf\xe9", "byte 0xE9 at position 3"),
        ("text".encode("utf-16"), "UTF-16 text"),
        (b"a\x00b", "a NUL character at position 1"),
    ],
)
def test_other_bytes_are_refused_with_what_was_found(data: bytes, found: str) -> None:
    with pytest.raises(Refused, match=found):
        decode(data)


@given(st.binary())
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    with contextlib.suppress(Refused):
        assert "\0" not in decode(data)
