from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from forecasts.exports.warc import export_evidence
from forecasts.management.console import Command as Base
from forecasts.models import Prediction


class Command(Base):
    help = "Write everything that was seen for a prediction to one file in WARC format, compressed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the prediction, as in its address")
        parser.add_argument("file", type=Path, help="where to write, such as evidence.warc.gz")

    def handle(self, *args: Any, slug: str, file: Path, **options: Any) -> None:
        prediction = Prediction.objects.filter(slug=slug).first()
        if prediction is None:
            raise CommandError(f"slug: {slug!r} is not a prediction here; it is the last part of its address")
        try:
            found = export_evidence(prediction, file, at=timezone.now())
        except OSError as error:
            raise CommandError(f"file: {str(file)!r} cannot be written; {error.strerror}") from error
        count = f"{found.snapshots} snapshot{'' if found.snapshots == 1 else 's'}"
        self.stdout.write(f"{file}: {count}, {found.size:,} bytes before compression.")
