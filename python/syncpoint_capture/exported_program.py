"""Runs of torch.export programs: op by op, under the names of the program's own graph."""

from __future__ import annotations

import operator
import os
import re
from typing import Any, Dict, List, Set, Tuple

import torch
import torch.fx
from torch.utils._pytree import tree_flatten

from .dump_writer import DumpWriter
from .errors import CaptureError
from .graph import Frame, GraphRecord, Node
from .selection import Selection
from .torch_ops import plan_of
from .torch_tensors import stored, type_name

_TORCH_FOLDER = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep
_FRAME = re.compile(r'File "([^"]+)", line (\d+), in (\S+)')
_ROOT = re.compile(r"^(L\['self'\]|L__self__|self)\.?")


class ExportedRecorder:
    """Interprets the program's graph; ops and values have the names of its fx nodes."""

    def __init__(self, program: Any, writer: DumpWriter, selection: Selection) -> None:
        if not hasattr(program, "module"):
            raise CaptureError(
                "the exported program has no module(): PyTorch 2.2 or newer is needed"
            )
        self._module = program.module()
        self._writer = writer
        self._selection = selection
        self._graph = GraphRecord()
        self._names: Dict[torch.fx.Node, List[str]] = {}
        self._outputs: Set[str] = set()
        self.place = ""
        self.samples = 0

    def run(
        self, forward: Any, args: Tuple[Any, ...], kwargs: Dict[str, Any], names: List[str]
    ) -> Any:
        """Runs the program once, as one sample. `forward` and `names` are the program's own."""
        del forward, names
        leaves, _ = tree_flatten((args, kwargs))
        self._name_values()
        result = _Interpreter(self._module, self).run(*leaves, enable_io_processing=False)
        self.finish()
        self._writer.checkpoint()
        self.samples += 1
        return result

    def finish(self) -> None:
        """Writes the graph."""
        if self.samples == 0:
            self._writer.set_json("graph", self._graph.to_json())

    def note(self, node: torch.fx.Node, result: Any) -> None:
        """Takes what a node of the graph has made."""
        if node.op == "output":
            return
        if self.samples == 0:
            self._add_node(node)
        kind = {"placeholder": "input", "get_attr": "parameter"}.get(node.op, "intermediate")
        if kind == "parameter" and self.samples > 0:
            return
        if kind == "parameter" and not self._selection.parameters:
            self._graph.add_constant(self._names[node][0], type_name(result), result.shape)
            return
        if node.target is operator.getitem:
            return
        is_view = _is_view(node)
        values = result if isinstance(result, (tuple, list)) else [result]
        for name, value in zip(self._names[node], values):
            if not isinstance(value, torch.Tensor):
                continue
            own_kind = "output" if name in self._outputs else kind
            if own_kind != "intermediate" or self._selection.takes(name, is_view):
                self._store(name, value, own_kind)

    def _name_values(self) -> None:
        """A result of several tensors has the names of the getitem nodes that take them out."""
        for node in self._module.graph.nodes:
            taken = [u for u in node.users if u.target is operator.getitem]
            if node.op == "get_attr":
                self._names[node] = [str(node.target)]
            elif node.target is operator.getitem:
                source, index = node.args
                self._names[node] = [self._names[source][index]]
            elif taken and len(taken) == len(node.users):
                count = 1 + max(int(user.args[1]) for user in taken)
                names = ["%s:%d" % (node.name, index) for index in range(count)]
                for user in taken:
                    names[int(user.args[1])] = user.name
                self._names[node] = names
            else:
                self._names[node] = [node.name]
        output = next(node for node in self._module.graph.nodes if node.op == "output")
        results: List[str] = []
        torch.fx.map_arg(output.args, lambda node: results.extend(self._names[node]))
        self._graph.outputs = list(dict.fromkeys(results))
        self._outputs = set(results)

    def _add_node(self, node: torch.fx.Node) -> None:
        if node.op == "placeholder":
            self._graph.inputs.append(node.name)
        if node.op in ("placeholder", "get_attr") or node.target is operator.getitem:
            return
        path, classes = _modules_of(node)
        self._graph.module_classes.update(classes)
        self.place = path
        inputs = [name for used in node.all_input_nodes for name in self._names[used]]
        kind = _op_type(self._module, node)
        self._graph.add(Node(node.name, kind, inputs, self._names[node], path, _frames_of(node)))

    def _store(self, name: str, tensor: torch.Tensor, kind: str) -> None:
        found = stored(tensor)
        if found is not None and not self._writer.has(self.samples, name):
            self._writer.write(
                self.samples,
                name,
                found.array,
                kind=kind,
                dtype=found.dtype,
                quantization=found.quantization,
            )


class _Interpreter(torch.fx.Interpreter):
    def __init__(self, module: torch.fx.GraphModule, recorder: ExportedRecorder) -> None:
        super().__init__(module)
        self._recorder = recorder

    def run_node(self, n: torch.fx.Node) -> Any:
        result = super().run_node(n)
        self._recorder.note(n, result)
        return result


def _is_view(node: torch.fx.Node) -> bool:
    return isinstance(node.target, torch._ops.OpOverload) and plan_of(node.target).makes_view


def _op_type(module: torch.nn.Module, node: torch.fx.Node) -> str:
    if node.op == "call_module":
        return type(module.get_submodule(str(node.target))).__name__
    if node.op == "call_method" or isinstance(node.target, str):
        return "aten.%s" % node.target
    if isinstance(node.target, torch._ops.OpOverload):
        return str(node.target)
    return "aten.%s" % getattr(node.target, "__name__", node.target)


def _modules_of(node: torch.fx.Node) -> Tuple[str, Dict[str, str]]:
    """Dotted path of the op's module, and the classes of all modules around it."""
    classes = {}
    path = ""
    for entry in (node.meta.get("nn_module_stack") or {}).values():
        path, kind = entry if isinstance(entry, tuple) else (str(entry), "")
        path = _ROOT.sub("", path)
        if path:
            name = kind if isinstance(kind, str) else "%s.%s" % (kind.__module__, kind.__qualname__)
            classes[path] = name
    return path, {key: name for key, name in classes.items() if name}


def _frames_of(node: torch.fx.Node) -> List[Frame]:
    found = _FRAME.findall(node.meta.get("stack_trace") or "")
    frames = [Frame(file, int(line), function) for file, line, function in found]
    return [f for f in reversed(frames) if not f.file.startswith((_TORCH_FOLDER, "<"))]
