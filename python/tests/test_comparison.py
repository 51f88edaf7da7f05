"""PromptSeg captured in PyTorch and compared by syncpoint-cli with what became of it in ONNX."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any, Dict

import numpy as np
from syncpoint_capture import save_intermediates

try:
    import onnx
    import torch
    from onnx import numpy_helper
except ImportError as problem:
    raise unittest.SkipTest("PyTorch or onnx is not installed") from problem

if "SYNCPOINT_CLI" not in os.environ:
    raise unittest.SkipTest("SYNCPOINT_CLI does not name the command-line tool")

CLI = os.environ["SYNCPOINT_CLI"]
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "promptseg"
SAMPLES = 2


def promptseg() -> torch.nn.Module:
    """The example's network with the weights of its baseline.onnx."""
    spec = importlib.util.spec_from_file_location("promptseg", EXAMPLE / "promptseg.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model: torch.nn.Module = module.PromptSeg()
    state = model.state_dict()
    state.update(weights(onnx.load(str(EXAMPLE / "baseline.onnx")).graph))
    for name, tensor in state.items():  # folded into the convolution before it
        if name.endswith(("bn1.running_var", "bn2.running_var")):
            state[name] = torch.ones_like(tensor) - 1e-5
    model.load_state_dict(state)
    return model


def weights(graph: Any) -> Dict[str, torch.Tensor]:
    """Parameters by their names in PyTorch. Exporting transposed the weights of linear layers."""
    tensors = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    found = {name: tensor for name, tensor in tensors.items() if "::" not in name}
    for node in graph.node:
        for slot, suffix in ((1, "weight"), (2, "bias")):
            if len(node.input) > slot and node.input[slot].startswith("onnx::"):
                module = ".".join(node.name.strip("/").split("/")[:-1])
                tensor = tensors.get(node.input[slot])
                if tensor is not None and node.op_type in ("MatMul", "Conv"):
                    is_linear = node.op_type == "MatMul"
                    found[module + "." + suffix] = tensor.t() if is_linear else tensor
    return found


class ComparisonTest(unittest.TestCase):
    folder: Path

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        with np.load(EXAMPLE / "inputs.npz") as file:
            inputs = {name: file[name][:SAMPLES] for name in file.files}
        np.savez(cls.folder / "inputs.npz", **inputs)
        save_intermediates(promptseg(), inputs, cls.folder / "reference.h5", samples=SAMPLES)

    def cli(self, *arguments: str) -> Dict[str, Any]:
        """The JSON result of a command."""
        result = self.folder / "result.json"
        command = [CLI, *arguments, "--json", str(result), "--quiet"]
        subprocess.run(command, check=True, timeout=120, stderr=subprocess.DEVNULL)
        loaded: Dict[str, Any] = json.loads(result.read_text())
        return loaded

    def compare(self, candidate: Path) -> Dict[str, Any]:
        inputs = [] if candidate.suffix == ".h5" else ["--inputs", str(self.folder / "inputs.npz")]
        return self.cli("compare", str(self.folder / "reference.h5"), str(candidate), *inputs)

    def check_equal(self, result: Dict[str, Any]) -> None:
        self.assertGreaterEqual(result["coverage"]["ratio"], 0.95, result["unmatched"])
        for point in result["sync_points"]:
            score = point["metrics"]["psnr"]  # absent where the numbers are equal
            self.assertTrue(point["state"] == "exact" or score > 100, point)

    def test_the_exported_model_holds_the_same_numbers(self) -> None:
        self.check_equal(self.compare(EXAMPLE / "baseline.onnx"))

    def test_every_point_has_its_module_and_its_line(self) -> None:
        result = self.compare(EXAMPLE / "baseline.onnx")
        computed = [p["baseline"] for p in result["sync_points"] if p["baseline"]["node"]]
        self.assertGreater(len(computed), 100)
        for value in computed:
            self.assertTrue(value["module"], value)
            self.assertEqual(value["source"]["file"], str(EXAMPLE / "promptseg.py"))
            self.assertGreater(value["source"]["line"], 0)

    def test_dumps_of_both_sides_are_compared(self) -> None:
        dump = self.folder / "candidate.h5"
        inputs = str(self.folder / "inputs.npz")
        self.cli("run", str(EXAMPLE / "baseline.onnx"), "--inputs", inputs, "--out", str(dump))
        self.check_equal(self.compare(dump))

    def test_the_quantized_model_is_compared_op_by_op(self) -> None:
        result = self.compare(EXAMPLE / "int4.onnx")
        self.assertGreaterEqual(result["coverage"]["ratio"], 0.95)
        self.assertLess(result["outputs"][0]["metrics"]["psnr"], 40)

    def test_the_dump_stands_alone(self) -> None:
        model = self.cli("inspect", str(self.folder / "reference.h5"))["model"]
        self.assertEqual(model["diagnostics"], [])
        self.assertEqual(
            [value["name"] for value in model["inputs"]], ["pixel_values", "input_ids"]
        )
        self.assertEqual([value["shape"] for value in model["outputs"]], [[1, 1, 32, 32]])
        self.assertEqual(model["op_types"]["aten.addmm.default"], 48)
        modules = {module["path"]: module for module in model["modules"]}
        query = modules["image_encoder.blocks.3.attention.q"]
        self.assertEqual(query["class"], "torch.nn.modules.linear.Linear")
        self.assertEqual(query["parameters"], 128 * 128 + 128)


if __name__ == "__main__":
    unittest.main()
