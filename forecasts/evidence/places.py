"""One name for a place or a body, whatever a headline calls it: Beijing is China here, Brussels the EU."""

import re

# Canonical name, then what headlines say instead, folded. Capitals stand for their government.
_NAMES = """
usa: america american americans washington us-american
uk: britain british briton britons london
eu: brussels european-union
china: chinese beijing
russia: russian russians moscow kremlin
ukraine: ukrainian ukrainians kyiv
france: french paris
germany: german germans berlin bundestag
italy: italian italians rome
spain: spanish spaniards madrid
poland: polish poles warsaw
portugal: portuguese lisbon
netherlands: dutch hague
belgium: belgian belgians
austria: austrian austrians vienna
switzerland: swiss bern
sweden: swedish swedes stockholm
norway: norwegian norwegians oslo
denmark: danish danes copenhagen
finland: finnish finns helsinki
ireland: irish dublin
greece: greek greeks athens
hungary: hungarian hungarians budapest
romania: romanian romanians bucharest
turkey: turkish turks ankara turkiye
japan: japanese tokyo
south-korea: korea korean koreans seoul
india: indian indians delhi
pakistan: pakistani islamabad
taiwan: taiwanese taipei
vietnam: vietnamese hanoi
thailand: thai bangkok
indonesia: indonesian jakarta
malaysia: malaysian
philippines: philippine filipino manila
singapore: singaporean
australia: australian australians canberra
new-zealand: wellington
canada: canadian canadians ottawa
mexico: mexican mexicans
brazil: brazilian brazilians brasilia
argentina: argentine argentinian
chile: chilean santiago
colombia: colombian bogota
venezuela: venezuelan caracas
israel: israeli israelis jerusalem
iran: iranian tehran
saudi-arabia: saudi riyadh
egypt: egyptian cairo
nigeria: nigerian abuja
kenya: kenyan nairobi
ethiopia: ethiopian
south-africa: pretoria
afghanistan: afghan kabul
california: californian sacramento
new-york: manhattan
colorado:
texas:
virginia:
florida:
"""
_BODIES = """
fed: federal-reserve fomc
ecb: european-central-bank
boj: bank-of-japan
boe: bank-of-england
ons: office-for-national-statistics
who: world-health-organization world-health-organisation
fda: food-and-drug-administration
un: united-nations
moon: lunar
"""


def _read(table: str) -> dict[str, str]:
    found = {}
    for line in table.strip().splitlines():
        name, _, others = line.partition(":")
        found.update(dict.fromkeys([name, *others.split()], name.replace("-", "")))
    return found


_PLACE_NAMES = _read(_NAMES)
_ALL = {**_PLACE_NAMES, **_read(_BODIES), "united-states": "usa", "united-kingdom": "uk", "white-house": "usa"}
PLACES = frozenset(_PLACE_NAMES.values())
ONE_WORD = {said: name for said, name in _ALL.items() if "-" not in said}
_PHRASES = {said.replace("-", " "): name for said, name in _ALL.items() if "-" in said}
_PHRASE = re.compile(rf"\b(?:{'|'.join(sorted(_PHRASES, key=len, reverse=True))})\b")
_ABBREVIATION = re.compile(r"\b(?:US|U\.S\.A?|USA)(?!\w)")


def named(text: str) -> str:
    """`text` with US spelled so that folding cannot make a pronoun of it."""
    return _ABBREVIATION.sub("usa", text)


def one_name(folded: str) -> str:
    """Folded text with names of several words replaced by their one word."""
    return _PHRASE.sub(lambda found: _PHRASES[found[0]], folded)


def sayings(name: str) -> tuple[str, ...]:
    """What headlines say for a canonical `name`, folded; () for a word that is none."""
    return tuple(said.replace("-", " ") for said, canonical in _ALL.items() if canonical == name)
