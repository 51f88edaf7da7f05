"""Exported programs. Their graph modules are traced here, because torch.export needs PyTorch 2.2."""

from __future__ import annotations

import operator
import unittest
from types import SimpleNamespace
from typing import Any

import numpy as np
from reading import FolderTest
from syncpoint_capture import CaptureError, save_intermediates

try:
    import torch
    import torch.fx
except ImportError as problem:
    raise unittest.SkipTest("PyTorch is not installed") from problem

TRACE = """  File "/usr/lib/net.py", line 10, in forward
    return self.encoder(x)
  File "/usr/lib/encoder.py", line 4, in forward
    y = torch.linear(x)
"""


def program() -> Any:
    """encoder.weight · x, split in two, of which the second is returned."""
    root = torch.nn.Module()
    root.encoder = torch.nn.Module()
    root.encoder.weight = torch.nn.Parameter(torch.arange(8.0).reshape(2, 4))
    graph = torch.fx.Graph()
    x = graph.placeholder("x")
    weight = graph.get_attr("encoder.weight")
    linear = graph.call_function(torch.ops.aten.linear.default, (x, weight))
    linear.meta["nn_module_stack"] = {
        "L__self__": ("", "net.Net"),
        "L__self___encoder": ("L['self'].encoder", "net.Encoder"),
    }
    linear.meta["stack_trace"] = TRACE
    split = graph.call_function(torch.ops.aten.split.Tensor, (linear, 1, 1))
    graph.call_function(operator.getitem, (split, 0))
    second = graph.call_function(operator.getitem, (split, 1))
    graph.output((second,))
    module = torch.fx.GraphModule(root, graph)
    signature = SimpleNamespace(user_inputs=("x",))
    return SimpleNamespace(graph_module=module, graph_signature=signature, module=lambda: module)


class ExportedProgramTest(FolderTest):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.folder / "a.h5"

    def test_values_have_the_names_of_the_programs_nodes(self) -> None:
        x = np.ones((2, 4), np.float32)
        save_intermediates(program(), [x], self.path, samples=2)
        dump = self.dump()
        self.assertEqual(dump.graph["inputs"], ["x"])
        self.assertEqual(dump.graph["outputs"], ["getitem_1"])
        self.assertEqual(dump.nodes["split_tensor"]["outputs"], ["getitem", "getitem_1"])
        self.assertEqual(dump.samples[1]["linear_default"].tolist(), [[6.0, 22.0]])
        self.assertEqual(dump.samples[1]["getitem_1"].tolist(), [[22.0]])
        self.assertEqual(dump.kind("getitem_1"), "output")

    def test_ops_have_module_class_and_line(self) -> None:
        save_intermediates(program(), [torch.ones(2, 4)], self.path)
        dump = self.dump()
        node = dump.nodes["linear_default"]
        self.assertEqual(node["op_type"], "aten.linear.default")
        self.assertEqual(node["inputs"], ["x", "encoder.weight"])
        self.assertEqual(node["module"], "encoder")
        self.assertEqual(dump.graph["modules"], {"encoder": "net.Encoder"})
        lines = [(frame["file"], frame["line"]) for frame in node["source"]]
        self.assertEqual(lines, [("/usr/lib/encoder.py", 4), ("/usr/lib/net.py", 10)])
        self.assertEqual(dump.kind("encoder.weight"), "parameter")

    def test_an_exception_keeps_what_was_captured(self) -> None:
        with self.assertRaisesRegex(CaptureError, "^the model raised RuntimeError: "):
            save_intermediates(program(), [torch.ones(2, 5)], self.path)
        dump = self.dump()
        self.assertIn("x", dump.samples[0])
        self.assertIn("partial", dump.facts)

    def test_a_program_of_an_old_version_is_an_error_in_one_sentence(self) -> None:
        old = program()
        del old.module
        with self.assertRaisesRegex(CaptureError, "PyTorch 2.2 or newer is needed$"):
            save_intermediates(old, [torch.ones(2, 4)], self.path)
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
