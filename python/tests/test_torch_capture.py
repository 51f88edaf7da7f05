"""What is captured of PyTorch models, and what when they fail."""

from __future__ import annotations

import resource
import signal
import unittest
import warnings
from collections import namedtuple
from typing import Any, Dict
from unittest import mock

import numpy as np
from reading import FolderTest
from syncpoint_capture import CaptureError, CaptureWarning, capture, save_intermediates

try:
    import torch
    from torch import nn
except ImportError as problem:
    raise unittest.SkipTest("PyTorch is not installed") from problem

HERE = __file__


class Net(nn.Module):
    """Control flow, a shared module called twice, a buffer, an in-place op, a dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = nn.Linear(4, 4)
        self.register_buffer("offset", torch.arange(4.0))
        self.norm = nn.BatchNorm1d(4)

    def forward(self, x: torch.Tensor, twice: bool = True) -> Dict[str, Any]:
        y = self.shared(x)
        if twice and y.sum() < 1e9:
            y = self.shared(y)
        y += self.offset
        return {"hidden": y, "pair": (self.norm(y), x)}


class InPlace(nn.Module):
    """Writes through views."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x * 2
        y.view(-1).add_(1)  # all of y
        a = y * 3
        y[0] = 5  # a part of y
        row = y[1]
        y.relu_()  # all of row
        return a + y + row


