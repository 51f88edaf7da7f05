"""record(): what a TFLite or LiteRT interpreter holds."""

from __future__ import annotations

import os
import warnings
from typing import Any, Dict, List, Optional, Set, Union

import numpy as np

from .dump_writer import DumpWriter, Quantization, storable
from .environment import environment
from .errors import CaptureError, CaptureWarning
from .graph import GraphRecord, Node

PathLike = Union[str, "os.PathLike[str]"]


def record(
    interpreter: Any,
    path: PathLike,
    inputs: Optional[Dict[str, Any]] = None,
    *,
    samples: int = 1,
    model: str = "",
) -> None:
    """Writes every tensor of an interpreter to the dump `path`.

    The interpreter (of tensorflow.lite, tflite_runtime or ai_edge_litert) must have been made with
    experimental_preserve_all_tensors=True, else intermediate tensors hold what overwrote them.
    `inputs` are arrays by the names of the model's inputs; their first axis is divided into
    `samples` runs. None writes what the last invoke() left. `model` is the file's name, for the
    reader. Raises CaptureError when an input is missing or does not fit.
    """
    writer = DumpWriter(path, model=model, runtime="tflite", environment=environment())
    try:
        tensors = _Tensors(interpreter)
        writer.set_json("graph", tensors.graph().to_json())
        for sample in range(samples if inputs is not None else 1):
            if inputs is not None:
                _invoke(interpreter, inputs, sample, samples)
            tensors.write(writer, sample)
            writer.checkpoint()
        writer.close()
    except CaptureError:
        writer.discard()
        raise
    except Exception as problem:
        reason = "the interpreter raised %s" % " ".join(str(problem).split())
        writer.close(partial=reason)
        raise CaptureError(reason) from problem


class _Tensors:
    """The tensors of the first subgraph, under names that are unique."""

    def __init__(self, interpreter: Any) -> None:
        self._interpreter = interpreter
        self._details = interpreter.get_tensor_details()
        self._names: Dict[int, str] = {}
        used: Set[str] = set()
        for detail in self._details:
            name = detail["name"] or "tensor"
            name = name if name not in used else "%s;%d" % (name, detail["index"])
            used.add(name)
            self._names[detail["index"]] = name
        self._inputs = [d["index"] for d in interpreter.get_input_details()]
        self._outputs = [d["index"] for d in interpreter.get_output_details()]
        ops = getattr(interpreter, "_get_ops_details", list)  # there is no public way
        self._ops: List[Dict[str, Any]] = [op for op in ops() if op["op_name"] != "DELEGATE"]
        self._made = {int(i) for op in self._ops for i in op["outputs"]}

    def graph(self) -> GraphRecord:
        """The ops in execution order; empty when the interpreter does not tell them."""
        graph = GraphRecord(
            inputs=[self._names[i] for i in self._inputs],
            outputs=[self._names[i] for i in self._outputs],
        )
        for op in self._ops:
            # An absent optional input has the index −1.
            inputs = [self._names.get(int(i), "") for i in op["inputs"]]
            outputs = [self._names[int(i)] for i in op["outputs"] if int(i) in self._names]
            graph.add(Node("%s_%d" % (op["op_name"], op["index"]), op["op_name"], inputs, outputs))
        return graph

    def write(self, writer: DumpWriter, sample: int) -> None:
        """Writes all tensors; weights with the first sample."""
        for detail in self._details:
            index = detail["index"]
            kind = self._kind(index)
            if kind == "parameter" and sample > 0:
                continue
            try:
                array = np.asarray(self._interpreter.get_tensor(index))
            except ValueError:  # never allocated: fused into a neighbour
                continue
            if not storable(array):
                text = "'%s' is not captured: dumps take no %s" % (detail["name"], array.dtype)
                warnings.warn(text, CaptureWarning)
                continue
            quantization = _quantization(detail)
            writer.write(sample, self._names[index], array, kind=kind, quantization=quantization)

    def _kind(self, index: int) -> str:
        if index in self._inputs:
            return "input"
        if index in self._outputs:
            return "output"
        is_weight = bool(self._ops) and index not in self._made
        return "parameter" if is_weight else "intermediate"


def _quantization(detail: Dict[str, Any]) -> Optional[Quantization]:
    parameters = detail.get("quantization_parameters") or {}
    scales = np.asarray(parameters.get("scales", ()))
    zero_points = np.asarray(parameters.get("zero_points", ()))
    if scales.size == 0:
        return None
    if scales.size == 1:
        return Quantization(float(scales[0]), int(zero_points[0]) if zero_points.size else 0)
    return Quantization(scales, zero_points, int(parameters.get("quantized_dimension", 0)))


def _invoke(interpreter: Any, inputs: Dict[str, Any], sample: int, samples: int) -> None:
    for detail in interpreter.get_input_details():
        if detail["name"] not in inputs:
            raise CaptureError("the input '%s' is missing" % detail["name"])
        array = np.asarray(inputs[detail["name"]])
        if array.ndim == 0 or array.shape[0] % samples:
            raise CaptureError(
                "%d samples do not divide the input '%s'" % (samples, detail["name"])
            )
        size = array.shape[0] // samples
        part = array[sample * size : (sample + 1) * size]
        interpreter.set_tensor(detail["index"], part.astype(detail["dtype"], copy=False))
    interpreter.invoke()
