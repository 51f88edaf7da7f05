"""Side-cars for Core ML models: facts that the model file does not keep.

coremltools knows the PyTorch module and source line of an op only while it converts, and where ops
would run only on a Mac. Both functions write JSON beside the model.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, Iterator, List, Union

from .errors import CaptureError
from .packages import require

PathLike = Union[str, "os.PathLike[str]"]


def coreml_scopes(model: Any, path: PathLike) -> int:
    """Writes the scopes of a model that coremltools.convert() has just returned; how many ops.

    {"format": "syncpoint-coreml-scopes", "version": 1, "ops": [{"name", "op_type", "outputs": [],
    "module": "encoder.conv", "class": "Conv2d", "stack_trace": ""}]}, one entry per op. Raises
    CaptureError when the model was loaded from a file: the scopes are gone then.
    """
    program = getattr(model, "_mil_program", None)
    if program is None:
        raise CaptureError("the model has no program in memory: call this right after convert()")
    ops = [
        _scopes_of(op) for function in program.functions.values() for op in _operations(function)
    ]
    _write(path, {"format": "syncpoint-coreml-scopes", "version": 1, "ops": ops})
    return len(ops)


def compute_plan(model: PathLike, path: PathLike) -> int:
    """Writes where Core ML would run every op of a compiled model (.mlmodelc); how many ops.

    {"modelID", "infos": [{"deviceUsage": {"supported": [D], "preferred": D}, "estimatedCost",
    "path": {"components": [{"programOperation": {"data": {"outputName"}}}]}}]} with D one of
    {"cpu": {}}, {"gpu": {}}, {"neuralEngine": {}}; the cost is a share of the whole model. Needs
    macOS 14.4 and coremltools 8; raises CaptureError without them.
    """
    plans = require("coremltools.models.compute_plan", "to ask Core ML for its plan")
    try:
        plan = plans.MLComputePlan.load_from_path(str(model))
    except Exception as problem:
        raise CaptureError("%s cannot be planned: %s" % (model, problem)) from problem
    program = plan.model_structure.program
    if program is None:
        raise CaptureError("%s is no ML program" % model)
    infos = [
        _placement(plan, name, op)
        for name, function in program.functions.items()
        for op in function.block.operations
    ]
    infos = [info for info in infos if info]
    _write(path, {"modelID": Path(model).stem, "infos": infos})
    return len(infos)


def _operations(block: Any) -> Iterator[Any]:
    for op in block.operations:
        yield op
        for inner in getattr(op, "blocks", ()):
            yield from _operations(inner)


def _scopes_of(op: Any) -> Dict[str, Any]:
    scopes = {getattr(key, "name", str(key)): list(value) for key, value in op.scopes.items()}
    names: List[str] = scopes.get("TORCHSCRIPT_MODULE_NAME", [])
    classes: List[str] = scopes.get("TORCHSCRIPT_MODULE_TYPE", [])
    traces: List[Any] = scopes.get("EXIR_STACK_TRACE", [])
    return {
        "name": op.name,
        "op_type": op.op_type,
        "outputs": [output.name for output in op.outputs],
        "module": ".".join(name for name in names if name),
        "class": classes[-1] if classes else "",
        "stack_trace": str(traces[-1]) if traces else "",
    }


def _placement(plan: Any, function: str, op: Any) -> Dict[str, Any]:
    usage = plan.get_compute_device_usage_for_mlprogram_operation(op)
    if usage is None or not op.outputs:  # constants run nowhere
        return {}
    cost = plan.get_estimated_cost_for_mlprogram_operation(op)
    components = [
        {"program": {}},
        {"programFunction": {"data": {"name": function}}},
        {"programBlock": {"data": {"index": -1}}},
        {"programOperation": {"data": {"outputName": op.outputs[0].name}}},
    ]
    return {
        "deviceUsage": {
            "supported": [_device(each) for each in usage.supported_compute_devices],
            "preferred": _device(usage.preferred_compute_device),
        },
        "estimatedCost": None if cost is None else cost.weight,
        "path": {"components": components},
    }


def _device(device: Any) -> Dict[str, Any]:
    kind = type(device).__name__  # MLNeuralEngineComputeDevice, …
    names = {"CPU": "cpu", "GPU": "gpu", "NeuralEngine": "neuralEngine"}
    return {next((names[part] for part in names if part in kind), kind): {}}


def _write(path: PathLike, content: Dict[str, Any]) -> None:
    temporary = Path(str(path) + ".syncpoint-tmp")
    try:
        temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
        os.replace(temporary, path)
    except OSError as problem:
        temporary.unlink(missing_ok=True)
        raise CaptureError("%s cannot be written: %s" % (path, problem.strerror)) from problem
