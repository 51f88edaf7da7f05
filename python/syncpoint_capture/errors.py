"""What goes wrong, in one sentence that a user can act on."""

from __future__ import annotations


class CaptureError(Exception):
    """A capture that cannot be made or did not come to its end. The text is one sentence."""


class CaptureWarning(UserWarning):
    """A tensor that is missing in the dump, and why."""
