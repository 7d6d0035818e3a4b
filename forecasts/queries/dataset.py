"""The datasets that were written, as far as readers may have them: the folders below one, and what each holds."""

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = "datapackage.json"
STAMP = "%Y-%m-%dT%H%M%SZ"
_STAMPED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z")


@dataclass(frozen=True)
class DatasetFile:
    """A file of a dataset; `size` is in bytes, `rows` without the header."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Dataset:
    """One export. `digest` is that of its description, which has the digests of its files."""

    folder: Path
    created: dt.datetime
    engine: str
    files: tuple[DatasetFile, ...]
    licences: tuple[tuple[str, str], ...]
    digest: str

    @property
    def stamp(self) -> str:
        return self.folder.name

    def digest_of(self, name: str) -> str | None:
        """SHA-256 of a file, None when the dataset has no such file."""
        digests = {file.name: file.sha256 for file in self.files} | {PACKAGE: self.digest}
        return digests.get(name)


def stamp_of(at: dt.datetime) -> str:
    """The name of the folder that is written at a time: 2026-01-31T020000Z."""
    return at.astimezone(dt.UTC).strftime(STAMP)


def datasets(folder: Path) -> list[Path]:
    """The folders of all datasets, oldest first. Nothing else below `folder` is ever touched."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _STAMPED.fullmatch(path.name))


def latest_dataset(folder: Path) -> Dataset | None:
    """The newest dataset, None when there is none yet."""
    found = datasets(folder)
    return dataset(folder, found[-1].name) if found else None


def dataset(folder: Path, stamp: str) -> Dataset | None:
    """The dataset with a name, None when there is none."""
    path = folder / stamp
    if not _STAMPED.fullmatch(stamp) or not (path / PACKAGE).is_file():
        return None
    text = (path / PACKAGE).read_bytes()
    content = json.loads(text)
    return Dataset(
        folder=path,
        created=dt.datetime.fromisoformat(content["created"]),
        engine=content["engine"],
        files=tuple(_file(resource) for resource in content["resources"]),
        licences=tuple((each["name"], each["path"]) for each in content.get("licenses", ())),
        digest=hashlib.sha256(text).hexdigest(),
    )


def _file(resource: dict[str, Any]) -> DatasetFile:
    return DatasetFile(
        name=resource["path"],
        title=resource["title"],
        columns=tuple(field["name"] for field in resource["schema"]["fields"]),
        rows=resource["rows"],
        size=resource["bytes"],
        sha256=resource["hash"].removeprefix("sha256:"),
    )
