"""Which value of the graph a tensor is, through views and in-place ops."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Tuple

import torch


@dataclass
class Memory:
    """What views of one tensor share."""

    is_parameter: bool = False
    writes: List["Value"] = field(default_factory=list)  # values that in-place ops made


@dataclass
class Value:
    """A value of the graph as one tensor object holds it."""

    name: str
    elements: int
    memory: Memory
    seen: int = 0  # how many of the memory's writes the value includes

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
        shared = memory if memory is not None else Memory()
        value = Value(name, tensor.numel(), shared, len(shared.writes))
        self._values[id(tensor)] = (weakref.ref(tensor), value)
        return value

    def write(self, tensor: torch.Tensor, name: str, memory: Memory) -> None:
        """Says that an in-place op made the tensor, and the memory behind it, hold `name`."""
        value = Value(name, tensor.numel(), memory, len(memory.writes) + 1)
        memory.writes.append(value)
        self._values[id(tensor)] = (weakref.ref(tensor), value)

    def clear(self) -> None:
        """Forgets all."""
        self._values.clear()


def op_after_writes(value: Value, elements: int) -> Tuple[str, List[str]]:
    """The op that stands for reading a stale tensor of `elements` elements: its type and operands."""
    new = value.memory.writes[value.seen :]
    if len(new) == 1 and new[0].elements == elements:
        return "aten.view.default", [new[0].name]
    if len(new) == 1 and new[0].elements > elements:
        return "aten.as_strided.default", [new[0].name]
    return "aten.as_strided_scatter.default", [value.name, *(each.name for each in new)]
