"""Which tensors of a run are stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional, Pattern, Union

from .errors import CaptureError

Only = Union[None, str, Pattern[str]]


@dataclass(frozen=True)
class Selection:
    """Inputs and outputs of the model are always stored."""

    only: Optional[Pattern[str]] = None  # must be found in the name of an op's result
    parameters: bool = True
    views: bool = True

    @staticmethod
    def of(only: Only, parameters: bool, views: bool) -> "Selection":
        """From the arguments of save_intermediates(). Raises CaptureError for a bad `only`."""
        try:
            return Selection(re.compile(only) if only is not None else None, parameters, views)
        except re.error as problem:
            raise CaptureError("'%s' is no regular expression: %s" % (only, problem)) from problem

    def takes(self, name: str, is_view: bool) -> bool:
        """Whether the result of an op is stored."""
        return (self.views or not is_view) and (self.only is None or bool(self.only.search(name)))
