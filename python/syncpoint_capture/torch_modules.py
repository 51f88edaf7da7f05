"""Which module of a model is running."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

import torch


class ModuleStack:
    """Hooks all modules of a model while it is entered.

    A module that is shared has the first of its names; so have shared parameters. Ops of a
    scripted module belong to the innermost module around it that is not.
    """

    def __init__(self, model: torch.nn.Module) -> None:
        named = list(model.named_modules())
        scripted = torch.jit.ScriptModule  # takes no hooks
        self._modules = [(p, m) for p, m in named if p and not isinstance(m, scripted)]
        self.classes = {path: _class_name(module) for path, module in named if path}
        # Held, so that no other tensor gets the identity of one that the model replaces.
        self._tensors = [*model.named_parameters(), *model.named_buffers()]
        self.tensor_names: Dict[int, str] = {id(tensor): name for name, tensor in self._tensors}
        self._stack: List[str] = []
        self._hooks: List[Any] = []

    @property
    def current(self) -> str:
        """Dotted path of the innermost module that is running; "" for the model itself."""
        return self._stack[-1] if self._stack else ""

    def __enter__(self) -> "ModuleStack":
        self._stack.clear()
        for path, module in self._modules:
            self._hooks.append(module.register_forward_pre_hook(self._push(path)))
            self._hooks.append(module.register_forward_hook(self._pop(path)))
        return self

    def __exit__(self, *problem: object) -> None:
        for hook in self._hooks:
            hook.remove()
        self._hooks.clear()

    def _push(self, path: str) -> Callable[..., None]:
        def push(*_: Any) -> None:
            self._stack.append(path)

        return push

    def _pop(self, path: str) -> Callable[..., None]:
        def pop(*_: Any) -> None:
            # A module that raised inside this one has left its name.
            while self._stack and self._stack.pop() != path:
                pass

        return pop


def _class_name(module: torch.nn.Module) -> str:
    name = getattr(module, "original_name", None)  # of scripted modules
    kind = type(module)
    return str(name) if name else "%s.%s" % (kind.__module__, kind.__qualname__)
