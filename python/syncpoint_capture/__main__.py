"""python -m syncpoint_capture model.py:build --inputs x.npz --out reference.h5"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

import numpy as np

from . import CaptureError, __version__, run_onnx, save_intermediates
from .packages import require


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs the command line. 0 done, 2 wrong arguments, 3 an error, said in one sentence."""
    options = _parser().parse_args(arguments)
    try:
        inputs = _arrays(options.inputs)
        if options.model.endswith(".onnx"):
            run_onnx(options.model, inputs, options.out, only=options.only, samples=options.samples)
            return 0
        model = _load(options.model)
        if options.weights:
            _set_weights(model, options.weights)
        save_intermediates(
            model,
            inputs,
            options.out,
            only=options.only,
            samples=options.samples,
            parameters=not options.no_parameters,
            views=not options.no_views,
            seed=options.seed,
        )
        return 0
    except CaptureError as problem:
        print("syncpoint_capture: %s" % problem, file=sys.stderr)
        return 3


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m syncpoint_capture",
        description="Runs a model and writes every intermediate tensor to a Syncpoint dump.",
    )
    add = parser.add_argument
    add("model", help="FILE.py:NAME, a model or what makes one; or FILE.pt2, FILE.pt, FILE.onnx")
    add("--inputs", required=True, metavar="FILE", help=".npz with an array per argument, by name")
    add("--out", required=True, metavar="FILE", help="dump to write")
    add("--weights", metavar="FILE", help=".npz with the model's state by name")
    add("--samples", type=int, metavar="N", help="divide the first axis of the inputs into N runs")
    add("--only", metavar="REGEX", help="store only values whose name matches")
    add("--no-parameters", action="store_true", help="leave the weights out")
    add("--no-views", action="store_true", help="leave out results that only reshape or reorder")
    add("--seed", type=int, default=0, metavar="N", help="start of random numbers (default 0)")
    add("--version", action="version", version="syncpoint-capture " + __version__)
    return parser


def _arrays(path: str) -> Dict[str, Any]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, AttributeError) as problem:
        raise CaptureError("%s cannot be read as .npz: %s" % (path, problem)) from problem


def _load(text: str) -> Any:
    file, _, name = text.rpartition(":")
    if text.endswith((".pt2", ".pt")):
        torch = require("torch", "to capture a model")
        try:
            return torch.export.load(text) if text.endswith(".pt2") else torch.jit.load(text)
        except Exception as problem:
            raise CaptureError("%s cannot be loaded: %s" % (text, problem)) from problem
    if not file.endswith(".py"):
        raise CaptureError("'%s' is not of the form FILE.py:NAME" % text)
    made = _attribute(Path(file), name)
    is_model = hasattr(made, "state_dict") and not isinstance(made, type)
    try:
        return made if is_model else made()
    except Exception as problem:
        raise CaptureError(
            "%s raised %s: %s" % (text, type(problem).__name__, problem)
        ) from problem


def _attribute(file: Path, name: str) -> Any:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None or not file.exists():
        raise CaptureError("%s does not exist" % file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    sys.path.insert(0, str(file.resolve().parent))
    try:
        spec.loader.exec_module(module)
    except ImportError as problem:
        raise CaptureError("%s cannot be imported: %s" % (file, problem)) from problem
    except Exception as problem:
        raise CaptureError(
            "%s raised %s: %s" % (file, type(problem).__name__, problem)
        ) from problem
    if not hasattr(module, name):
        raise CaptureError("%s has no '%s'" % (file, name))
    return getattr(module, name)


def _set_weights(model: Any, path: str) -> None:
    torch = require("torch", "to capture a model")
    state = {name: torch.from_numpy(array) for name, array in _arrays(path).items()}
    try:
        model.load_state_dict(state)
    except RuntimeError as problem:
        text = " ".join(str(problem).split())
        raise CaptureError("%s does not fit the model: %s" % (path, text)) from problem


if __name__ == "__main__":
    sys.exit(main())
