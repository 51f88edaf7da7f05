"""run_onnx() with a stand-in for ONNX Runtime, whose Python package Debian does not have."""

from __future__ import annotations

import json
import unittest
from types import ModuleType, SimpleNamespace
from typing import Any, Dict, List, Optional
from unittest import mock

import numpy as np
from reading import FolderTest
from syncpoint_capture import CaptureError, run_onnx

try:
    import onnx
    from onnx import TensorProto, helper, numpy_helper
except ImportError as problem:
    raise unittest.SkipTest("onnx is not installed") from problem

OPS = {"Add": np.add, "Relu": lambda x: np.maximum(x, 0)}


class Session:
    """Computes Add and Relu."""

    def __init__(self, source: Any, options: Any, providers: List[str]) -> None:
        load = onnx.load if isinstance(source, str) else onnx.load_from_string
        self._model = load(source)
        self._options = options

    def get_outputs(self) -> List[Any]:
        return list(self._model.graph.output)

    def run(self, names: Optional[List[str]], inputs: Dict[str, Any]) -> List[Any]:
        values = dict(inputs)
        for tensor in self._model.graph.initializer:
            values[tensor.name] = numpy_helper.to_array(tensor)
        for node in self._model.graph.node:
            values[node.output[0]] = OPS[node.op_type](*(values[name] for name in node.input))
        return [values[name] for name in names or [v.name for v in self._model.graph.output]]

    def end_profiling(self) -> str:
        events = [
            {"cat": "Session", "name": "model_run", "dur": 99},
            *(
                {
                    "cat": "Node",
                    "name": "add_kernel_time",
                    "dur": dur,
                    "args": {"provider": "CPUExecutionProvider"},
                }
                for dur in (5, 7, 90)
            ),
        ]
        path = str(self._options.profile_file_prefix) + ".json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(events, file)
        return path


def runtime() -> ModuleType:
    module = ModuleType("onnxruntime")
    levels = SimpleNamespace(ORT_ENABLE_ALL=99, ORT_DISABLE_ALL=0)
    module.__dict__.update(
        __version__="1.2.3",
        SessionOptions=SimpleNamespace,
        GraphOptimizationLevel=levels,
        InferenceSession=Session,
    )
    return module


class RunOnnxTest(FolderTest):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.folder / "a.h5"
        self.model = self.folder / "net.onnx"
        graph = helper.make_graph(
            [
                helper.make_node("Add", ["x", "b"], ["sum"], "add"),
                helper.make_node("Relu", ["sum"], ["y"]),
            ],
            "net",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2])],
            [numpy_helper.from_array(np.array([1, -5], np.float32), "b")],
        )
        onnx.save(helper.make_model(graph), str(self.model))
        patched = mock.patch.dict("sys.modules", {"onnxruntime": runtime()})
        patched.start()
        self.addCleanup(patched.stop)
        self.inputs = {"x": np.array([[1, 2], [3, 9]], np.float32)}

    def test_every_value_of_every_sample_is_captured(self) -> None:
        run_onnx(self.model, self.inputs, self.path, samples=2)
        dump = self.dump()
        self.assertEqual(dump.samples[1]["sum"].tolist(), [[4.0, 4.0]])
        self.assertEqual(dump.samples[0]["y"].tolist(), [[2.0, 0.0]])
        self.assertEqual(
            [dump.kind(n) for n in ("x", "sum", "y")], ["input", "intermediate", "output"]
        )
        self.assertEqual(dump.facts["model"], "net.onnx")
        self.assertEqual(len(dump.facts["model_sha256"]), 64)
        self.assertEqual(dump.facts["runtime"], "onnxruntime 1.2.3 CPUExecutionProvider")
        self.assertEqual(dump.nodes["Relu_1"]["inputs"], ["sum"])
        self.assertEqual(dump.graph["constants"], {"b": {"dtype": "float32", "shape": [2]}})

    def test_times_and_providers_are_those_of_the_profiler(self) -> None:
        run_onnx(self.model, self.inputs, self.path, samples=2, repeat=3)
        expected = {"us": 7.0, "provider": "CPUExecutionProvider", "runs": 3}
        profile = self.dump().profile
        self.assertEqual((profile["nodes"], profile["runs"]), ({"add": expected}, 3))
        latency = profile["latency_us"]
        self.assertTrue(0 < latency["min"] <= latency["p50"] <= latency["p99"] <= latency["max"])

    def test_only_leaves_values_out(self) -> None:
        run_onnx(self.model, self.inputs, self.path, only="nothing")
        self.assertEqual(list(self.dump().samples[0]), ["x", "y"])

    def test_weights_beside_the_model_are_found(self) -> None:
        model = onnx.load(str(self.model))
        onnx.save_model(
            model, str(self.model), save_as_external_data=True, size_threshold=0, location="w.bin"
        )
        run_onnx(self.model, self.inputs, self.path, samples=2)
        self.assertEqual(self.dump().samples[1]["sum"].tolist(), [[4.0, 4.0]])
        names = sorted(file.name for file in self.folder.iterdir())
        self.assertEqual(names, ["a.h5", "net.onnx", "w.bin"])

    def test_a_run_that_fails_is_an_error_and_the_dump_is_partial(self) -> None:
        with self.assertRaisesRegex(CaptureError, "net.onnx: the runtime raised 'x'$"):
            run_onnx(self.model, {"z": self.inputs["x"]}, self.path)
        self.assertIn("partial", self.dump().facts)

    def test_what_is_missing_is_an_error_in_one_sentence(self) -> None:
        with self.assertRaisesRegex(CaptureError, "missing.onnx cannot be read: "):
            run_onnx(self.folder / "missing.onnx", self.inputs, self.path)
        with mock.patch.dict("sys.modules", {"onnxruntime": None}):
            with self.assertRaisesRegex(CaptureError, "^onnxruntime is needed .* not installed$"):
                run_onnx(self.model, self.inputs, self.path)
        self.assertEqual([file.name for file in self.folder.iterdir()], ["net.onnx"])


if __name__ == "__main__":
    unittest.main()
