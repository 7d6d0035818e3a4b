import argparse
import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from forecasts.exports.dataset import write_package
from forecasts.exports.folders import whole_folder
from forecasts.exports.forecastbench import forecastbench_round
from forecasts.exports.own import EXPORTS
from forecasts.jobs.dataset import licences
from forecasts.management.console import Command as Base
from forecasts.management.console import progress
from forecasts.models import Forecaster
from forecasts.queries.own_rows import about_how_many
from forecasts.queries.stream import AT_ONCE


class Command(Base):
    help = "Write what readers can see to files, in one of several formats."

    def add_arguments(self, parser: CommandParser) -> None:
        formats = parser.add_subparsers(dest="format", required=True, metavar="FORMAT")
        for name in EXPORTS:
            own = formats.add_parser(name, help="all predictions and forecasts in our own format")
            own.add_argument("file", help="where to write, such as predictions.csv; - is standard output")
        package = formats.add_parser("datapackage", help="all tables as CSV, with a datapackage.json")
        bench = formats.add_parser("forecastbench", help="a forecaster's round of ForecastBench, in three files")
        for several in (package, bench):
            several.add_argument("folder", type=Path, help="where to write: one that is not there yet, or is empty")
        bench.add_argument("--forecaster", required=True, metavar="SLUG", help="whose probabilities of yes or no")
        bench.add_argument("--due", required=True, type=_day, metavar="DAY", help="those that stood when it ended, UTC")
        bench.add_argument("--organization", default=settings.SITE_NAME, metavar="NAME", help="the setting SITE_NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["format"] in EXPORTS:
            self._own(options["format"], options["file"])
        elif options["format"] == "datapackage":
            self._package(options["folder"])
        else:
            self._round(options["folder"], options["forecaster"], options["due"], options["organization"])

    def _own(self, name: str, file: str) -> None:
        batches, size = -(-about_how_many() // AT_ONCE), 0
        with _writing("file", file), _opened(file) as target:
            for lines in progress(EXPORTS[name](), "forecasts", total=batches):
                size += len(lines.encode())
                target.write(lines)
        if file != "-":
            self.stdout.write(f"{file}: {size:,} bytes.")

    def _package(self, folder: Path) -> None:
        with _writing("folder", folder):
            write_package(folder, at=timezone.now(), licences=licences(), progress=progress)
        self._say(folder)

    def _round(self, folder: Path, slug: str, due: dt.date, organization: str) -> None:
        forecaster = Forecaster.objects.filter(slug=slug).first()
        if forecaster is None:
            raise CommandError(f"forecaster: {slug!r} is not a forecaster here; it is the last part of its address")
        files = forecastbench_round(forecaster, due, site=settings.SITE_URL, organization=organization)
        with _writing("folder", folder), whole_folder(folder) as part:
            for name, data in files.items():
                (part / name).write_bytes(data)
        self._say(folder)

    def _say(self, folder: Path) -> None:
        sizes = [path.stat().st_size for path in folder.iterdir()]
        self.stdout.write(f"{folder}: {len(sizes)} files, {sum(sizes):,} bytes.")


@contextmanager
def _writing(what: str, where: str | Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(f"{what}: {str(where)!r} cannot be written; {error.strerror}") from error


def _opened(file: str) -> AbstractContextManager[TextIO]:
    """Lines end as the format says, on every system."""
    return nullcontext(sys.stdout) if file == "-" else Path(file).open("w", encoding="utf-8", newline="")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not accepted; give a day such as 2026-01-31") from error
