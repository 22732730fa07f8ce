"""Array-API namespaces: NumPy, CuPy through the same code, array-api-strict for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any


class Missing(Exception):
    """A backend that cannot be used here; the message says what to install."""


@dataclass(frozen=True)
class Backend:
    """An array-API namespace `xp`, and how its arrays get to the host as NumPy arrays."""

    name: str
    xp: Any
    host: Callable[[Any], Any]

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Let overflow and division by zero give infinities and NaN, which are counted, without a warning."""
        import numpy

        with numpy.errstate(all="ignore"):
            yield


def backend(name: str) -> Backend:
    """Return the backend ``numpy``, ``cupy`` or ``array-api-strict`` (for tests); raises `Missing`.

    >>> backend("numpy").name
    'numpy'
    """
    import numpy

    if name == "numpy":
        try:
            compatible = import_module("array_api_compat.numpy")
        except ImportError:
            if not hasattr(numpy, "matrix_transpose"):
                raise Missing(f"expected NumPy 2 or array-api-compat, found NumPy {numpy.__version__} alone") from None
            compatible = numpy
        return Backend(name, compatible, numpy.asarray)
    if name == "array-api-strict":
        return Backend(name, import_module("array_api_strict"), numpy.from_dlpack)
    if name != "cupy":
        raise Missing(f"expected the backend numpy or cupy, found {name!r}")
    hint = "install it with: pip install 'symlora[cupy]'"
    try:
        cupy = import_module("cupy")
        compatible = import_module("array_api_compat.cupy")
    except ImportError as error:
        raise Missing(
            f"expected CuPy and array-api-compat for the backend cupy, found no {error.name}; {hint}"
        ) from None
    try:
        found = cupy.cuda.runtime.getDeviceCount()
    except Exception as error:  # the driver's errors are of several types
        raise Missing(f"expected a CUDA device for the backend cupy, found none: {error}") from None
    if not found:
        raise Missing("expected a CUDA device for the backend cupy, found none")
    return Backend(name, compatible, cupy.asnumpy)
