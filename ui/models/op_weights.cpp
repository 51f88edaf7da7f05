#include "ui/models/op_weights.h"

#include "compare/align/stored_weight.h"
#include "core/formats/onnx/quantized_operands.h"
#include "ui/models/result_index.h"

#include <algorithm>

namespace syncpoint {

namespace {

bool isParameterOf(const std::vector<QuantizedOperand> &operands, ValueId value)
{
    return std::any_of(operands.begin(), operands.end(), [value](const QuantizedOperand &operand) {
        return operand.scale == value || operand.zeroPoint == value;
    });
}

} // namespace

std::vector<OpWeight> weightsOf(const ComparisonResult &result, const Selection::Item &item)
{
    std::vector<OpWeight> weights;
    for (const Side side : {Side::Baseline, Side::Candidate}) {
        const NodeId op = nodeOnSide(result, item, side);
        if (!op.isValid() || !weights.empty()) {
            continue;
        }
        const Graph &graph = *sideOf(result, side).graph;
        const Node &node = graph.node(op);
        const auto operands = quantizedOperands(node);
        for (std::size_t slot = 0; slot < node.inputs.size(); ++slot) {
            const ValueId input = node.inputs[slot];
            const auto stored = input.isValid() && !isParameterOf(operands, input)
                                    ? storedWeight(graph, input)
                                    : std::nullopt;
            if (stored && elementCount(stored->shape).value_or(0) > 1) {
                Selection::Item weight{side, op, stored->value, {}, item.point};
                weights.push_back({slot, weight,
                                   QStringLiteral("in %1 · %2")
                                       .arg(slot)
                                       .arg(QString::fromStdString(toText(stored->shape)))});
            }
        }
    }
    return weights;
}

bool isWeight(const ComparisonResult &result, const Selection::Item &item)
{
    if (!item.value.isValid() || !sideOf(result, item.side).graph->value(item.value).constant) {
        return false;
    }
    if (!item.point.isValid()) {
        return true;
    }
    const SyncPoint &point = result.alignment.point(item.point); // folding may make it a constant
    return item.value != (item.side == Side::Baseline ? point.reference : point.candidate);
}

} // namespace syncpoint
