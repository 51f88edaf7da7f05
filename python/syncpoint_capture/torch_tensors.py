"""PyTorch tensors as the arrays that dumps hold."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import numpy as np
import torch

from .dump_writer import BIT_TYPES, Array, Quantization, storable
from .errors import CaptureError

_NUMPY_TYPES = {
    torch.float16,
    torch.float32,
    torch.float64,
    torch.int8,
    torch.int16,
    torch.int32,
    torch.int64,
    torch.uint8,
    torch.bool,
    torch.complex64,
    torch.complex128,
}
_BITS = {"uint16": torch.int16, "uint8": torch.uint8}


class StoredTensor(NamedTuple):
    """Elements, the logical type where the array holds bits, and how integers become reals."""

    array: Array
    dtype: Optional[str] = None
    quantization: Optional[Quantization] = None


def stored(tensor: torch.Tensor) -> Optional[StoredTensor]:
    """The tensor in host memory, without a copy where possible; None for a type or layout that
    dumps do not have."""
    if tensor.dtype in _NUMPY_TYPES:
        try:
            return StoredTensor(tensor.numpy())
        except (TypeError, RuntimeError):  # elsewhere, sparse, with gradients or lazily negated
            pass
    if tensor.is_quantized:
        return _quantized(tensor)
    if tensor.layout != torch.strided or tensor.device.type == "meta":
        return None
    tensor = tensor.detach()
    if tensor.device.type != "cpu":
        tensor = tensor.cpu()
    if tensor.is_conj() or tensor.is_neg():
        tensor = tensor.resolve_conj().resolve_neg()
    if tensor.dtype in _NUMPY_TYPES:
        return StoredTensor(tensor.numpy())
    name = type_name(tensor)
    if name not in BIT_TYPES:
        return None
    unsigned = BIT_TYPES[name]
    array = tensor.contiguous().view(_BITS[unsigned]).numpy().view(unsigned)
    return StoredTensor(array, name)


def type_name(tensor: torch.Tensor) -> str:
    """The element type, as dumps name it."""
    return str(tensor.dtype).replace("torch.", "")


def _quantized(tensor: torch.Tensor) -> StoredTensor:
    array = tensor.int_repr().numpy()
    if tensor.qscheme() in (torch.per_channel_affine, torch.per_channel_symmetric):
        scale = tensor.q_per_channel_scales().numpy()
        zero_point = tensor.q_per_channel_zero_points().numpy()
        axis = tensor.q_per_channel_axis()
        return StoredTensor(array, None, Quantization(scale, zero_point, axis))
    return StoredTensor(array, None, Quantization(tensor.q_scale(), tensor.q_zero_point()))


def to_tensor(value: Any, name: str, device: Any) -> Any:
    """NumPy arrays as tensors on a device, everything else as it is. Raises CaptureError for element types
    that PyTorch does not have."""
    if not isinstance(value, np.ndarray):
        return value
    if not storable(value):
        raise CaptureError("the input '%s' has the element type %s" % (name, value.dtype))
    try:
        return torch.from_numpy(np.array(value)).to(device)
    except TypeError as problem:
        raise CaptureError(
            "the input '%s' has the element type %s, which PyTorch lacks" % (name, value.dtype)
        ) from problem


def flattened(value: Any, name: str) -> List[Tuple[str, torch.Tensor]]:
    """The tensors in nested tuples, lists, dictionaries and data classes, as "name.key.0"."""
    if isinstance(value, torch.Tensor):
        return [(name, value)]
    children: Dict[str, Any] = {}
    if isinstance(value, (tuple, list)):
        fields = getattr(value, "_fields", None)
        children = {str(fields[i] if fields else i): each for i, each in enumerate(value)}
    elif hasattr(value, "items") and callable(value.items):
        children = {str(key): each for key, each in value.items()}
    elif hasattr(value, "__dataclass_fields__"):
        children = {key: getattr(value, key) for key in value.__dataclass_fields__}
    found: List[Tuple[str, torch.Tensor]] = []
    for key, each in children.items():
        found += flattened(each, name + "." + key if name else key)
    return found
