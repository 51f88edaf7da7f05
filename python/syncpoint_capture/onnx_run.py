"""run_onnx(): runs of ONNX models by the Python package of ONNX Runtime."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import statistics
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Union

import numpy as np

from .dump_writer import DumpWriter, storable
from .environment import environment
from .errors import CaptureError, CaptureWarning
from .graph import GraphRecord, Node
from .packages import require
from .selection import Only, Selection

PathLike = Union[str, "os.PathLike[str]"]


def run_onnx(
    model: PathLike,
    inputs: Dict[str, Any],
    path: PathLike,
    *,
    providers: Sequence[str] = ("CPUExecutionProvider",),
    only: Only = None,
    samples: Optional[int] = None,
    repeat: int = 0,
) -> None:
    """Runs an ONNX file and writes every value of its main graph to the dump `path`.

    `inputs` are NumPy arrays by the names of the model's inputs. `samples`: the first axis of
    every input is divided into this many runs. `only` is a regular expression that must be found
    in a value's name. `repeat` further runs of the model as it is, timed by the runtime's profiler,
    give each op's time (median, in microseconds) and provider.

    Capturing runs the graph as given, without the runtime's optimizations. The values of one
    sample are in memory at once. Raises CaptureError when onnx or onnxruntime is missing, or the
    model cannot be loaded or run.
    """
    onnx = require("onnx", "to run an ONNX model")
    runtime = require("onnxruntime", "to run an ONNX model")
    file = Path(model)
    try:
        checksum = hashlib.sha256(file.read_bytes()).hexdigest()
        proto = onnx.load(str(file), load_external_data=False)
    except Exception as problem:
        raise CaptureError("%s cannot be read: %s" % (file, problem)) from problem
    selection = Selection.of(only, True, True)
    runs = _divide(inputs, samples)
    writer = DumpWriter(
        path,
        model=file.name,
        model_sha256=checksum,
        runtime="onnxruntime %s %s" % (runtime.__version__, providers[0]),
        environment=environment(),
    )
    try:
        writer.set_json("graph", _graph_of(proto).to_json())
        with _tapped(proto, file) as source:
            session = _session(runtime, source, providers, optimize=False)
            for sample, run in enumerate(runs):
                _capture(session, run, writer, sample, selection, proto)
                writer.checkpoint()
        if repeat > 0:
            writer.set_json("profile", _profile(runtime, file, providers, runs[0], repeat))
        writer.close()
    except CaptureError:
        writer.discard()
        raise
    except Exception as problem:
        reason = "the runtime raised %s" % " ".join(str(problem).split())
        writer.close(partial=reason)
        raise CaptureError("%s: %s" % (file, reason)) from problem


def _divide(inputs: Dict[str, Any], samples: Optional[int]) -> List[Dict[str, Any]]:
    arrays = {name: np.asarray(array) for name, array in inputs.items()}
    for name, array in arrays.items():
        if samples and (array.ndim == 0 or array.shape[0] % samples):
            raise CaptureError("%d samples do not divide the input '%s'" % (samples, name))
    if not samples:
        return [arrays]
    parts = {name: np.split(array, samples) for name, array in arrays.items()}
    return [{name: part[i] for name, part in parts.items()} for i in range(samples)]


def _graph_of(proto: Any) -> GraphRecord:
    weights = {tensor.name for tensor in proto.graph.initializer}
    graph = GraphRecord(
        inputs=[v.name for v in proto.graph.input if v.name not in weights],
        outputs=[v.name for v in proto.graph.output],
    )
    for index, node in enumerate(proto.graph.node):
        name = node.name or "%s_%d" % (node.op_type, index)
        while name in graph.nodes:
            name += "_%d" % index
        graph.add(Node(name, node.op_type, list(node.input), list(node.output)))
    for tensor in proto.graph.initializer:
        graph.add_constant(tensor.name, _type_name(tensor.data_type), tensor.dims)
    return graph


def _type_name(onnx_type: int) -> str:
    """The element type of a TensorProto, as dumps name it; "" for others."""
    names = {1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64"}
    names.update({9: "bool", 10: "float16", 11: "float64", 12: "uint32", 13: "uint64"})
    names.update({16: "bfloat16", 17: "float8_e4m3fn", 19: "float8_e5m2", 21: "uint4", 22: "int4"})
    return names.get(onnx_type, "")


@contextlib.contextmanager
def _tapped(proto: Any, file: Path) -> Iterator[Any]:
    """The model with every value as an output: bytes, or a file beside the model when weights lie
    beside it."""
    tapped = type(proto)()
    tapped.CopyFrom(proto)
    known = {value.name for value in tapped.graph.output}
    for node in proto.graph.node:
        for name in node.output:
            if name and name not in known:
                tapped.graph.output.add().name = name
                known.add(name)
    if not any(tensor.external_data for tensor in proto.graph.initializer):
        yield tapped.SerializeToString()
        return
    handle, name = tempfile.mkstemp(suffix=".onnx.syncpoint-tmp", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(tapped.SerializeToString())
        yield name
    finally:
        os.unlink(name)


def _session(
    runtime: Any, source: Any, providers: Sequence[str], *, optimize: bool, profile: str = ""
) -> Any:
    options = runtime.SessionOptions()
    levels = runtime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if optimize else levels.ORT_DISABLE_ALL
    if profile:
        options.enable_profiling = True
        options.profile_file_prefix = profile
    return runtime.InferenceSession(source, options, providers=list(providers))


def _capture(
    session: Any,
    inputs: Dict[str, Any],
    writer: DumpWriter,
    sample: int,
    selection: Selection,
    proto: Any,
) -> None:
    results = {value.name for value in proto.graph.output}
    every = [value.name for value in session.get_outputs()]
    wanted = [n for n in every if n in results or selection.takes(n, is_view=False)]
    for name, array in inputs.items():
        writer.write(sample, name, array, kind="input")
    for name, value in zip(wanted, session.run(wanted, inputs)):
        if not isinstance(value, np.ndarray) or not storable(value):
            warnings.warn("'%s' is not captured: it is no array of numbers" % name, CaptureWarning)
        elif not writer.has(sample, name):
            kind = "output" if name in results else "intermediate"
            writer.write(sample, name, value, kind=kind)


def _profile(
    runtime: Any, file: Path, providers: Sequence[str], inputs: Dict[str, Any], repeat: int
) -> Dict[str, Any]:
    """Times and providers per op, as docs/dump-format.md has them."""
    with tempfile.TemporaryDirectory() as folder:
        prefix = os.path.join(folder, "profile")
        session = _session(runtime, str(file), providers, optimize=True, profile=prefix)
        for _ in range(repeat):
            session.run(None, inputs)
        with open(session.end_profiling(), encoding="utf-8") as text:
            events = json.load(text)
    times: Dict[str, List[float]] = {}
    providers_by_op: Dict[str, str] = {}
    for event in events:
        name = event.get("name", "")
        if event.get("cat") == "Node" and name.endswith("_kernel_time"):
            op = name[: -len("_kernel_time")]
            times.setdefault(op, []).append(float(event.get("dur", 0)))
            providers_by_op[op] = event.get("args", {}).get("provider", "")
    nodes = {
        op: {"us": statistics.median(each), "provider": providers_by_op[op], "runs": len(each)}
        for op, each in times.items()
    }
    latency = _latency(runtime, file, providers, inputs, repeat)
    return {"nodes": nodes, "runs": repeat, "latency_us": latency}


def _latency(
    runtime: Any, file: Path, providers: Sequence[str], inputs: Dict[str, Any], repeat: int
) -> Dict[str, float]:
    """Of runs without the profiler, in microseconds, after one that warms up."""
    session = _session(runtime, str(file), providers, optimize=True)
    session.run(None, inputs)
    times = np.empty(repeat)
    for run in range(repeat):
        start = time.perf_counter()
        session.run(None, inputs)
        times[run] = 1e6 * (time.perf_counter() - start)
    summary = {"p%d" % share: float(np.percentile(times, share)) for share in (50, 90, 95, 99)}
    moments = {"mean": times.mean(), "stdev": times.std(), "min": times.min(), "max": times.max()}
    return {**summary, **{name: float(value) for name, value in moments.items()}}
