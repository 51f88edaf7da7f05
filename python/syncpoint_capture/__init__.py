"""Saves reference runs of models as Syncpoint dumps.

    import syncpoint_capture
    syncpoint_capture.save_intermediates(model, inputs, "reference.h5")

Only NumPy is needed; PyTorch, ONNX Runtime, TFLite and Core ML Tools are imported by the functions that use
them.
"""

from .api import capture, save_intermediates
from .errors import CaptureError, CaptureWarning
from .version import __version__

__all__ = ["CaptureError", "CaptureWarning", "__version__", "capture", "save_intermediates"]
