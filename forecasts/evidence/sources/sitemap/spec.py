"""What an editor may say about a sitemap."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forecasts.errors import Problem, Refused

MAX_PATH = 500


@dataclass(frozen=True)
class SitemapSpec:
    """`path`: only locations whose path starts with it are read, such as /news/; "" for all."""

    path: str = ""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "SitemapSpec":
        """Raises Refused naming every unknown key and every wrong value."""
        problems = [
            Problem(f"spec.{key}", value, "a sitemap's spec has the key: path")
            for key, value in data.items()
            if key != "path"
        ]
        path = data.get("path", "")
        if not isinstance(path, str) or len(path) > MAX_PATH or path[:1] not in ("", "/"):
            problems.append(Problem("spec.path", path, "give the start of a path such as /news/, or nothing"))
        if problems:
            raise Refused.all(problems)
        return cls(path)
