import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from forecasts.jobs.embedded import Loop
from forecasts.management.console import Command as Base
from forecasts.management.wire import serve_wire

THREADS = 8


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """One gunicorn worker on loopback; without a broker the worker's loop runs inside it, started after the fork."""

    def __init__(self, address: str, wire: str) -> None:
        self.address, self.wire = address, wire
        self.loop: Loop | None = None
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": self.address,
            "workers": 1,
            "threads": THREADS,
            "worker_class": "gthread",
            "accesslog": None,
            "loglevel": "warning",
            "post_worker_init": lambda worker: self.start_loops(worker),
            "worker_exit": lambda server, worker: self.stop_loops(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return get_wsgi_application()

    def start_loops(self, worker: Any) -> None:
        if self.wire:
            serve_wire(self.wire, dt.datetime.now(dt.UTC))
        self.loop = None if settings.REDIS_URL else Loop()
        if self.loop:
            self.loop.start()

    def stop_loops(self) -> None:
        if self.loop:
            self.loop.stop()


class Command(Base):
    help = "Serve the site on loopback, with the worker inside unless REDIS_URL names a broker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="127.0.0.1:8000")
        parser.add_argument("--wire", default="", metavar="HOST:PORT", help="also serve the demo's news wire there")

    def handle(self, *args: Any, address: str, wire: str, **options: Any) -> None:
        self.stdout.write(
            f"Readers  http://{address}/\nEditors  http://{address}/desk/\nPrograms http://{address}/api/v1/"
        )
        self.stdout.write("Stop with Ctrl-C.")
        self.stdout.flush()
        Server(address, wire).run()
