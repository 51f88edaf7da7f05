"""TFLite interpreters and Core ML models, as stand-ins with their interfaces."""

from __future__ import annotations

import json
import unittest
from types import SimpleNamespace
from typing import Any, Dict, List
from unittest import mock

import numpy as np
from reading import FolderTest
from syncpoint_capture import CaptureError, compute_plan, coreml_scopes, record


class Interpreter:
    """y = x + w in int8, where x has the name of an inner tensor, and one tensor was never made."""

    NAMES = ["x", "w", "y", "y", "gone"]

    def __init__(self) -> None:
        self._values = {1: np.array([1, 2], np.int8)}

    def _detail(self, index: int) -> Dict[str, Any]:
        parameters = {"scales": np.array([0.5]), "zero_points": np.array([3])}
        if index == 1:
            parameters = {
                "scales": np.array([1.0, 2.0]),
                "zero_points": np.array([0, 0]),
                "quantized_dimension": 0,
            }
        return {
            "name": self.NAMES[index],
            "index": index,
            "dtype": np.int8,
            "quantization_parameters": parameters,
        }

    def get_tensor_details(self) -> List[Dict[str, Any]]:
        return [self._detail(index) for index in range(len(self.NAMES))]

    def get_input_details(self) -> List[Dict[str, Any]]:
        return [self._detail(0)]

    def get_output_details(self) -> List[Dict[str, Any]]:
        return [self._detail(3)]

    def _get_ops_details(self) -> List[Dict[str, Any]]:
        add = {"index": 0, "op_name": "ADD", "inputs": [0, 1, -1], "outputs": [2]}
        relu = {"index": 1, "op_name": "RELU", "inputs": [2], "outputs": [3]}
        return [add, relu, {"index": 2, "op_name": "DELEGATE", "inputs": [0], "outputs": [3]}]

    def set_tensor(self, index: int, value: Any) -> None:
        self._values[index] = value

    def get_tensor(self, index: int) -> Any:
        if index not in self._values:
            raise ValueError("Tensor data is null")
        return self._values[index]

    def invoke(self) -> None:
        self._values[2] = self._values[0] + self._values[1]
        self._values[3] = np.maximum(self._values[2], 0)


class TfliteTest(FolderTest):
    def test_tensors_ops_and_quantization_are_recorded(self) -> None:
        inputs = {"x": np.array([[1, -9], [3, 4]], np.int8)}
        record(Interpreter(), self.folder / "a.h5", inputs, samples=2, model="net.tflite")
        dump = self.dump()
        self.assertEqual(dump.samples[0]["y"].tolist(), [[2, -7]])
        self.assertEqual(dump.samples[0]["y;3"].tolist(), [[2, 0]])
        self.assertEqual(dump.samples[1]["y"].tolist(), [[4, 6]])
        self.assertEqual(dump.nodes["ADD_0"]["inputs"], ["x", "w", ""])
        self.assertEqual(len(dump.nodes), 2)
        self.assertEqual(dump.attributes["y"], {"scale": 0.5, "zero_point": 3})
        self.assertEqual(dump.attributes["w"]["axis"], 0)
        self.assertEqual(
            [dump.kind(n) for n in ("x", "w", "y;3")], ["input", "parameter", "output"]
        )
        self.assertNotIn("w", dump.samples[1])
        self.assertNotIn("gone", dump.samples[0])

    def test_without_inputs_the_last_run_is_recorded(self) -> None:
        interpreter = Interpreter()
        interpreter.set_tensor(0, np.array([[5, 5]], np.int8))
        interpreter.invoke()
        record(interpreter, self.folder / "a.h5")
        self.assertEqual(self.dump().samples[0]["y"].tolist(), [[6, 7]])

    def test_a_missing_input_is_an_error_in_one_sentence(self) -> None:
        with self.assertRaisesRegex(CaptureError, "^the input 'x' is missing$"):
            record(Interpreter(), self.folder / "a.h5", {"z": np.zeros(1)})
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_an_exception_keeps_what_was_captured(self) -> None:
        interpreter = Interpreter()
        broken = mock.patch.object(interpreter, "invoke", side_effect=RuntimeError("no\nmemory"))
        with broken, self.assertRaisesRegex(CaptureError, "^the interpreter raised no memory$"):
            record(interpreter, self.folder / "a.h5", {"x": np.zeros((1, 2))})
        self.assertIn("partial", self.dump().facts)


