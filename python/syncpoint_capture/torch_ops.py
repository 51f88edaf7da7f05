"""What an op's schema says about its operands: which are read, written and viewed."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import torch

#: Operands that may be plain numbers and matter for what the op computes.
_NUMBER_OPERANDS = {"self", "other", "exponent", "min", "max", "value"}
#: Ops whose result does not depend on what they write into.
_OVERWRITING = {"copy_", "fill_", "zero_", "normal_", "uniform_", "random_", "bernoulli_"}
#: Ops that other formats have under another name, or with another order of operands.
_OTHER_NAMES = {
    "_adaptive_avg_pool2d": ("aten.adaptive_avg_pool2d.default", None),
    "_reshape_alias": ("aten.view.default", None),
    "_scaled_dot_product_efficient_attention": ("aten.scaled_dot_product_attention.default", None),
    "_scaled_dot_product_flash_attention": ("aten.scaled_dot_product_attention.default", None),
    "_scaled_dot_product_flash_attention_for_cpu": (
        "aten.scaled_dot_product_attention.default",
        None,
    ),
    "lift_fresh": ("aten.alias.default", None),
    "masked_fill": ("aten.where.self", (1, 2, 0)),
    "masked_fill_": ("aten.where.self", (1, 2, 0)),
    "rsub": ("aten.sub.Tensor", (1, 0)),
    "select": ("aten.index_select.default", None),
}
_WITHOUT_CONTENT = {"empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided"}


class Operand(NamedTuple):
    """A schema argument that is a tensor, tensors, or a number in a tensor's place."""

    position: int  # beyond all positions when it is given by name only
    name: str
    takes_number: bool
    is_read: bool
    is_written: bool


class OpPlan(NamedTuple):
    """What is to be recorded of every call of one op."""

    name: str  # "addmm", "relu"
    target: str  # "aten.addmm.default"
    op_type: str  # the same in most cases
    operands: Tuple[Operand, ...]
    writes: bool
    makes_view: bool
    has_content: bool  # False where the result is memory nobody has written to

    def arguments(self, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> List[Any]:
        """The call's arguments in the order of `operands`; None where one is absent."""
        count = len(args)
        return [
            args[o.position] if o.position < count else kwargs.get(o.name) for o in self.operands
        ]


def plan_of(op: Any) -> OpPlan:
    """The plan of a torch._ops.OpOverload."""
    schema = op._schema
    name = schema.name.split("::")[-1]
    operands = []
    for position, argument in enumerate(schema.arguments):
        kind = str(argument.type)
        is_number = kind in ("number", "Optional[number]", "Scalar", "Optional[Scalar]")
        takes_number = argument.name in _NUMBER_OPERANDS and not argument.kwarg_only
        if "Tensor" not in kind and not (is_number and takes_number):
            continue
        is_written = argument.alias_info is not None and argument.alias_info.is_write
        is_read = not (is_written and (argument.kwarg_only or name in _OVERWRITING))
        operands.append(Operand(position, argument.name, takes_number, is_read, is_written))
    kind, order = _OTHER_NAMES.get(name, (str(op), None))
    aliases = [r.alias_info for r in schema.returns if r.alias_info is not None]
    writes = any(operand.is_written for operand in operands)
    return OpPlan(
        name.strip("_") or name,
        str(op),
        kind,
        tuple(operands[position] for position in order or range(len(operands))),
        writes,
        (bool(aliases) and not writes) or name == "_unsafe_view",
        name not in _WITHOUT_CONTENT,
    )


def op_type(plan: OpPlan, args: Tuple[Any, ...], result: Any) -> str:
    """The op's type; where one aten op stands for several operations, the one it did."""
    if plan.target == "aten.convolution.default" and len(args) > 6 and args[6]:
        return "aten.conv_transpose.default"
    if plan.target == "aten.expand.default" and args[0].shape == result.shape:
        return "aten.alias.default"
    return plan.op_type


def tensors_in(result: Any) -> List[Optional[torch.Tensor]]:
    """What an op returned, in order; None for results that are no tensors."""
    if isinstance(result, torch.Tensor):
        return [result]
    if isinstance(result, (tuple, list)):
        return [each if isinstance(each, torch.Tensor) else None for each in result]
    return []
