"""docs/sources.md lists every kind of source and every key of its spec."""

import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from forecasts.evidence.sources import KINDS, source_kind
from forecasts.models import SourceKind

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
LEAST = {
    "data_series": {"format": "json", "freq": "month"},
    "market": {"probability": "price"},
}


def test_it_lists_every_kind_and_no_other() -> None:
    listed = re.findall(r"^\| `(\w+)` \| [^`|]+ \| [^|]+ \|$", TEXT, re.MULTILINE)
    assert sorted(listed) == sorted(KINDS) == sorted(SourceKind.values)


@pytest.mark.parametrize("kind", KINDS)
def test_it_lists_every_key_of_a_spec_and_no_other(kind: str) -> None:
    listed = re.findall(rf"^\| `{kind}` \| `(\w+)` \|", TEXT, re.MULTILINE)
    spec = source_kind(kind).spec(LEAST.get(kind, {}))
    assert sorted(listed) == sorted(field.name for field in fields(spec))
    assert import_module(f"forecasts.evidence.sources.{kind}").KIND.name == kind
