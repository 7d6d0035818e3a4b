"""Every command of docker-compose.yml runs outside docker too, in production, and stops when it is asked to."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from tests import servers
from tests.processes import TOP, kill, wait_for

pytestmark = [
    pytest.mark.processes,
    pytest.mark.xdist_group("processes"),
    pytest.mark.skipif(
        bool(settings.REDIS_URL), reason="it brings its own servers, so once is enough: without REDIS_URL"
    ),
]
SERVICES: dict[str, Any] = yaml.safe_load((TOP / "docker-compose.yml").read_text())["services"]
HOST = "reckoner.test"
PRODUCTION = {"RECKONER_ENV": "production", "SECRET_KEY": "".join(map(chr, range(40, 120))), "ALLOWED_HOSTS": HOST}
MEMORY = "/dev/shm"  # noqa: S108 -- as the file says
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of the image beside servers of our own, with the migrations and static files done."""
    with ExitStack() as stack:
        environment = {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "PYTHONPATH": str(TOP),
            "RECKONER_VAR": str(tmp_path_factory.mktemp("var")),
            "DATABASE_URL": stack.enter_context(servers.postgres()),
            "REDIS_URL": stack.enter_context(servers.valkey()),
            "HOSTNAME": socket.gethostname(),
            **PRODUCTION,
        }
        run("python manage.py collectstatic --noinput --verbosity 0", environment)
        run(SERVICES["migrate"]["command"], environment)
        yield environment


def run(command: str | list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run to the end; fails with what it said."""
    words = shlex.split(command) if isinstance(command, str) else command
    ended = subprocess.run(words, cwd=TOP, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended


def outside_docker(name: str, port: int, folder: Path) -> list[str]:
    """A service's command with what belongs to the container replaced: its port, its memory disk."""
    command = SERVICES[name]["command"].replace("0.0.0.0:8000", f"127.0.0.1:{port}").replace(MEMORY, str(folder))
    return shlex.split(command)


@contextmanager
def service(name: str, environment: dict[str, str], folder: Path, port: int = 0) -> Iterator[Path]:
    """Run a service as long as the block, then stop it as docker does; it must end with 0. Yields its log."""
    log = folder / f"{name}.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            outside_docker(name, port, folder),
            cwd=TOP, env=environment, stdout=file, stderr=file, start_new_session=True,
        )  # fmt: skip
    try:
        yield log
        assert process.poll() is None, log.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0, log.read_text()
    finally:
        kill(process)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def succeeds(command: list[str], environment: dict[str, str]) -> bool:
    return (
        subprocess.run(command, cwd=TOP, env=environment, capture_output=True, timeout=60, check=False).returncode == 0
    )


def test_every_service_of_ours_is_tested_here() -> None:
    assert set(SERVICES) == {"postgres", "redis", "migrate", "web", "worker", "beat"}


def test_web_becomes_healthy_and_stops(production: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    program, flag, code = SERVICES["web"]["healthcheck"]["test"][1:]
    check = [program, flag, code.replace("8000", str(port))]
    assert code != check[2]
    with service("web", production, tmp_path, port) as log:
        wait_for(lambda: succeeds(check, production))
        assert not succeeds(check, {**production, "ALLOWED_HOSTS": "somebody.else"})
    assert "GET /healthz" in log.read_text()


def test_worker_becomes_healthy_hears_beat_and_both_stop(production: dict[str, str], tmp_path: Path) -> None:
    check = SERVICES["worker"]["healthcheck"]["test"].replace("$$HOSTNAME", production["HOSTNAME"])
    with service("worker", production, tmp_path) as heard, service("beat", production, tmp_path) as said:
        wait_for(lambda: succeeds(shlex.split(check), production))
        wait_for(lambda: "Sending due task dispatch-due" in said.read_text())
        wait_for(lambda: re.search(r"forecasts.tasks.dispatch_due\[.*succeeded", heard.read_text()))


def test_the_health_checks_of_the_servers_name_programs_and_addresses_that_exist() -> None:
    assert SERVICES["postgres"]["healthcheck"]["test"][1:3] == ["pg_isready", "--host=127.0.0.1"]
    assert SERVICES["redis"]["healthcheck"]["test"] == ["CMD", "valkey-cli", "-e", "ping"]


def test_the_deployment_check_is_clean(production: dict[str, str]) -> None:
    run("python manage.py check --deploy --fail-level WARNING", production)


@pytest.mark.parametrize("name", ["web", "worker", "beat", "migrate"])
def test_production_refuses_to_start_without_a_secret_key(
    name: str, production: dict[str, str], tmp_path: Path
) -> None:
    keyless = {key: value for key, value in production.items() if key != "SECRET_KEY"}
    command = outside_docker(name, free_port(), tmp_path)
    ended = subprocess.run(command, cwd=TOP, env=keyless, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert "SECRET_KEY: it is empty; production needs a long random text of its own" in ended.stdout + ended.stderr
