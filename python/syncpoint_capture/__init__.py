"""Saves reference runs of models as Syncpoint dumps.

    import syncpoint_capture
    syncpoint_capture.save_intermediates(model, inputs, "reference.h5")

Only NumPy is needed; PyTorch, ONNX, ONNX Runtime and coremltools are imported by the functions
that use them.
"""

from .api import capture, save_intermediates
from .coreml import compute_plan, coreml_scopes
from .errors import CaptureError, CaptureWarning
from .onnx_run import run_onnx
from .tflite import record
from .version import __version__

__all__ = [
    "CaptureError",
    "CaptureWarning",
    "__version__",
    "capture",
    "compute_plan",
    "coreml_scopes",
    "record",
    "run_onnx",
    "save_intermediates",
]