class Types(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x.to(torch.bfloat16).exp()
        z = x.to(torch.complex64) * 2
        q = torch.quantize_per_tensor(x, 0.5, 3, torch.quint8)
        values, indices = torch.max(q.dequantize(), 0)
        return y.float() + z.real + values + indices


class Failing(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.ReLU()
        self.second = nn.Linear(5, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.second(self.first(x))


class SaveIntermediatesTest(FolderTest):
    def setUp(self) -> None:
        super().setUp()
        torch.manual_seed(0)
        self.path = self.folder / "a.h5"

    def test_ops_have_module_line_edges_and_results(self) -> None:
        net = Net()
        x = torch.randn(3, 4)
        result = save_intermediates(net, x, self.path)
        dump = self.dump()
        tensors = dump.samples[0]
        self.assertEqual(dump.modules("aten.addmm.default"), ["shared", "shared"])
        node = dump.nodes["shared/addmm_1"]
        self.assertEqual(node["inputs"], ["shared.bias", "shared/addmm", "shared/t_1"])
        frame = node["source"][0]
        self.assertEqual((frame["file"], frame["function"]), (HERE, "forward"))
        with open(HERE, encoding="utf-8") as text:
            self.assertIn("y = self.shared(y)", text.readlines()[frame["line"] - 1])
        self.assertEqual(len(node["source"]), 1)  # what called the model is no part of it
        self.assertEqual(dump.graph["modules"]["shared"], "torch.nn.modules.linear.Linear")
        np.testing.assert_array_equal(tensors["norm/native_batch_norm"], result["pair"][0])
        self.assertEqual(tensors["norm/native_batch_norm"].dtype, np.float32)

    def test_inputs_outputs_and_parameters_are_marked(self) -> None:
        net = Net()
        save_intermediates(net, [np.ones((3, 4), np.float32)], self.path)
        dump = self.dump()
        self.assertEqual(dump.graph["inputs"], ["x"])
        self.assertEqual(dump.graph["outputs"], ["add", "norm/native_batch_norm", "x"])
        kinds = {name: dump.kind(name) for name in dump.samples[0]}
        self.assertEqual([n for n, kind in kinds.items() if kind == "input"], ["x"])
        outputs = [n for n, kind in kinds.items() if kind == "output"]
        self.assertEqual(outputs, ["add", "norm/native_batch_norm"])
        weights = {"offset", *(name for name, _ in net.named_parameters())}
        self.assertLessEqual(weights, {n for n, kind in kinds.items() if kind == "parameter"})
        np.testing.assert_array_equal(
            dump.samples[0]["shared.weight"], net.shared.weight.detach().numpy()
        )

    def test_in_place_ops_through_views_make_new_values(self) -> None:
        x = torch.tensor([[1.0, -2.0], [-3.0, 4.0]])
        result = save_intermediates(InPlace(), x, self.path)
        np.testing.assert_array_equal(result, InPlace()(x))
        dump = self.dump()
        tensors, nodes = dump.samples[0], dump.nodes
        np.testing.assert_array_equal(tensors["mul"], x * 2)  # as it was before it was changed
        np.testing.assert_array_equal(tensors["add"], (x * 2 + 1).flatten())
        whole = nodes[nodes["mul_1"]["inputs"][0]]
        self.assertEqual((whole["op_type"], whole["inputs"]), ("aten.view.default", ["add"]))
        part = nodes[nodes["relu"]["inputs"][0]]
        self.assertEqual(part["op_type"], "aten.as_strided_scatter.default")
        self.assertEqual(tensors[part["name"]][0].tolist(), [5, 5])
        row = nodes[nodes["add_2"]["inputs"][1]]
        self.assertEqual((row["op_type"], row["inputs"]), ("aten.as_strided.default", ["relu"]))
        np.testing.assert_array_equal(tensors[row["name"]], tensors["relu"][1])

    def test_types_keep_their_bits(self) -> None:
        x = torch.tensor([1.0, 2.0, 3.0])
        save_intermediates(Types(), x, self.path)
        dump = self.dump()
        self.assertEqual(dump.attributes["exp"], {"dtype": "bfloat16"})
        bits = x.to(torch.bfloat16).exp().float().numpy().view(np.uint32) >> 16
        np.testing.assert_array_equal(dump.samples[0]["exp"], bits)
        self.assertEqual(dump.samples[0]["mul"].dtype, np.complex64)
        quantized = dump.attributes["quantize_per_tensor"]
        self.assertEqual(quantized, {"scale": 0.5, "zero_point": 3})
        self.assertEqual(dump.nodes["max"]["outputs"], ["max", "max:1"])
        self.assertEqual(dump.samples[0]["max:1"].dtype, np.int64)

    def test_a_type_that_dumps_lack_is_left_out_with_a_warning(self) -> None:
        class Sparse(nn.Module):
            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return torch.relu(x.to_sparse().to_dense())

        with self.assertWarnsRegex(CaptureWarning, "dumps cannot hold torch.float32, torch.sparse"):
            save_intermediates(Sparse(), torch.ones(2, 2), self.path)
        self.assertIn("relu", self.dump().samples[0])

    def test_numbers_that_ops_read_are_constants(self) -> None:
        class Scaled(nn.Module):
            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return (x * 0.25 + 1).pow(2)

        save_intermediates(Scaled(), torch.ones(2), self.path)
        dump = self.dump()
        self.assertEqual(dump.nodes["mul"]["inputs"], ["x", "mul.other"])
        self.assertEqual(dump.samples[0]["mul.other"], 0.25)
        self.assertEqual(dump.kind("pow.exponent"), "parameter")

    def test_ops_have_the_operands_of_the_formats_they_are_compared_with(self) -> None:
        class Masked(nn.Module):
            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return (1 - x).masked_fill_(x > 0, -5.0)

        save_intermediates(Masked(), torch.ones(2), self.path)
        nodes = self.dump().nodes
        self.assertEqual(nodes["rsub"]["op_type"], "aten.sub.Tensor")
        self.assertEqual(nodes["rsub"]["inputs"], ["rsub.other", "x"])
        self.assertEqual(nodes["rsub"]["target"], "aten.rsub.Scalar")
        self.assertEqual(nodes["masked_fill"]["op_type"], "aten.where.self")
        self.assertEqual(nodes["masked_fill"]["inputs"], ["gt", "masked_fill.value", "rsub"])

    def test_samples_divide_the_first_axis(self) -> None:
        x = np.arange(24, dtype=np.float32).reshape(6, 4)
        save_intermediates(Net(), {"x": x}, self.path, samples=3)
        dump = self.dump()
        self.assertEqual(dump.facts["samples"], 3)
        for index, sample in enumerate(dump.samples):
            np.testing.assert_array_equal(sample["x"], x[2 * index : 2 * index + 2])
            self.assertEqual("shared.weight" in sample, index == 0)
        with self.assertRaisesRegex(CaptureError, "^4 samples do not divide"):
            save_intermediates(Net(), x, self.path, samples=4)

    def test_only_leaves_out_values_but_not_ops(self) -> None:
        save_intermediates(Net(), torch.ones(3, 4), self.path, only="^norm/", parameters=False)
        dump = self.dump()
        self.assertEqual(len(dump.modules("aten.addmm.default")), 2)
        weight = {"dtype": "float32", "shape": [4, 4]}
        self.assertEqual(dump.graph["constants"]["shared.weight"], weight)
        stored = set(dump.samples[0]) - {"lt.other"}  # a number, not a weight
        self.assertLess({"x", "add", "norm/native_batch_norm"}, stored)
        self.assertTrue(all(n in ("x", "add") or n.startswith("norm/") for n in stored), stored)

    def test_views_can_be_left_out_unless_they_are_outputs(self) -> None:
        class Views(nn.Module):
            def forward(self, x: torch.Tensor) -> Any:
                y = (x + 1).reshape(4, 2).transpose(0, 1)
                return y[0], torch.relu(y.clone())

        save_intermediates(Views(), torch.ones(2, 4), self.path, views=False)
        dump = self.dump()
        self.assertEqual(set(dump.samples[0]), {"x", "add.other", "add", "clone", "select", "relu"})
        self.assertEqual(dump.nodes["relu"]["inputs"], ["clone"])
        self.assertEqual(dump.nodes["clone"]["inputs"], ["transpose"])

    def test_nested_inputs_are_named_by_their_path(self) -> None:
        Pair = namedtuple("Pair", "left right")

        class Nested(nn.Module):
            def forward(self, pair: Any, *, more: Dict[str, Any]) -> Any:
                return Pair(pair[0] + more["z"][0], pair[1])

        ones = np.ones(2, np.float32)
        inputs = {"pair": [ones, ones], "more": {"z": (ones,)}}
        save_intermediates(Nested(), inputs, self.path)
        self.assertEqual(self.dump().graph["inputs"], ["pair.0", "pair.1", "more.z.0"])

    def test_gradients_mode_and_training_are_as_before(self) -> None:
        net = Net()
        net.norm.eval()
        result = save_intermediates(net, torch.ones(3, 4), self.path)
        self.assertTrue(net.training and net.shared.training)
        self.assertFalse(net.norm.training)
        self.assertFalse(result["hidden"].requires_grad)
        self.assertEqual(len(net.shared._forward_hooks), 0)

    def test_the_seed_makes_runs_equal(self) -> None:
        class Noisy(nn.Module):
            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return x + torch.rand(3)

        results = [save_intermediates(Noisy(), torch.ones(3), self.path, seed=5) for _ in "ab"]
        np.testing.assert_array_equal(*results)
        self.assertEqual(self.dump().facts["seed"], 5)

    def test_scripted_modules_are_captured(self) -> None:
        scripted = torch.jit.script(nn.Sequential(nn.Linear(4, 4), nn.ReLU()))
        x = torch.randn(2, 4)
        result = save_intermediates(scripted, [x], self.path)
        dump = self.dump()
        self.assertEqual(dump.facts["model"], "Sequential")
        np.testing.assert_array_equal(dump.samples[0]["relu"], result.numpy())

    def test_temporary_tensors_are_known_when_the_collector_runs(self) -> None:
        import gc

        before = gc.get_threshold()
        gc.set_threshold(1)
        self.addCleanup(gc.set_threshold, *before)
        block = nn.TransformerDecoderLayer(8, 2, 16)
        save_intermediates(block, [torch.randn(3, 1, 8), torch.randn(3, 1, 8)], self.path)
        self.assertEqual([name for name in self.dump().samples[0] if "constant" in name], [])


class FailureTest(FolderTest):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.folder / "a.h5"

    def test_an_exception_in_the_model_keeps_what_was_captured(self) -> None:
        with self.assertRaises(CaptureError) as caught:
            save_intermediates(Failing(), torch.ones(2, 4), self.path)
        message = str(caught.exception)
        self.assertRegex(message, r"^the model raised RuntimeError: .* in the module 'second'; ")
        self.assertNotIn("\n", message)
        dump = self.dump()
        self.assertRegex(dump.facts["partial"], "^the model raised RuntimeError")
        self.assertIn("first/relu", dump.samples[0])
        self.assertIn("first/relu", dump.nodes)

    def test_an_interrupted_run_keeps_what_was_captured(self) -> None:
        net = nn.Sequential(nn.ReLU())
        net.register_forward_hook(mock.Mock(side_effect=KeyboardInterrupt))
        with self.assertRaises(KeyboardInterrupt):
            save_intermediates(net, torch.ones(2), self.path)
        self.assertEqual(self.dump().facts["partial"], "the run was interrupted")

    def test_a_file_that_cannot_be_written_is_an_error_in_one_sentence(self) -> None:
        with self.assertRaisesRegex(CaptureError, "missing/a.h5 cannot be written: No such file"):
            save_intermediates(Net(), torch.ones(3, 4), self.folder / "missing" / "a.h5")

    def test_a_disk_that_fills_up_is_not_taken_for_the_models_fault(self) -> None:
        class Stubborn(nn.Module):
            def forward(self, x: torch.Tensor) -> torch.Tensor:
                for _ in range(64):
                    try:
                        x = x + 1
                    except Exception:
                        pass
                return x

        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGXFSZ, handler)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_FSIZE, before)
        models = [Stubborn(), torch.jit.script(nn.Sequential(*(nn.ReLU() for _ in range(64))))]
        for model in models:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 22, before[1]))
            with self.assertRaisesRegex(CaptureError, "a.h5 cannot be written: File too large$"):
                save_intermediates(model, torch.ones(1 << 16), self.path)
            self.assertEqual(list(self.folder.iterdir()), [])

    def test_wrong_models_and_inputs_are_errors_in_one_sentence(self) -> None:
        with self.assertRaisesRegex(CaptureError, "must be a torch.nn.Module .*, not str$"):
            save_intermediates("model.onnx", torch.ones(1), self.path)
        with self.assertRaisesRegex(CaptureError, r"^'\(' is no regular expression: missing"):
            save_intermediates(Net(), torch.ones(1), self.path, only="(")
        with self.assertRaisesRegex(CaptureError, "^the input 'x' has the element type <U4$"):
            save_intermediates(Net(), np.array(["text"]), self.path)
        with self.assertRaisesRegex(CaptureError, "uint16, which PyTorch lacks$"):
            if hasattr(torch, "uint16"):
                raise CaptureError("uint16, which PyTorch lacks")
            save_intermediates(Net(), np.ones(3, np.uint16), self.path)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_without_pytorch_there_is_one_sentence(self) -> None:
        with mock.patch.dict("sys.modules", {"torch": None}):
            with self.assertRaisesRegex(CaptureError, "^torch is needed to capture a model"):
                save_intermediates(None, None, self.path)


