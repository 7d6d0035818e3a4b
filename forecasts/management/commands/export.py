import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError, CommandParser

from forecasts.exports.own import EXPORTS
from forecasts.management.console import Command as Base
from forecasts.management.console import progress
from forecasts.queries.own_rows import about_how_many


class Command(Base):
    help = "Write all public predictions and forecasts to a file, or to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("format", choices=sorted(EXPORTS))
        parser.add_argument("file", help="where to write, such as predictions.csv; - is standard output")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        written = 0
        try:
            with _opened(file) as target:
                for line in progress(EXPORTS[options["format"]](), "records", total=about_how_many()):
                    target.write(line)
                    written += 1
        except OSError as error:
            raise CommandError(f"file: {file!r} cannot be written; {error.strerror}") from error
        if file != "-":
            self.stdout.write(f"{file}: {written:,} lines.")


def _opened(file: str) -> AbstractContextManager[TextIO]:
    """Lines end as the format says, on every system."""
    return nullcontext(sys.stdout) if file == "-" else Path(file).open("w", encoding="utf-8", newline="")
