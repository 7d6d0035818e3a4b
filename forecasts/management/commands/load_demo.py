from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from forecasts.imports import demo
from forecasts.jobs.follow import follow
from forecasts.management.console import Command as Base
from forecasts.management.console import progress

WIRE = "127.0.0.1:8765"


class Command(Base):
    help = "Load the demo: a story, a local news wire to watch, and a real track record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is data already")
        parser.add_argument(
            "--wire", default=WIRE, metavar="HOST:PORT", help="where `serve --wire` will serve the wire"
        )

    def handle(self, *args: Any, if_empty: bool, wire: str, **options: Any) -> None:
        logins = Path(settings.VAR_DIR) / "demo-logins.txt"
        if demo.is_empty():
            self.stdout.write("Loading the demo: a story and 19,749 real forecasts ...")
            passwords = demo.load(timezone.now(), f"http://{wire}/wire.xml")
            follow(lambda rows: progress(rows, "scoring"))
            self._keep(logins, passwords)
        elif not if_empty:
            raise CommandError("the database is not empty; the demo is for an empty one")
        if logins.exists():
            self.stdout.write(logins.read_text().rstrip())

    def _keep(self, logins: Path, passwords: dict[str, str]) -> None:
        logins.touch(mode=0o600)
        lines = [f"  {name}  {password}" for name, password in passwords.items()]
        logins.write_text("\n".join(["Log in at the desk as:", *lines, ""]))
