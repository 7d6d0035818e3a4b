"""Cells that no spreadsheet runs as a formula, and back again, exactly."""

import re

_RUNS = re.compile(r"'*[=+\-@\t\r\n]")
_FIRST = ("'", "=", "+", "-", "@", "\t", "\r", "\n")  # most texts begin otherwise, and need no look
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def harmless(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would take it for a formula; a number is none.

    >>> harmless("=1+1"), harmless("-5"), harmless("'=x"), harmless("'tis")
    ("'=1+1", '-5', "''=x", "'tis")
    """
    return f"'{text}" if text[:1] in _FIRST and _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def as_written(cell: str) -> str:
    """What `harmless` was given.

    >>> [as_written(cell) for cell in ("'=1+1", "-5", "''=x", "'tis")]
    ['=1+1', '-5', "'=x", "'tis"]
    """
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell
