"""The worked example for readers says what the core computes."""

import re
from pathlib import Path

import pytest

from forecasts.scoring import brier, corp, tick_table

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "method.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) % \| (yes|no) \| ([\d.]+) \| ([\d.]+) \|$", TEXT, re.MULTILINE)
P = [int(said) / 100 for said, *_ in ROWS]
Y = [int(happened == "yes") for _, happened, *_ in ROWS]


def told(pattern: str) -> tuple[float, ...]:
    (found,) = re.findall(pattern, " ".join(TEXT.split()))
    return tuple(float(number) for number in ([found] if isinstance(found, str) else found))


def test_every_row_of_the_example_is_what_the_core_computes() -> None:
    assert len(ROWS) == 5
    for (_, _, score, even), p, y in zip(ROWS, P, Y, strict=True):
        assert float(score) == pytest.approx(float(brier(p, y)))
        assert float(even) == float(brier(0.5, y))


def test_its_mean_parts_and_comparison_are_what_the_core_computes() -> None:
    found = corp(tick_table(P, Y))
    assert told(r"\| mean \| (\d) of (\d) \| ([\d.]+) \| ([\d.]+) \|") == (sum(Y), len(Y), round(found.score, 3), 0.25)
    assert told(r"by 0.25 - ([\d.]+) = ([\d.]+), which is (\d+) % of 0.25") == pytest.approx(
        (found.score, 0.25 - found.score, round(100 * (1 - found.score / 0.25)))
    )
    parts = (found.miscalibration, found.discrimination, found.uncertainty, found.score)
    assert told(r": ([\d.]+) - ([\d.]+) \+ ([\d.]+) = ([\d.]+)\.") == pytest.approx(parts)
    assert told(r"\(miscalibration, ([\d.]+)\), .*? \(discrimination, ([\d.]+)\), .*? \(uncertainty, ([\d.]+)\)") == (
        pytest.approx(parts[:3])
    )
