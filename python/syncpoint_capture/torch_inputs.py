"""What a PyTorch model is called with."""

from __future__ import annotations

import inspect
from typing import Any, List

from .torch_tensors import to_tensor


def argument_names(model: Any, forward: Any, count: int) -> List[str]:
    """The names of the first `count` positional arguments of forward()."""
    names: List[str] = []
    schema = getattr(forward, "schema", None)  # of scripted modules
    placeholders = getattr(getattr(model, "graph_signature", None), "user_inputs", None)
    if placeholders is not None:
        names = [str(name) for name in placeholders]
    elif schema is not None:
        names = [argument.name for argument in schema.arguments[1:]]
    else:
        try:
            parameters = list(inspect.signature(forward).parameters.values())
        except (TypeError, ValueError):  # forward() in C
            parameters = []
        positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        names = [each.name for each in parameters if each.kind in positional]
    names = names[:count]
    return names + ["input_%d" % position for position in range(len(names), count)]


def as_tensors(value: Any, name: str, device: Any) -> Any:
    """NumPy arrays in nested tuples, lists and dictionaries as tensors on a device."""
    if isinstance(value, dict):
        return {key: as_tensors(v, "%s.%s" % (name, key), device) for key, v in value.items()}
    if type(value) in (tuple, list):
        return type(value)(as_tensors(v, "%s.%d" % (name, i), device) for i, v in enumerate(value))
    return to_tensor(value, name, device)
