# ruff: noqa: N999 -- a command is named for what it does
import csv
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from forecasts.actions import Applied, Import, Plan, apply_import, may_settle, plan_import
from forecasts.imports.formats import AUTO, FORMATS, read_files
from forecasts.language.cells import harmless
from forecasts.management.console import Command as Base
from forecasts.management.console import progress, user_named

SHOWN = 20
REPORT = ("row", "kind", "key", "state", "field", "value", "accepted")


class Command(Base):
    help = (
        "Import predictions and forecasts. The same file again changes nothing; what is left out is told, row by row."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("format", choices=(AUTO, *FORMATS))
        parser.add_argument("file", nargs="+", type=Path, help="a file and its companions, imported together")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; write nothing")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write what becomes of every row, as CSV")
        self.add_by(parser)

    def handle(self, *args: Any, file: list[Path], report: Path | None, by: str, **options: Any) -> None:
        user = user_named(by)
        bulk = read_files({path.name: _read(path) for path in file}, options["format"])
        applied = self._done(bulk, user, dry_run=options["dry_run"])
        self._tell(applied, dry_run=options["dry_run"])
        if report:
            _write(report, applied.plan)
        if left_out := applied.plan.left_out:
            count = f"{len(left_out)} row{' was' if len(left_out) == 1 else 's were'} left out"
            raise CommandError(f"{count}: refused, or in conflict with what is here")

    def _done(self, bulk: Import, user: User, *, dry_run: bool) -> Applied:
        def bar(rows: Any) -> Any:
            return progress(rows, "reading and writing")

        at = timezone.now()
        if dry_run:
            return Applied(None, plan_import(bulk=bulk, at=at, settles=may_settle(user), progress=bar))
        return apply_import(bulk=bulk, at=at, by=user, progress=bar)

    def _tell(self, applied: Applied, *, dry_run: bool) -> None:
        plan = applied.plan
        told = "Nothing was written: " if dry_run else ""
        states = ", ".join(f"{count:,} {state}" for state, count in plan.states.items())
        self.stdout.write(f"{told}{plan.bulk.format}, {plan.bulk.source}: {states}.")
        for (kind, state), count in sorted(plan.counts.items()):
            self.stdout.write(f"  {kind}: {count:,} {state}")
        for row in plan.left_out[:SHOWN]:
            self.stdout.write(f"  row {row.row}, {row.kind} {row.key}, {row.state}: {row.problem}")
        if (more := len(plan.left_out) - SHOWN) > 0:
            self.stdout.write(f"  and {more:,} more; --report FILE lists them all")
        if not dry_run and applied.run is None:
            self.stdout.write("Nothing changed: whatever could be taken is here already.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"file: {str(path)!r} cannot be read; {error.strerror}") from error


def _write(path: Path, plan: Plan) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(REPORT)
            for row in plan.every_row():
                problem = row.problem
                said = (problem.field, problem.value, problem.accepted) if problem else ("", "", "")
                lines.writerow([harmless(str(cell)) for cell in (row.row, row.kind, row.key, row.state, *said)])
    except OSError as error:
        raise CommandError(f"report: {str(path)!r} cannot be written; {error.strerror}") from error
