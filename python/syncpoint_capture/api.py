"""save_intermediates() and capture(): runs of PyTorch models."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Tuple, Union

import numpy as np

from .dump_writer import DumpWriter
from .environment import environment
from .errors import CaptureError
from .packages import require
from .selection import Only, Selection

if TYPE_CHECKING:
    from .torch_recorder import TorchRecorder

PathLike = Union[str, "os.PathLike[str]"]
Inputs = Any  # one tensor, a sequence of arguments, or a dictionary of named arguments


def save_intermediates(
    model: Any,
    inputs: Inputs,
    path: PathLike,
    *,
    only: Only = None,
    samples: Optional[int] = None,
    parameters: bool = True,
    views: bool = True,
    seed: Optional[int] = 0,
) -> Any:
    """Runs a model and writes every intermediate tensor to the dump `path`.

    `model` is a torch.nn.Module (also a scripted one) or a torch.export.ExportedProgram. A module
    runs eagerly, in evaluation mode and without gradients; its mode is restored.
    `inputs` are what the model is called with: one tensor or NumPy array, a tuple or list of
    arguments, or a dictionary of named arguments. Arrays go to the model's device, tensors stay.
    `only` is a regular expression that must be found in a value's name for it to be stored; the
    graph, inputs, outputs and parameters are stored in any case.
    `samples`: the first axis of every input is divided into this many runs; None is one run of
    the whole input.
    `parameters`: weights are stored, so that values can be paired by the weights they come from.
    `views`: False leaves out the results of ops that only look at memory in another way (reshape,
    transpose, slice): they hold numbers that are stored already.
    `seed` is given to torch.manual_seed() first; None leaves the generators as they are.

    Returns what the model returned for the last sample. Raises CaptureError when PyTorch is
    missing, an input has a type that cannot be used, the file cannot be written, or the model
    raises; in the last case the file holds what was captured until then and says so.
    """
    torch = require("torch", "to capture a model")
    runs = _runs(inputs, samples)
    selection = Selection.of(only, parameters, views)
    writer = DumpWriter(
        path,
        model=_model_name(model),
        runtime="torch " + torch.__version__,
        environment=environment(torch),
        seed=seed,
    )
    recorder: Any = None
    try:
        recorder = _recorder(model, writer, selection)
        if seed is not None:
            torch.manual_seed(seed)
        result = None
        with torch.no_grad(), _evaluation_mode(model):
            for args, kwargs in runs:
                result = _run_sample(model, recorder, args, kwargs)
        writer.close()
        return result
    except CaptureError:
        writer.discard()
        raise
    except Exception as problem:
        if writer.failure is not None:
            raise writer.failure from problem
        sentence = "the model raised %s%s" % (_one_line(problem), _place(recorder))
        if _close_partially(writer, recorder, sentence):
            sentence += "; %s holds what was captured until then" % writer.path
        raise CaptureError(sentence) from problem
    except BaseException:  # interrupted
        _close_partially(writer, recorder, "the run was interrupted")
        raise


@contextlib.contextmanager
def capture(
    model: Any,
    path: PathLike,
    *,
    only: Only = None,
    parameters: bool = True,
    views: bool = True,
    steps: Optional[int] = None,
) -> Iterator[Any]:
    """Writes every call of `model` inside the with block to the dump `path`, each as one sample.

    For several inputs, or the steps of a generation loop: step k is sample k of the dump. Neither
    the model's mode nor gradients are touched. `only`, `parameters` and `views` are those of
    save_intermediates(); calls after the first `steps` run as usual and are not written. An
    exception that leaves the block goes on to the caller; the dump then holds what was captured
    and says that it is partial.
    """
    torch = require("torch", "to capture a model")
    if not isinstance(model, torch.nn.Module) or isinstance(model, torch.jit.ScriptModule):
        raise CaptureError("capture() takes an eager torch.nn.Module; use save_intermediates()")
    selection = Selection.of(only, parameters, views)
    writer = DumpWriter(
        path,
        model=_model_name(model),
        runtime="torch " + torch.__version__,
        environment=environment(torch),
    )
    recorder = None
    try:
        recorder = _recorder(model, writer, selection)
        with _recorded_calls(model, recorder, steps):
            yield recorder
        recorder.finish()
        writer.close()
    except CaptureError:
        writer.discard()
        raise
    except BaseException as problem:
        _close_partially(writer, recorder, "the run raised " + _one_line(problem))
        raise


@contextlib.contextmanager
def _recorded_calls(model: Any, recorder: "TorchRecorder", steps: Optional[int]) -> Iterator[None]:
    from .torch_inputs import argument_names

    forward = model.forward
    is_running = False

    def recorded(*args: Any, **kwargs: Any) -> Any:
        nonlocal is_running
        if is_running or (steps is not None and recorder.samples >= steps):
            return forward(*args, **kwargs)
        is_running = True
        try:
            names = argument_names(model, forward, len(args))
            return recorder.run(forward, args, kwargs, names)
        finally:
            is_running = False

    was_replaced = "forward" in vars(model)
    model.forward = recorded
    try:
        yield
    finally:
        if was_replaced:
            model.forward = forward
        else:
            del model.forward


def _recorder(model: Any, writer: DumpWriter, selection: Selection) -> Any:
    if _is_exported(model):
        from .exported_program import ExportedRecorder

        return ExportedRecorder(model, writer, selection)
    torch = require("torch", "to capture a model")
    if not isinstance(model, torch.nn.Module):
        raise CaptureError(
            "a model must be a torch.nn.Module or an ExportedProgram, not %s" % type(model).__name__
        )
    from .torch_recorder import TorchRecorder

    model = getattr(model, "_orig_mod", model)  # torch.compile hides the ops
    return TorchRecorder(model, writer, selection)


def _is_exported(model: Any) -> bool:
    return hasattr(model, "graph_signature") and hasattr(model, "graph_module")


def _run_sample(model: Any, recorder: Any, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Any:
    from .torch_inputs import argument_names, as_tensors

    model = getattr(model, "_orig_mod", model)
    names = argument_names(model, getattr(model, "forward", None), len(args))
    first = next(iter(model.parameters()), None) if hasattr(model, "parameters") else None
    device = getattr(first, "device", None)
    args = tuple(as_tensors(value, name, device) for name, value in zip(names, args))
    kwargs = {name: as_tensors(value, name, device) for name, value in kwargs.items()}
    return recorder.run(model, args, kwargs, names)


def _runs(inputs: Inputs, samples: Optional[int]) -> List[Tuple[Tuple[Any, ...], Dict[str, Any]]]:
    """What each call is given: positional and named arguments."""
    if isinstance(inputs, np.lib.npyio.NpzFile):
        inputs = {name: inputs[name] for name in inputs.files}
    if isinstance(inputs, (str, os.PathLike)):
        raise CaptureError("inputs are arrays or tensors, not the name of a file")
    named = dict(inputs) if isinstance(inputs, dict) else {}
    args = () if named else tuple(inputs) if isinstance(inputs, (tuple, list)) else (inputs,)
    if samples is None:
        return [(args, named)]
    parts = [_divided(value, samples) for value in args]
    named_parts = {name: _divided(value, samples) for name, value in named.items()}
    return [
        (tuple(p[i] for p in parts), {name: p[i] for name, p in named_parts.items()})
        for i in range(samples)
    ]


def _divided(value: Any, samples: int) -> List[Any]:
    """Equal parts along the first axis; what has no axes is the same for all samples."""
    shape: Tuple[int, ...] = tuple(getattr(value, "shape", ()))
    if len(shape) == 0:
        return [value] * samples
    if samples < 1 or shape[0] % samples:
        raise CaptureError(
            "%d samples do not divide an input's first extent, %d" % (samples, shape[0])
        )
    size = shape[0] // samples
    return [value[i * size : (i + 1) * size] for i in range(samples)]


@contextlib.contextmanager
def _evaluation_mode(model: Any) -> Iterator[None]:
    modules = list(model.modules()) if hasattr(model, "modules") else []
    before = [module.training for module in modules]
    if any(before):
        model.eval()
    try:
        yield
    finally:
        for module, training in zip(modules, before):
            if module.training != training:
                module.training = training


def _close_partially(writer: DumpWriter, recorder: Any, reason: str) -> bool:
    """Whether the dump could be completed; if not, the exception that ended the run tells more."""
    try:
        if recorder is not None:
            recorder.finish()
        writer.close(partial=reason)
        return True
    except CaptureError:
        writer.discard()
        return False


def _model_name(model: Any) -> str:
    return str(getattr(model, "original_name", None) or type(model).__name__)


def _one_line(problem: BaseException) -> str:
    text = " ".join(str(problem).split())
    return "%s: %s" % (type(problem).__name__, text) if text else type(problem).__name__


def _place(recorder: Any) -> str:
    place = recorder.place if recorder is not None else ""
    return " in the module '%s'" % place if place else ""
