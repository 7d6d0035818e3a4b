"""What every rule asks of its arguments. Each check returns the argument as an array or raises ValueError naming it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

SUM_TOLERANCE = 1e-6


def finite(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """The argument as float64; neither NaN nor infinite."""
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers in one regular shape") from error
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{name} must be finite, got NaN or infinity")
    return array


def probabilities(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """The argument as float64, each in [0, 1]."""
    array = finite(name, value)
    if np.any((array < 0) | (array > 1)):
        raise ValueError(f"{name} must lie in [0, 1]")
    return array


def outcomes(name: str, value: ArrayLike) -> NDArray[np.int64]:
    """The argument as int64, each 0 or 1."""
    array = finite(name, value)
    if np.any((array != 0) & (array != 1)):
        raise ValueError(f"{name} must be 0 or 1")
    return array.astype(np.int64)


def distribution(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """The argument as float64 of shape (..., options), at least two options, each row summing to 1 within 1e-6."""
    array = probabilities(name, value)
    if array.ndim == 0 or array.shape[-1] < 2:
        raise ValueError(f"{name} must have at least two options along its last axis")
    if np.any(np.abs(array.sum(axis=-1) - 1) > SUM_TOLERANCE):
        raise ValueError(f"{name} must sum to 1 along its last axis")
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
    if np.any(array >= options):
        raise ValueError(f"{name} must be an index from 0 to {options - 1}")
    return array


def between(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """The argument as float64, each in (0, 1): a quantile level, or one minus a nominal coverage."""
    array = finite(name, value)
    if np.any((array <= 0) | (array >= 1)):
        raise ValueError(f"{name} must lie between 0 and 1")
    return array


def rising(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """The argument as float64 of shape (..., n), never falling along its last axis."""
    array = finite(name, value)
    if array.ndim == 0 or array.shape[-1] == 0 or np.any(np.diff(array, axis=-1) < 0):
        raise ValueError(f"{name} must not fall along its last axis")
    return array


def together(**shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape to which arguments of these shapes broadcast; the error names them all."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError as error:
        names = ", ".join(shapes)
        raise ValueError(f"{names} must have shapes that broadcast together") from error
