"""What every test gets: a database that only actions write to, sockets that reach only this machine, own folders."""

import ipaddress
import os
import re
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases
from pytest_django.plugin import DjangoDbBlocker

from forecasts.actions import running_action
from forecasts.http import standing
from forecasts.queries.alike import words_at
from tests.databases import copy_of_database
from tests.story import Story

WRITES = re.compile(r'^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(forecasts_\w+)', re.IGNORECASE)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(worker_id: str) -> Iterator[None]:
    """A test database of our own, also when two sessions run at once; SQLite as a file, as in production."""
    name = f"test_reckoner_{os.getpid()}_{worker_id}"
    with tempfile.TemporaryDirectory(prefix="reckoner-tests-") as folder:
        is_file = connection.vendor == "sqlite"
        connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / f"{name}.sqlite3") if is_file else name
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """The migrated template, also when only tests on copies of it run, which pytest-django would not notice."""
    with django_db_blocker.unblock():
        kept = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(kept, verbosity=0)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(autouse=True)
def only_actions_write() -> Iterator[None]:
    """Fail any write to a table of ours outside an action. (Migrations ran before; the ledger appends inside one.)"""

    def guard(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        written = WRITES.match(sql)
        if written and not running_action():
            raise AssertionError(f"{written[1]} was written outside an action: {sql[:200]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(guard):
        yield


@pytest.fixture(autouse=True, scope="session")
def only_this_machine() -> Iterator[None]:
    """Refuse every connection that would leave the machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not ipaddress.ip_address(address[0]).is_loopback:
            raise AssertionError(f"a test tried to reach {address}")
        real(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> None:
    """Snapshots and datasets go to folders of the test."""
    settings.DATASET_DIR = tmp_path / "dataset"
    settings.STORAGES = {
        **settings.STORAGES,
        "snapshots": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "snapshots"},
        },
    }


@pytest.fixture(autouse=True)
def nothing_counted_yet(settings: Any) -> None:
    """Requests are counted per test, in this process, and no test but those of limits comes near any."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    names = ("default", "local", "pages", "answers")
    settings.CACHES = {name: {**memory, "LOCATION": name} for name in names}
    settings.API_REQUESTS_PER_MINUTE = settings.API_KEY_REQUESTS_PER_MINUTE = 1_000_000
    for cache in caches.all(initialized_only=False):
        cache.clear()
    words_at.cache_clear()  # keys come again after a test's transaction was rolled back


@pytest.fixture(autouse=True)
def nothing_is_recent(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test does shows at once; only tests of the second in which it need not say otherwise."""
    monkeypatch.setattr(standing, "FRESH", 0.0)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """A slow digest is what protects real passwords; here it would be most of the time of a test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the test database in which commits are real; yields its name. Nothing is ever flushed."""
    with copy_of_database(django_db_blocker) as name:
        yield name


@pytest.fixture
def story(db: None) -> Story:
    """People, a forecaster and short words for what editors do, inside the test's transaction."""
    return Story.begin()


@pytest.fixture
def queries() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as captured:
        yield captured
