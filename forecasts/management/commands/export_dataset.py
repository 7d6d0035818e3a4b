from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from forecasts.exports.dataset import write_dataset
from forecasts.jobs.dataset import licences
from forecasts.management.console import Command as Base
from forecasts.management.console import progress


class Command(Base):
    help = "Write everything public as CSV and NDJSON, packed, with a datapackage.json, into a new folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where the new folder appears, named after the time")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            done = write_dataset(folder, at=timezone.now(), licences=licences(), progress=progress)
        except OSError as error:
            raise CommandError(f"folder: {str(folder)!r} cannot be written; {error.strerror}") from error
        sizes = [path.stat().st_size for path in done.iterdir()]
        self.stdout.write(f"{done}: {len(sizes)} files, {sum(sizes):,} bytes.")
