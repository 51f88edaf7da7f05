"""Which value of the graph a tensor is, through views and in-place ops."""

from __future__ import annotations

import weakref
from typing import Dict, List, Optional, Tuple

import torch


class Memory:
    """What views of one tensor share."""

    __slots__ = ("is_parameter", "writes")

    def __init__(self, is_parameter: bool = False) -> None:
        self.is_parameter = is_parameter
        self.writes: List[Tuple[str, int]] = []  # values that in-place ops made: name, elements


class Value:
    """A value of the graph as one tensor object holds it."""

    __slots__ = ("name", "memory", "seen")

    def __init__(self, name: str, memory: Memory) -> None:
        self.name = name
        self.memory = memory
        self.seen = len(memory.writes)  # how many of the writes the value includes

    @property
    def is_stale(self) -> bool:
        """Whether the memory was written to through another tensor since."""
        return self.seen != len(self.memory.writes)


class TensorValues:
    """Values by tensor object. Tensors are not kept alive."""

    def __init__(self) -> None:
        self._values: Dict[int, Tuple["weakref.ref[torch.Tensor]", Value]] = {}

    def find(self, tensor: torch.Tensor) -> Optional[Value]:
        """The value that was set for this very object."""
        entry = self._values.get(id(tensor))
        return entry[1] if entry is not None and entry[0]() is tensor else None

    def set(self, tensor: torch.Tensor, name: str, memory: Optional[Memory] = None) -> Value:
        """Says that the tensor now holds the value `name`; `memory` when it is a view."""
        value = Value(name, memory if memory is not None else Memory())
        self._values[id(tensor)] = (weakref.ref(tensor), value)
        return value

    def write(self, tensor: torch.Tensor, name: str, memory: Memory) -> None:
        """Says that an in-place op made the tensor, and the memory behind it, hold `name`."""
        memory.writes.append((name, tensor.numel()))
        self.set(tensor, name, memory)

    def clear(self) -> None:
        """Forgets all."""
        self._values.clear()


def op_after_writes(value: Value, elements: int) -> Tuple[str, List[str]]:
    """The op that stands for reading a stale tensor of `elements` elements: its type and operands."""
    new = value.memory.writes[value.seen :]
    names = [name for name, _ in new]
    if len(new) > 1 or new[0][1] < elements:
        return "aten.as_strided_scatter.default", [value.name, *names]
    return "aten.%s.default" % ("view" if new[0][1] == elements else "as_strided"), names
