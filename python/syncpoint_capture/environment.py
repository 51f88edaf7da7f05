"""What a run depended on besides model and inputs."""

from __future__ import annotations

import platform
from typing import Any, Dict

import numpy


def environment(torch: Any = None) -> Dict[str, Any]:
    """Versions, machine and switches, as plain JSON values."""
    facts: Dict[str, Any] = {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "platform": platform.platform(),
    }
    if torch is not None:
        facts["torch"] = str(torch.__version__)
        facts["threads"] = torch.get_num_threads()
        facts["deterministic"] = torch.are_deterministic_algorithms_enabled()
        if torch.cuda.is_available():
            facts["cuda"] = torch.version.cuda
            facts["device"] = torch.cuda.get_device_name()
    return facts
