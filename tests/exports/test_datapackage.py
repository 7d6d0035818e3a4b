"""The description of a dataset: its columns, its digests, the engine that scored it."""

import datetime as dt
import hashlib
import json

from forecasts.exports.datapackage import Field, Licence, Table, datapackage
from forecasts.scoring import ENGINE

FIELDS = (
    Field("slug", "string", "Key of the prediction."),
    Field("probability", "number", "From 0 to 1."),
)
DATA = b"slug,probability\r\nbridge,0.7\r\n"
AT = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-2)))


def table() -> Table:
    return Table("forecasts.csv", "Forecasts", FIELDS, hashlib.sha256(DATA).hexdigest(), len(DATA), 1)


def test_it_works() -> None:
    found = json.loads(
        datapackage(
            [table()],
            name="desk",
            title="The desk's forecasts",
            at=AT,
            licences=[Licence("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")],
        )
    )
    assert (found["profile"], found["name"], found["engine"]) == ("tabular-data-package", "desk", str(ENGINE))
    assert (found["created"], found["version"]) == ("2026-07-01T01:30:00Z", "2026-07-01")
    assert found["licenses"] == [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}]
    (resource,) = found["resources"]
    assert (resource["name"], resource["path"], resource["bytes"]) == ("forecasts", "forecasts.csv", 18 + 12)
    assert resource["hash"] == f"sha256:{hashlib.sha256(DATA).hexdigest()}"
    assert resource["schema"]["fields"] == [
        {"name": "slug", "type": "string", "description": "Key of the prediction."},
        {"name": "probability", "type": "number", "description": "From 0 to 1."},
    ]


def test_without_a_licence_none_is_claimed() -> None:
    assert "licenses" not in json.loads(datapackage([table()], name="desk", title="Desk", at=AT))
