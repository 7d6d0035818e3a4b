import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from forecasts.imports.article import ImportedArticle, import_article
from forecasts.management.console import Command as Base
from forecasts.management.console import user_named


class Command(Base):
    help = "Keep an insight article and log its predictions as drafts; text that was decoded wrongly is repaired first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--published", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="relative dates count from it"
        )
        parser.add_argument("--url", default="", help="where it was published")
        self.add_by(parser)

    def handle(self, *args: Any, file: Path, published: dt.date | None, url: str, by: str, **options: Any) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"file: {str(file)!r} cannot be read; {error.strerror}") from error
        published_at = dt.datetime.combine(published, dt.time(0, tzinfo=dt.UTC)) if published else None
        user = user_named(by)
        self._report(import_article(data, published_at=published_at, url=url, at=timezone.now(), by=user))

    def _report(self, found: ImportedArticle) -> None:
        article = found.article
        repaired = f" {found.repaired_runs} damaged runs of text were repaired." if found.repaired_runs else ""
        self.stdout.write(f"Kept: {article.title} ({article.publisher}).{repaired}")
        for milestone in article.milestones.all():
            self.stdout.write(f"  Milestone {milestone}")
        for logged in found.drafts:
            row = logged.prediction
            self.stdout.write(f"  Draft: {row.statement}")
            deadline = f"{row.resolves_by:%Y-%m-%d %H:%M:%S} UTC" if row.resolves_by else "none"
            self.stdout.write(f"    Deadline: {deadline} ({row.resolves_by_rule})")
            if row.suggested_tick is not None:
                self.stdout.write(f"    Probability: {row.suggested_tick / 100:g} % ({row.suggested_rule})")
            for failure in logged.failures:
                self.stdout.write(f"    Before opening: {failure.message} {failure.fix}")
