from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from forecasts.jobs.upkeep import DAY, delete_file, share_to_verify, strays, verify
from forecasts.management.console import Command as Base
from forecasts.management.console import progress
from forecasts.models import Snapshot


class Command(Base):
    help = "Read the day's share of the snapshots again and hold their bytes against their digests."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="all snapshots; also files without a row, deleted when over a day old"
        )

    def handle(self, *args: Any, all: bool, **options: Any) -> None:  # noqa: A002 -- the name of the option
        ids = list(Snapshot.objects.order_by("pk").values_list("pk", flat=True)) if all else share_to_verify()
        verify(ids, lambda rows: progress(rows, "snapshots"))
        if all:
            self._clear_strays()
        damaged = [f"{row}: {row.fault}" for row in Snapshot.objects.exclude(fault="").order_by("pk")]
        counts = f"{len(ids)} snapshot{'' if len(ids) == 1 else 's'} read again"
        if damaged:
            raise CommandError("\n".join([f"{counts}; damaged: {len(damaged)}, restore a backup:", *damaged]))
        self.stdout.write(f"{counts}; every one is as it was.")

    def _clear_strays(self) -> None:
        old = timezone.now() - DAY
        for stray in strays(lambda folders: progress(folders, "folders")):
            is_old = stray.modified_at < old
            if is_old:
                delete_file(stray.name)
            kept = "deleted" if is_old else "kept, as it is less than a day old"
            self.stdout.write(f"{stray.name}: no snapshot has this file; {kept}.")
