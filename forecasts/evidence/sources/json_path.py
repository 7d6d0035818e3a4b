"""JSON from strangers, and the JMESPath expressions that editors point into it. Shared by data series and markets."""

import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathError, JMESPathTypeError
from jmespath.visitor import Options, TreeInterpreter

from forecasts.errors import UnreadableSource

MAX_EXPRESSION = 500
# About a microsecond each. Reading 20,000 rows of two fields takes some 100,000.
MAX_STEPS = 2_000_000
# Longer numbers stay text: whoever wants one of them refuses it by name, and the rest of the document is read.
MAX_NUMERAL = 60
SHOWN = 120  # characters of an expression or of what is wrong with it


def expression_fault(expression: object) -> str:
    """What is accepted instead of `expression`, or "" when it is a JMESPath expression of at most 500 characters."""
    if not isinstance(expression, str) or not expression.strip() or len(expression) > MAX_EXPRESSION:
        return f"give a JMESPath expression of 1 to {MAX_EXPRESSION} characters"
    try:
        jmespath.compile(expression)
    except RecursionError:
        return "give a JMESPath expression with less nesting"
    except JMESPathError as error:
        return f"give a JMESPath expression; this one is broken: {' '.join(str(error).split())}"
    return ""


def load_json(text: str) -> Any:
    """The document in `text`, fractions as Decimal. NaN, Infinity and numbers over 60 characters stay text.

    Raises UnreadableSource with code `html`, `not_json`, `too_deep` or `duplicate_key`.
    """
    if text.lstrip().startswith("<"):
        raise UnreadableSource("expected JSON; got HTML or XML", "html")
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=str
        )
    except RecursionError:
        raise UnreadableSource("the JSON is nested too deep to be read", "too_deep") from None
    except ValueError as error:
        raise UnreadableSource(f"expected JSON; it cannot be read: {error}", "not_json") from None


def select(expression: str, document: Any) -> Any:
    """What a checked `expression` finds in `document`, None when nothing.

    Raises UnreadableSource with code `select` when a function gets what it cannot take or the work passes the cap.
    """
    try:
        return _Bounded().visit(jmespath.compile(expression).parsed, document)
    except (JMESPathError, ArithmeticError, RecursionError, TypeError, ValueError) as error:
        reason = _reason(error)
        raise UnreadableSource(
            f"{expression[:SHOWN]!r} cannot be applied to this document: {reason}", "select"
        ) from None


def _reason(error: Exception) -> str:
    if isinstance(error, JMESPathTypeError):  # its own words hold the whole value, which may be endless
        return f"{error.function_name}() does not take {error.actual_type}"
    return " ".join(str(error).split())[:SHOWN] or type(error).__name__


def _exact(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


def _comparing(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """`compare` for plain values, a fraction in an expression taken as it is written: 0.1 is the 0.1 of a document."""

    def compared(left: Any, right: Any) -> Any:
        if left and right and isinstance(left, list | dict) and isinstance(right, list | dict):
            raise ValueError("lists and objects are not compared")
        return compare(_exact(left), _exact(right))

    return compared


class _Functions(functions.Functions):  # type: ignore[misc]  # the library has no types
    """The usual ones, but bounded where they would write out or compare `[@,@]|[@,@]|...`, which is endless."""

    @functions.signature({"types": ["string", "number", "boolean", "null"]})  # type: ignore[untyped-decorator]
    def _func_to_string(self, arg: Any) -> Any:
        return super()._func_to_string(arg)

    @functions.signature(  # type: ignore[untyped-decorator]
        {"types": ["array", "string"]}, {"types": ["string", "number", "boolean", "null"]}
    )
    def _func_contains(self, subject: Any, search: Any) -> Any:
        return super()._func_contains(subject, search)

    @functions.signature({"types": ["string"]}, {"types": ["array-string"]})  # type: ignore[untyped-decorator]
    def _func_join(self, separator: str, array: list[str]) -> Any:
        if sum(len(one) + len(separator) for one in array) > MAX_STEPS:
            raise ValueError(f"over {MAX_STEPS:,} characters")
        return super()._func_join(separator, array)


class _Bounded(TreeInterpreter):  # type: ignore[misc]  # the library has no types
    """Counts its steps and what it builds: `[@,@][]|[@,@][]|...` doubles with every seven characters."""

    COMPARATOR_FUNC: ClassVar = {name: _comparing(one) for name, one in TreeInterpreter.COMPARATOR_FUNC.items()}

    def __init__(self) -> None:
        super().__init__(Options(custom_functions=_Functions()))
        self._left = MAX_STEPS

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        found = super().visit(node, *args, **kwargs)
        self._left -= 1 + _built(node["type"], found)
        if self._left < 0:
            raise ValueError(f"over {MAX_STEPS:,} steps")
        return found


def _built(node_type: str, found: Any) -> int:
    if node_type == "multi_select_list":  # what a flattening of it would build
        return sum(len(one) for one in found or () if isinstance(one, list | str))
    if node_type in ("flatten", "function_expression") and isinstance(found, list | str):
        return len(found)
    return 0


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        double, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise UnreadableSource(f"an object has the key {double[:80]!r} twice, so its value is unclear", "duplicate_key")
    return found


def _integer(numeral: str) -> int | str:
    return int(numeral) if len(numeral) <= MAX_NUMERAL else numeral


def _fraction(numeral: str) -> Decimal | str:
    try:
        return Decimal(numeral) if len(numeral) <= MAX_NUMERAL else numeral
    except ArithmeticError:  # an exponent beyond what Decimal takes
        return numeral
