"""Databases of a test's own, in which commits are real."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections
from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def copy_of_database(blocker: DjangoDbBlocker) -> Iterator[str]:
    """Work on a copy of the migrated test database; yields its name. Nothing is ever flushed."""
    suffix = f"own{os.urandom(4).hex()}"
    template = connection.settings_dict["NAME"]
    with blocker.unblock():
        connections.close_all()
        connection.creation.clone_test_db(suffix=suffix, verbosity=0)
        copy = connection.creation.get_test_db_clone_settings(suffix)["NAME"]
        connection.settings_dict["NAME"] = copy
        try:
            yield copy
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = template
            connection.creation.destroy_test_db(suffix=suffix, verbosity=0, keepdb=False)
