"""The graph that a dump carries: ops, their edges, modules and source lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Tuple


@dataclass(frozen=True)
class Frame:
    """A line of the user's program."""

    file: str
    line: int
    function: str


@dataclass
class Node:
    """One op. `inputs` and `outputs` name values; "" is an absent optional input."""

    name: str
    op_type: str
    inputs: List[str]
    outputs: List[str]
    module: str = ""
    source: List[Frame] = field(default_factory=list)  # innermost first
    target: str = ""  # the op as it ran, where `op_type` says more than its name

    def to_json(self) -> Dict[str, Any]:
        """The node as docs/dump-format.md has it."""
        frames = [
            {"file": f.file, "line": f.line, "column": 0, "function": f.function}
            for f in self.source
        ]
        node: Dict[str, Any] = {
            "name": self.name,
            "op_type": self.op_type,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "module": self.module,
            "source": frames,
        }
        if self.target:
            node["target"] = self.target
        return node


@dataclass
class GraphRecord:
    """All ops by name, in the order in which they first ran."""

    nodes: Dict[str, Node] = field(default_factory=dict)
    inputs: List[str] = field(default_factory=list)
    outputs: List[str] = field(default_factory=list)
    module_classes: Dict[str, str] = field(default_factory=dict)  # by dotted path
    constants: Dict[str, Tuple[str, List[int]]] = field(default_factory=dict)  # type, shape

    def add_constant(self, name: str, dtype: str, shape: Iterable[int]) -> None:
        """Says that a value is a weight whose numbers are not in the dump."""
        self.constants[name] = (dtype, list(shape))

    def add(self, node: Node) -> None:
        """Adds an op; one of that name must not be there."""
        self.nodes[node.name] = node

    def to_json(self) -> Dict[str, Any]:
        """The content of the dataset /graph."""
        content: Dict[str, Any] = {
            "nodes": [node.to_json() for node in self.nodes.values()],
            "inputs": self.inputs,
            "outputs": self.outputs,
        }
        if self.module_classes:
            content["modules"] = self.module_classes
        if self.constants:
            content["constants"] = {
                name: {"dtype": dtype, "shape": shape}
                for name, (dtype, shape) in self.constants.items()
            }
        return content