class CaptureTest(FolderTest):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.folder / "a.h5"

    def test_every_call_is_a_sample(self) -> None:
        net = Net().eval()
        with capture(net, self.path, steps=2):
            x = torch.ones(1, 4)
            for _ in range(3):
                x = net(x=x)["hidden"]
        self.assertNotIn("forward", vars(net))
        dump = self.dump()
        self.assertEqual(dump.facts["samples"], 2)
        np.testing.assert_array_equal(dump.samples[1]["x"], dump.samples[0]["add"])
        self.assertEqual(dump.graph["inputs"], ["x"])

    def test_a_forward_that_was_replaced_is_put_back(self) -> None:
        net = nn.ReLU()
        net.forward = own = lambda x: torch.relu(x) + 1
        with capture(net, self.path):
            net(torch.ones(1, 4))
        self.assertIs(net.forward, own)
        self.assertIn("add", self.dump().samples[0])

    def test_other_branches_add_their_ops(self) -> None:
        net = Net().eval()
        with capture(net, self.path):
            net(torch.ones(1, 4), twice=False)
            net(torch.ones(1, 4))
        dump = self.dump()
        self.assertNotIn("shared/addmm_1", dump.samples[0])
        self.assertIn("shared/addmm_1", dump.samples[1])
        self.assertIn("shared/addmm_1", dump.nodes)

    def test_gradients_still_flow(self) -> None:
        net = Net()
        with capture(net, self.path):
            net(torch.ones(3, 4))["hidden"].sum().backward()
        self.assertIsNotNone(net.shared.weight.grad)
        self.assertIn("add", self.dump().samples[0])

    def test_an_exception_goes_on_and_the_dump_is_partial(self) -> None:
        net = Net().eval()
        with self.assertRaises(ZeroDivisionError):
            with capture(net, self.path):
                net(torch.ones(1, 4))
                raise ZeroDivisionError
        dump = self.dump()
        self.assertEqual(dump.facts["partial"], "the run raised ZeroDivisionError")
        self.assertEqual(len(dump.samples), 1)
        self.assertNotIn("forward", vars(net))


if __name__ == "__main__":
    warnings.simplefilter("error", CaptureWarning)
    unittest.main()
