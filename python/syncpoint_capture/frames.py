"""Which lines of the user's program an op comes from."""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import Dict, List, Optional, Tuple

from .graph import Frame

_OWN_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep


class UserFrames:
    """Walks the Python stack; frames of the framework and of this package are left out."""

    def __init__(self, framework_folders: Tuple[str, ...], module_call: str) -> None:
        """`module_call`: the framework's function around every call of a module; what called the
        outermost module is not part of the model."""
        self._left_out = (*framework_folders, _OWN_FOLDER, "<frozen")
        self._module_call = module_call
        self._paths: Dict[str, Optional[str]] = {}

    def walk(self) -> List[Frame]:
        """User frames from the caller outwards, innermost first."""
        # No frame may be kept: one that holds itself keeps its tensors until the collector runs.
        frame: Optional[FrameType] = sys._getframe(1)
        frames: List[Frame] = []
        inside = 0
        while frame is not None:
            code = frame.f_code
            file = code.co_filename
            if file not in self._paths:
                self._paths[file] = self._shown(file)
            path = self._paths[file]
            if path is not None:
                frames.append(Frame(path, frame.f_lineno, code.co_name))
            elif code.co_name == self._module_call:
                inside = len(frames)
            frame = frame.f_back
        return frames[:inside] if inside else frames

    def _shown(self, file: str) -> Optional[str]:
        if file.startswith("<"):  # generated code has no line that anyone could open
            return None
        path = os.path.abspath(file)
        return None if path.startswith(self._left_out) else path
