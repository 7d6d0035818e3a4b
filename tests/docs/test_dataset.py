"""docs/dataset.md lists the tables that there are."""

import re
from pathlib import Path

from forecasts.exports.dataset_tables import TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "dataset.md").read_text()


def test_it_works() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == [table.name for table in TABLES]


def test_each_column_of_each_table_has_one_source() -> None:
    for table in TABLES:
        names = [field.name for field in table.fields]
        assert len(set(names)) == len(names) >= len(table.sources)
