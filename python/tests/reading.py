"""What the tests read from a dump, by the HDF5 library."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path
from typing import Any, Dict, List

import h5py
import numpy as np


class FolderTest(unittest.TestCase):
    """A test with an empty folder of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def dump(self) -> "Dump":
        """The only dump in the folder; nothing else may be there."""
        files = sorted(self.folder.glob("*.h5*"))
        self.assertEqual([file.suffix for file in files], [".h5"])
        return Dump(files[0])


class Dump:
    """A dump, read whole."""

    def __init__(self, path: Path) -> None:
        with h5py.File(path) as file:
            self.facts: Dict[str, Any] = dict(file.attrs)
            self.samples: List[Dict[str, np.ndarray]] = []
            self.attributes: Dict[str, Dict[str, Any]] = {}
            for sample in file["samples"].values():
                tensors = {}
                for key, dataset in sample.items():
                    name = key.replace("%2F", "/").replace("%2E", ".").replace("%25", "%")
                    tensors[name] = dataset[()]
                    self.attributes.setdefault(name, dict(dataset.attrs))
                self.samples.append(tensors)
            self.graph = json.loads(file["graph"][()]) if "graph" in file else {}
            self.profile = json.loads(file["profile"][()]) if "profile" in file else {}
        self.nodes = {node["name"]: node for node in self.graph.get("nodes", [])}

    def kind(self, name: str) -> str:
        """The kind of a tensor, as readers take it."""
        return str(self.attributes[name].get("kind", "intermediate"))

    def modules(self, op: str) -> List[str]:
        """The modules in which an op ran, in order; `op` as "aten.add.Tensor"."""
        return [node["module"] for node in self.graph["nodes"] if node["op_type"] == op]
