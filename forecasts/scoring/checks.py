"""What every function asks of its arguments. Each check gives the argument back or raises ValueError naming it."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

SUM_TOLERANCE = 1e-6

Floats = NDArray[np.float64]


def refuse(name: str, value: NDArray[Any], wrong: Any, accepted: str) -> None:
    """ValueError with the first value that is wrong, if any is."""
    if np.any(wrong):
        raise ValueError(f"{name} must {accepted}, got {value[wrong].flat[0]}")


def numbers(name: str, value: ArrayLike) -> Floats:
    """The argument as float64."""
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers in one regular shape") from error


def finite(name: str, value: ArrayLike) -> Floats:
    """The argument as float64; neither NaN nor infinite."""
    array = numbers(name, value)
    refuse(name, array, ~np.isfinite(array), "be finite")
    return array


def number(name: str, value: ArrayLike) -> float:
    """The argument as one finite number."""
    array = finite(name, value)
    if array.ndim:
        raise ValueError(f"{name} must be one number, got {array.size}")
    return float(array)


def count(name: str, value: int, least: int = 1, most: int | None = None) -> int:
    """The argument as a whole number from `least` to `most`, or from `least` on."""
    if not isinstance(value, int | np.integer) or value < least or (most is not None and value > most):
        accepted = f"of {least} or more" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be a whole number {accepted}, got {value}")
    return int(value)


def probabilities(name: str, value: ArrayLike) -> Floats:
    """The argument as float64, each in [0, 1]."""
    array = finite(name, value)
    refuse(name, array, (array < 0) | (array > 1), "lie in [0, 1]")
    return array


def outcomes(name: str, value: ArrayLike) -> NDArray[np.int64]:
    """The argument as int64, each 0 or 1."""
    array = finite(name, value)
    refuse(name, array, (array != 0) & (array != 1), "be 0 or 1")
    return array.astype(np.int64)


def distribution(name: str, value: ArrayLike) -> Floats:
    """The argument as float64 of shape (..., options), at least two options, each row summing to 1 within 1e-6."""
    array = probabilities(name, value)
    if array.ndim == 0 or array.shape[-1] < 2:
        raise ValueError(f"{name} must have at least two options along its last axis")
    total = np.asarray(array.sum(axis=-1))
    refuse(name, total, np.abs(total - 1) > SUM_TOLERANCE, "sum to 1 along its last axis")
    return array


def whole(name: str, value: ArrayLike) -> NDArray[np.int64]:
    """The argument as int64, each a whole number of 0 or more."""
    array = np.asarray(value)
    if array.dtype.kind not in "iu" or np.any(array < 0):
        raise ValueError(f"{name} must be whole numbers of 0 or more")
    return array.astype(np.int64)


def index(name: str, value: ArrayLike, options: int) -> NDArray[np.int64]:
    """The argument as int64, each naming one of `options` options from 0."""
    array = whole(name, value)
    refuse(name, array, array >= options, f"be an index from 0 to {options - 1}")
    return array


def between(name: str, value: ArrayLike) -> Floats:
    """The argument as float64, each in (0, 1): a quantile level, or one minus a nominal coverage."""
    array = finite(name, value)
    refuse(name, array, (array <= 0) | (array >= 1), "lie between 0 and 1")
    return array


def level(name: str, value: float) -> float:
    """The argument as one number in (0, 1): how often an interval is to hold."""
    return number(name, between(name, value))


def weights(name: str, value: ArrayLike) -> Floats:
    """The argument as float64, none negative."""
    array = finite(name, value)
    refuse(name, array, array < 0, "not be negative")
    return array


def rising(name: str, value: ArrayLike) -> Floats:
    """The argument as float64 of shape (..., n), never falling along its last axis."""
    array = finite(name, value)
    if array.ndim == 0 or array.shape[-1] == 0 or np.any(np.diff(array, axis=-1) < 0):
        raise ValueError(f"{name} must not fall along its last axis")
    return array


def curve(name: str, thresholds: ArrayLike, cdf: ArrayLike) -> tuple[Floats, Floats]:
    """Thresholds, called `name`, and the CDF at each of them, both of shape (..., n)."""
    x, f = rising(name, thresholds), probabilities("cdf", rising("cdf", cdf))
    if x.shape[-1] != f.shape[-1]:
        raise ValueError(f"{name} and cdf must be equally long along their last axis")
    return x, f


def columns(least: int = 0, /, **given: NDArray[Any]) -> None:
    """ValueError naming all arguments unless they are one-dimensional, equally long and `least` long at least."""
    sizes = {array.size for array in given.values()}
    if {array.ndim for array in given.values()} != {1} or len(sizes) > 1 or min(sizes) < least:
        *others, last = given
        accepted = "one-dimensional and equally long" + (f", {least} at least" if least else "")
        raise ValueError(f"{', '.join(others)} and {last} must be {accepted}")


def together(**shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape to which arguments of these shapes broadcast; the error names them all."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError as error:
        names = ", ".join(shapes)
        raise ValueError(f"{names} must have shapes that broadcast together") from error
