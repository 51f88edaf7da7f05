"""python -m syncpoint_capture"""

from __future__ import annotations

import contextlib
import io
import unittest
from typing import Tuple

import numpy as np
from reading import FolderTest
from syncpoint_capture.__main__ import main

try:
    import torch  # noqa: F401
except ImportError as problem:
    raise unittest.SkipTest("PyTorch is not installed") from problem

PROGRAM = """
import torch
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(2, 2)
    def forward(self, x):
        return self.linear(x)
def broken():
    raise ValueError("no weights")
net = Net()
"""


class CommandLineTest(FolderTest):
    def setUp(self) -> None:
        super().setUp()
        (self.folder / "net.py").write_text(PROGRAM, encoding="utf-8")
        np.savez(self.folder / "x.npz", x=np.ones((4, 2), np.float32))
        weights = {"linear.weight": np.eye(2, dtype=np.float32), "linear.bias": np.ones(2, "f4")}
        np.savez(self.folder / "w.npz", **weights)

    def run_main(self, model: str, *more: str) -> Tuple[int, str]:
        """Exit code and standard error; names of files are those in the folder."""
        options = [str(self.folder / word) if "." in word else word for word in more]
        arguments = [str(self.folder / model), "--inputs", str(self.folder / "x.npz"), *options]
        error = io.StringIO()
        with contextlib.redirect_stderr(error):
            code = main([*arguments, "--out", str(self.folder / "a.h5")])
        return code, error.getvalue()

    def test_a_class_with_weights_is_captured(self) -> None:
        code, error = self.run_main("net.py:Net", "--weights", "w.npz", "--samples", "2")
        self.assertEqual((code, error), (0, ""))
        dump = self.dump()
        self.assertEqual(dump.samples[1]["linear/addmm"].tolist(), [[2.0, 2.0]] * 2)
        frame = dump.nodes["linear/addmm"]["source"][0]
        self.assertEqual((frame["file"], frame["line"]), (str(self.folder / "net.py"), 8))

    def test_a_model_that_is_there_already_is_captured(self) -> None:
        self.assertEqual(self.run_main("net.py:net", "--no-parameters"), (0, ""))
        self.assertNotIn("linear.weight", self.dump().samples[0])

    def test_every_error_is_one_line(self) -> None:
        cases = {
            "net.py:missing": "net.py has no 'missing'",
            "net.py:broken": "net.py:broken raised ValueError: no weights",
            "none.py:Net": "none.py does not exist",
            "net.txt": "is not of the form FILE.py:NAME",
            "none.pt": "none.pt cannot be loaded: ",
        }
        for model, expected in cases.items():
            code, error = self.run_main(model)
            self.assertEqual(code, 3, model)
            self.assertRegex(error, "^syncpoint_capture: .*%s" % expected)
            self.assertEqual(error.count("\n"), 1, error)
        code, error = self.run_main("net.py:Net", "--weights", "x.npz")
        self.assertRegex(error, "^syncpoint_capture: .*x.npz does not fit the model: .*\n$")
        self.assertFalse((self.folder / "a.h5").exists())


if __name__ == "__main__":
    unittest.main()
