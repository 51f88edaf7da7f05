"""What capturing costs, as rows for ./bench: a JSON list on standard output.

usage: overhead.py FOLDER      FOLDER takes a few hundred MB of scratch files
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch  # noqa: E402
from syncpoint_capture.dump_writer import DumpWriter  # noqa: E402
from syncpoint_capture.torch_recorder import TorchRecorder  # noqa: E402

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "promptseg"
MEGABYTE = 1 << 20
ROUNDS = 9


def row(name: str, value: float, unit: str, limit: float, against: str) -> Dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "limit": limit, "against": against}


def fastest(steps: Dict[str, Callable[[], Any]], rounds: int = ROUNDS) -> Dict[str, float]:
    """Seconds of each step; the steps take turns, so that noise of the machine hits all."""
    seconds = {name: float("inf") for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            seconds[name] = min(seconds[name], time.perf_counter() - start)
    return seconds


def promptseg() -> torch.nn.Module:
    spec = importlib.util.spec_from_file_location("promptseg", EXAMPLE / "promptseg.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model: torch.nn.Module = module.PromptSeg()
    return model.eval()


def capture_rows(folder: Path) -> List[Dict[str, Any]]:
    """A sample of PromptSeg after the first, which also has the weights and the graph."""
    torch.manual_seed(0)
    model = promptseg()
    names = ["pixel_values", "input_ids"]
    args = (torch.rand(1, 3, 64, 64), torch.randint(0, 16, (1, 4)))
    writer = DumpWriter(folder / "promptseg.h5")
    recorder = TorchRecorder(model, writer)
    with torch.no_grad():
        recorder.run(model, args, {}, names)
        before = writer.temporary.stat().st_size
        recorder.run(model, args, {}, names)
        size = writer.temporary.stat().st_size - before
        block = bytes(size // 400)

        def write_plainly() -> None:
            with open(folder / "plain", "wb", buffering=0) as file:
                for _ in range(400):
                    file.write(block)

        seconds = fastest(
            {
                "plain": lambda: model(*args),
                "captured": lambda: recorder.run(model, args, {}, names),
                "disk": write_plainly,
            }
        )
    writer.discard()
    plain, captured, disk = (1e3 * seconds[key] for key in ("plain", "captured", "disk"))
    against = "per sample; limit: 2 times the plain forward (%.1f ms) and writing %.1f MB (%.1f ms)"
    text = against % (plain, size / MEGABYTE, disk)
    return [row("capturing PromptSeg in PyTorch", captured, "ms", 2 * plain + disk, text)]


def writer_rows(folder: Path) -> List[Dict[str, Any]]:
    """Many small tensors, where the cost per tensor counts."""
    import h5py

    arrays = {"tensor %d" % i: np.zeros((8, 128), np.float32) for i in range(500)}

    def write_dump() -> None:
        writer = DumpWriter(folder / "own.h5")
        for name, array in arrays.items():
            writer.write(0, name, array)
        writer.close()

    def write_with_library() -> None:
        with h5py.File(folder / "library.h5", "w") as file:
            group = file.create_group("samples/000000")
            for name, array in arrays.items():
                group.create_dataset(name, data=array)

    seconds = fastest({"own": write_dump, "library": write_with_library})
    own, library = (1e6 * seconds[key] / len(arrays) for key in ("own", "library"))
    text = "per tensor of 4 kB; limit: h5py without any attribute"
    return [row("writing small tensors from Python", own, "us", library, text)]


class Chain(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for _ in range(16):
            x = x.neg()
        return x


def status(field: str) -> float:
    """A size in /proc/self/status, in MB."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(field))


def grown_memory(path: str) -> float:
    """MB that 16 ops on 16 MB add at most; `path` "" runs them without a capture."""
    x = torch.zeros(4, MEGABYTE)
    model = Chain().eval()
    with torch.no_grad():
        model(x[:1, :1])  # loads what is needed
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")  # the peak starts from here
        before = status("VmRSS")
        if path:
            writer = DumpWriter(path)
            TorchRecorder(model, writer).run(model, (x,), {}, ["x"])
            writer.discard()
        else:
            model(x)
    return status("VmHWM") - before


def memory_rows(folder: Path) -> List[Dict[str, Any]]:
    def grown(path: str) -> float:
        command = [sys.executable, __file__, "--peak", path]
        # Else the allocator keeps some of what is freed, now more and now less.
        settings = {**os.environ, "MALLOC_MMAP_THRESHOLD_": str(MEGABYTE)}
        done = subprocess.run(command, check=True, capture_output=True, env=settings)
        return float(done.stdout)

    plain, captured = grown(""), grown(str(folder / "chain.h5"))
    text = "above the plain run (%.0f MB); 272 MB are captured; limit: the largest tensor"
    return [row("memory of a capture in PyTorch", captured - plain, "MB", 16.0, text % plain)]


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1] == "--peak":
        print(grown_memory(sys.argv[2]))
    else:
        scratch = Path(sys.argv[1])
        scratch.mkdir(parents=True, exist_ok=True)
        rows = [*capture_rows(scratch), *writer_rows(scratch), *memory_rows(scratch)]
        for file in scratch.iterdir():
            file.unlink()
        print(json.dumps(rows))
