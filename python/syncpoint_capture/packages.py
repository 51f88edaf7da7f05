"""Packages that are only needed for some of the functions."""

from __future__ import annotations

import importlib
from types import ModuleType

from .errors import CaptureError


def require(name: str, purpose: str) -> ModuleType:
    """Imports a package. Raises CaptureError when it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        raise CaptureError("%s is needed %s and is not installed" % (name, purpose)) from problem
