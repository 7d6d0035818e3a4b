"""What an editor may say about a feed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from forecasts.errors import Problem, Refused

TEXTS = ("content", "summary", "title")


@dataclass(frozen=True)
class FeedSpec:
    """`text`: what is read below each title. "content" (the default: the content, else the summary), "summary", or
    "title" (nothing: for feeds whose descriptions repeat the same boilerplate)."""

    text: Literal["content", "summary", "title"] = "content"

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "FeedSpec":
        """Raises Refused naming every unknown key and every wrong value."""
        problems = [
            Problem(f"spec.{key}", value, "a feed's spec has the key: text")
            for key, value in data.items()
            if key != "text"
        ]
        text = data.get("text", "content")
        if text not in TEXTS:
            problems.append(Problem("spec.text", text, f"give one of {', '.join(TEXTS)}"))
        if problems:
            raise Refused.all(problems)
        return cls(text=text)
