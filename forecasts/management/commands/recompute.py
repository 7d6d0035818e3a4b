from typing import Any

from django.core.management.base import CommandError, CommandParser

from forecasts.jobs.recompute import compare, rebuild
from forecasts.management.console import Command as Base
from forecasts.management.console import progress


class Command(Base):
    help = "Compute scores, fact rows and calibration cells from forecasts and resolutions again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare with what is stored; change nothing")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            scored = rebuild(lambda batches: progress(batches, "batches of predictions"))
            self.stdout.write(f"{scored} predictions scored again, all cells replaced.")
            return
        found = compare(lambda rows: progress(rows, "predictions"))
        waiting = f" {found.pending} wait for the follower." if found.pending else ""
        counts = f"{found.predictions} predictions, {found.scores} scores, {found.facts} fact rows, {found.cells} cells"
        if found.differences:
            raise CommandError("\n".join([f"Compared {counts}; they differ:", *found.differences]))
        self.stdout.write(f"Compared {counts}: equal, bit for bit.{waiting}")
