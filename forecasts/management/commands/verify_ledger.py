from typing import Any

from forecasts.ledger.verify import verify
from forecasts.management.console import Command as Base


class Command(Base):
    help = "Recompute the whole ledger and hold today's rows against it; reports the first break with its number."

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify()
        erased = f", {found.erased} of them erased" if found.erased else ""
        self.stdout.write(f"The ledger holds: {found.size} entries{erased}, {found.rows} rows agree with them.")
        self.stdout.write(f"Last digest: {found.digest}")
