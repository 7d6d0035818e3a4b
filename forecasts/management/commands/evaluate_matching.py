from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from forecasts.evidence.evaluate import Figure, evaluate
from forecasts.evidence.labelled import SPLITS, read_labelled
from forecasts.evidence.ranking import RANKER, SEMANTIC_RANKER, SEMANTIC_THRESHOLD, THRESHOLD
from forecasts.evidence.semantic import vector
from forecasts.management.console import Command as Base


class Command(Base):
    help = "Measure matching on a labelled set (docs/evidence.md says how to write one)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="JSON lines: predictions with items, background")
        parser.add_argument("--split", choices=SPLITS, default="all", help="half of the predictions, by a hash of ids")
        parser.add_argument("--semantic", action="store_true", help="with the extra of requirements-semantic.txt")

    def handle(self, *args: Any, file: Path, split: Any, semantic: bool, **options: Any) -> None:
        try:
            data = read_labelled(file.read_text(encoding="utf-8").splitlines())
        except (OSError, UnicodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        figures = evaluate(data, split, vector if semantic else None)
        ranker, threshold = (SEMANTIC_RANKER, SEMANTIC_THRESHOLD) if semantic else (RANKER, THRESHOLD)
        self.stdout.write(f"{file.name}, {split}; ranker {ranker}, threshold {threshold:g}\n\n{table(figures)}")


def table(figures: tuple[Figure, ...]) -> str:
    """A Markdown table, so that it can be pasted into a page."""
    rows = ["| figure | value | 95 % interval | n |", "|---|---|---|---|"]
    for one in figures:
        span = "-" if one.low is None or one.high is None else f"{_said(one.low)} to {_said(one.high)}"
        rows.append(f"| {one.name} | {'-' if one.value is None else _said(one.value)} | {span} | {one.n:,} {one.of} |")
    return "\n".join(rows)


def _said(value: float) -> str:
    return f"{value:.3f}" if value <= 1 else f"{value:.1f}"
