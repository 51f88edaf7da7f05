"""Records every op that a PyTorch model really executes."""

from __future__ import annotations

import os
import warnings
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from .dump_writer import DumpWriter
from .errors import CaptureWarning
from .frames import UserFrames
from .graph import GraphRecord, Node
from .selection import Selection
from .torch_modules import ModuleStack
from .torch_ops import OpPlan, op_type, plan_of, tensors_in
from .torch_tensors import flattened, stored, type_name
from .torch_values import Memory, TensorValues, Value, op_after_writes

_TORCH_FOLDER = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep


class TorchRecorder:
    """Runs a model sample by sample and writes each op's results as soon as they are there."""

    def __init__(
        self, model: torch.nn.Module, writer: DumpWriter, selection: Selection = Selection()
    ) -> None:
        self._model = model
        self._writer = writer
        self._selection = selection
        self._graph = GraphRecord()
        self._written_graph = (0, 0)
        self._frames = UserFrames((_TORCH_FOLDER,), "_call_impl")
        self._plans: Dict[Any, OpPlan] = {}
        self._modules = ModuleStack(model)
        self._parameters = dict(self._modules.tensor_names)
        self._values = TensorValues()
        self._counts: Dict[str, int] = {}
        self._reserved: Set[str] = set(self._parameters.values())
        self._unsupported: Set[str] = set()
        self.samples = 0

    @property
    def place(self) -> str:
        """The module that is running, for messages; "" for the model itself."""
        return self._modules.current

    def run(
        self,
        forward: Callable[..., Any],
        args: Tuple[Any, ...],
        kwargs: Dict[str, Any],
        names: List[str],
    ) -> Any:
        """Calls forward(*args, **kwargs) as one sample; `names` are those of `args`."""
        self._values.clear()
        self._counts.clear()
        given = dict(zip(names, args))
        for name, tensor in flattened({**given, **kwargs}, ""):
            self._add_input(name, tensor)
        with self._modules, _OpMode(self._record):
            result = forward(*args, **kwargs)
        for _, tensor in flattened(result, "output"):
            self._add_output(tensor)
        self._write_graph()
        self._writer.checkpoint()
        self.samples += 1
        return result

    def finish(self) -> None:
        """Writes what is known of the graph, also of a run that ended early."""
        self._write_graph()

    def _write_graph(self) -> None:
        size = (len(self._graph.nodes), len(self._graph.outputs))
        if size != self._written_graph:
            self._graph.module_classes = self._modules.classes
            self._writer.set_json("graph", self._graph.to_json())
            self._written_graph = size

    def _add_input(self, name: str, tensor: torch.Tensor) -> None:
        if name in self._parameters.values():
            name = "input." + name
        if name not in self._graph.inputs:
            self._graph.inputs.append(name)
            self._reserved.add(name)
        self._values.set(tensor, name)
        self._store(name, tensor, "input")

    def _add_output(self, tensor: torch.Tensor) -> None:
        name = self._read(tensor).name
        if name not in self._graph.outputs:
            self._graph.outputs.append(name)
        if self._writer.has(self.samples, name):
            self._writer.mark_output(self.samples, name)
        else:
            self._store(name, tensor, "output")

    def _record(self, op: Any, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Any:
        """Executes one op and notes what it read, wrote and made."""
        plan = self._plans.get(op)
        if plan is None:
            plan = self._plans[op] = plan_of(op)
        name = self._unique(plan.name)
        arguments = plan.arguments(args, kwargs)
        inputs: List[str] = []
        for operand, argument in zip(plan.operands, arguments):
            if operand.is_read:
                self._add_operand(inputs, argument, operand.takes_number, name, operand.name)
        while inputs and not inputs[-1]:
            inputs.pop()
        result = op(*args, **kwargs)
        outputs = self._outputs(plan, name, arguments, result)
        if name not in self._graph.nodes and outputs:
            kind = op_type(plan, args, result)
            target = plan.target if kind != plan.target else ""
            self._add_node(Node(name, kind, inputs, outputs, target=target))
        return result

    def _add_operand(
        self,
        inputs: List[str],
        argument: Any,
        takes_number: bool,
        node: str,
        name: str,
    ) -> None:
        if isinstance(argument, torch.Tensor):
            inputs.append(self._read(argument).name)
        elif isinstance(argument, (list, tuple)):
            for each in argument:
                self._add_operand(inputs, each, False, node, name)
        elif takes_number and type(argument) in (int, float):
            constant = node + "." + name
            if not self._writer.has(0, constant):
                self._writer.write(0, constant, np.asarray(float(argument)), kind="parameter")
            inputs.append(constant)
        else:
            inputs.append("")

    def _outputs(self, plan: OpPlan, node: str, arguments: List[Any], result: Any) -> List[str]:
        """Names, notes and stores what an op made: its results, or the tensors it wrote into."""
        if plan.writes:
            made = [a for o, a in zip(plan.operands, arguments) if o.is_written]
            tensors = [t for each in made for t in tensors_in(each)]
        else:
            tensors = tensors_in(result)
        viewed = self._viewed(arguments) if plan.makes_view else None
        outputs: List[str] = []
        for index, tensor in enumerate(tensors):
            if tensor is None:
                continue
            name = node if index == 0 else "%s:%d" % (node, index)
            outputs.append(name)
            if plan.writes:
                old = self._values.find(tensor)
                self._values.write(tensor, name, old.memory if old else Memory())
            else:
                self._values.set(tensor, name, viewed)
            is_weight = viewed is not None and viewed.is_parameter and not viewed.writes
            is_wanted = plan.has_content and self._selection.takes(name, plan.makes_view)
            if is_wanted and not is_weight:
                self._store(name, tensor, "intermediate")
        return outputs

    def _viewed(self, arguments: List[Any]) -> Optional[Memory]:
        base = next((a for a in arguments if isinstance(a, torch.Tensor)), None)
        value = self._values.find(base) if base is not None else None
        return value.memory if value is not None else None

    def _read(self, tensor: torch.Tensor) -> Value:
        """The value that a tensor holds now."""
        value = self._values.find(tensor)
        if value is None:
            return self._adopt(tensor)
        if not value.is_stale:
            return value
        kind, inputs = op_after_writes(value, tensor.numel())
        name = self._unique(kind.split(".")[1])
        if name not in self._graph.nodes:
            self._add_node(Node(name, kind, inputs, [name]))
        if self._selection.takes(name, is_view=True):
            self._store(name, tensor, "intermediate")
        return self._values.set(tensor, name, value.memory)

    def _adopt(self, tensor: torch.Tensor) -> Value:
        """A tensor that no recorded op made: a parameter, a buffer, or a constant of the program."""
        name = self._parameters.get(id(tensor)) or self._unique("constant")
        if not self._selection.parameters:
            self._graph.add_constant(name, type_name(tensor), tensor.shape)
        elif not self._writer.has(0, name):
            self._store(name, tensor, "parameter", sample=0)
        return self._values.set(tensor, name, Memory(is_parameter=True))

    def _add_node(self, node: Node) -> None:
        node.module = self._modules.current
        node.source = self._frames.walk()
        self._graph.add(node)

    def _unique(self, op: str) -> str:
        module = self._modules.current
        base = module + "/" + op if module else op
        while True:
            count = self._counts.get(base, 0)
            self._counts[base] = count + 1
            name = "%s_%d" % (base, count) if count else base
            if name not in self._reserved:
                return name

    def _store(
        self, name: str, tensor: torch.Tensor, kind: str, *, sample: Optional[int] = None
    ) -> None:
        found = stored(tensor)
        if found is None:
            self._warn(name, tensor)
            return
        self._writer.write(
            self.samples if sample is None else sample,
            name,
            found.array,
            kind=kind,
            dtype=found.dtype,
            quantization=found.quantization,
        )

    def _warn(self, name: str, tensor: torch.Tensor) -> None:
        reason = "%s, %s, on %s" % (tensor.dtype, tensor.layout, tensor.device.type)
        if reason not in self._unsupported:
            self._unsupported.add(reason)
            text = "'%s' and others are not captured: dumps cannot hold %s" % (name, reason)
            warnings.warn(text, CaptureWarning, stacklevel=2)


class _OpMode(TorchDispatchMode):
    """Hands every op to a function; while that runs, ops are executed as usual."""

    def __init__(self, record: Callable[[Any, Tuple[Any, ...], Dict[str, Any]], Any]) -> None:
        super().__init__()
        self._hand_over = record

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Optional[Dict[str, Any]] = None
    ) -> Any:
        return self._hand_over(func, args, kwargs or {})