def operation(name: str, **scopes: List[str]) -> Any:
    return SimpleNamespace(
        name=name,
        op_type="conv",
        outputs=[SimpleNamespace(name=name + "_out")],
        scopes=scopes,
        blocks=[],
    )


class CoremlTest(FolderTest):
    def test_scopes_are_written_op_by_op(self) -> None:
        names = ["encoder", "", "conv"]
        inner = operation(
            "inner", TORCHSCRIPT_MODULE_NAME=names, TORCHSCRIPT_MODULE_TYPE=["Conv2d"]
        )
        outer = operation("loop", EXIR_STACK_TRACE=["net.py:3"])
        outer.blocks = [SimpleNamespace(operations=[inner])]
        functions = {"main": SimpleNamespace(operations=[outer])}
        model = SimpleNamespace(_mil_program=SimpleNamespace(functions=functions))
        path = self.folder / "scopes.json"
        self.assertEqual(coreml_scopes(model, path), 2)
        ops = json.loads(path.read_text())["ops"]
        self.assertEqual((ops[1]["module"], ops[1]["class"]), ("encoder.conv", "Conv2d"))
        self.assertEqual(ops[1]["outputs"], ["inner_out"])
        self.assertEqual(ops[0]["stack_trace"], "net.py:3")

    def test_a_loaded_model_has_no_scopes(self) -> None:
        with self.assertRaisesRegex(CaptureError, "right after convert"):
            coreml_scopes(SimpleNamespace(_mil_program=None), self.folder / "scopes.json")

    def test_the_plan_says_where_ops_run(self) -> None:
        cpu = type("MLCPUComputeDevice", (), {})()
        engine = type("MLNeuralEngineComputeDevice", (), {})()
        usage = SimpleNamespace(
            supported_compute_devices=[cpu, engine], preferred_compute_device=engine
        )
        block = SimpleNamespace(operations=[operation("a"), operation("constant")])
        program = SimpleNamespace(functions={"main": SimpleNamespace(block=block)})
        plan = SimpleNamespace(
            model_structure=SimpleNamespace(program=program),
            get_compute_device_usage_for_mlprogram_operation=lambda op: (
                usage if op.name == "a" else None
            ),
            get_estimated_cost_for_mlprogram_operation=lambda op: SimpleNamespace(weight=0.5),
        )
        module = SimpleNamespace(
            MLComputePlan=SimpleNamespace(load_from_path=lambda path: plan),
        )
        path = self.folder / "plan.json"
        with mock.patch.dict(
            "sys.modules",
            {
                "coremltools": SimpleNamespace(__path__=[]),
                "coremltools.models": SimpleNamespace(__path__=[]),
                "coremltools.models.compute_plan": module,
            },
        ):
            self.assertEqual(compute_plan("net.mlmodelc", path), 1)
        info = json.loads(path.read_text())["infos"][0]
        self.assertEqual(info["deviceUsage"]["preferred"], {"neuralEngine": {}})
        self.assertEqual(info["deviceUsage"]["supported"], [{"cpu": {}}, {"neuralEngine": {}}])
        self.assertEqual(info["estimatedCost"], 0.5)
        place = info["path"]["components"][-1]
        self.assertEqual(place, {"programOperation": {"data": {"outputName": "a_out"}}})

    def test_without_coremltools_there_is_one_sentence(self) -> None:
        with mock.patch.dict("sys.modules", {"coremltools": None}):
            with self.assertRaisesRegex(CaptureError, "is needed .* not installed$"):
                compute_plan("net.mlmodelc", self.folder / "plan.json")


if __name__ == "__main__":
    unittest.main()
