#include "../rewriting.h"
#include "edit_functions.h"

namespace syncpoint::eval {
namespace {

/// x of x / sqrt(mean(x²) + ε); "" when the op is no such quotient.
std::string normalizedBy(const Net &net, const Op &division)
{
    const Op *root = madeBy(net, division.inputs[1], "Sqrt");
    const Op *sum = root ? madeBy(net, root->inputs[0], "Add") : nullptr;
    const Op *mean = sum ? madeBy(net, sum->inputs[0], "ReduceMean") : nullptr;
    const Op *square = mean ? madeBy(net, mean->inputs[0], "Pow") : nullptr;
    return square && square->inputs[0] == division.inputs[0] ? square->inputs[0] : "";
}

/// LayerNormalization that ends with `op`, or nothing.
std::optional<Op> layerNormAt(const Net &net, const Op &op)
{
    const Op *scaled = op.type == "Add" ? madeBy(net, op.inputs[0], "Mul") : nullptr;
    const Op *division = scaled ? madeBy(net, scaled->inputs[0], "Div") : nullptr;
    const std::string centered = division ? normalizedBy(net, *division) : "";
    const Op *difference = centered.empty() ? nullptr : madeBy(net, centered, "Sub");
    if (difference == nullptr) {
        return {};
    }
    return Op{
        "LayerNormalization", {difference->inputs[0], scaled->inputs[1], op.inputs[1]}, op.outputs};
}

std::optional<Op> rmsNormAt(const Net &net, const Op &op)
{
    const Op *division = op.type == "Mul" ? madeBy(net, op.inputs[0], "Div") : nullptr;
    const std::string x = division ? normalizedBy(net, *division) : "";
    if (x.empty() || !isConstant(net, op.inputs[1])) {
        return {};
    }
    return Op{"SimplifiedLayerNormalization", {x, op.inputs[1]}, op.outputs};
}

std::optional<Op> activationAt(const Net &net, const Op &op)
{
    if (op.type == "Div" && isConstant(net, op.inputs[1])) {
        const Op *product = madeBy(net, op.inputs[0], "Mul");
        const Op *clip = product ? madeBy(net, product->inputs[1], "Clip") : nullptr;
        return clip ? std::optional(Op{"HardSwish", {product->inputs[0]}, op.outputs})
                    : std::nullopt;
    }
    if (op.type != "Mul") {
        return {};
    }
    const Op *sigmoid = madeBy(net, op.inputs[1], "Sigmoid");
    if (sigmoid != nullptr && sigmoid->inputs[0] == op.inputs[0]) {
        return Op{"QuickGelu", {op.inputs[0]}, op.outputs};
    }
    const Op *product = madeBy(net, op.inputs[0], "Mul");
    const Op *sum = product ? madeBy(net, product->inputs[1], "Add") : nullptr;
    const Op *erf = sum ? madeBy(net, sum->inputs[0], "Erf") : nullptr;
    return erf ? std::optional(Op{"Gelu", {product->inputs[0]}, op.outputs}) : std::nullopt;
}

/// Replaces what `find` finds at the last op of each pattern.
void fuseWhere(Net &net, Truth &truth, std::optional<Op> (*find)(const Net &, const Op &))
{
    const Net before = net;
    rewriteOps(net, [&](const Op &op, OpWriter &out) {
        auto fused = find(before, op);
        if (!fused) {
            return false;
        }
        out.add(std::move(*fused));
        return true;
    });
    dropUnused(net, truth);
}

/// The values and constants that one attention is made of.
struct AttentionParts
{
    std::string query, key, value; ///< with their biases, heads not split yet
    std::string mask;              ///< "" none
    std::int64_t heads = 0;
};

std::string beforeHeads(const Net &net, const std::string &split)
{
    const Op *turn = madeBy(net, split, "Transpose");
    const Op *reshape = turn ? madeBy(net, turn->inputs[0], "Reshape") : nullptr;
    return reshape ? reshape->inputs[0] : "";
}

std::optional<AttentionParts> attentionAt(const Net &net, const Op &op)
{
    const Op *turn = op.type == "Reshape" ? madeBy(net, op.inputs[0], "Transpose") : nullptr;
    const Op *mixed = turn ? madeBy(net, turn->inputs[0], "MatMul") : nullptr;
    const Op *softmax = mixed ? madeBy(net, mixed->inputs[0], "Softmax") : nullptr;
    if (softmax == nullptr) {
        return {};
    }
    AttentionParts parts;
    const Op *masked = madeBy(net, softmax->inputs[0], "Add");
    parts.mask = masked ? masked->inputs[1] : "";
    const Op *scaled = madeBy(net, masked ? masked->inputs[0] : softmax->inputs[0], "Mul");
    const Op *scores = scaled ? madeBy(net, scaled->inputs[0], "MatMul") : nullptr;
    if (scores == nullptr) {
        return {};
    }
    parts.query = beforeHeads(net, scores->inputs[0]);
    parts.key = beforeHeads(net, scores->inputs[1]);
    parts.value = beforeHeads(net, mixed->inputs[1]);
    parts.heads = net.shapes.at(scores->outputs[0])[1];
    return parts.query.empty() || parts.key.empty() || parts.value.empty() ? std::nullopt
                                                                           : std::optional(parts);
}

/// A MatMul with a constant and the Add of its bias.
struct Linear
{
    std::string x;
    const Weight *weight = nullptr;
    const Weight *bias = nullptr;
};

std::optional<Linear> linearAt(const Net &net, const std::string &value)
{
    const Op *sum = madeBy(net, value, "Add");
    const Op *product = sum ? madeBy(net, sum->inputs[0], "MatMul") : nullptr;
    if (product == nullptr || !isConstant(net, product->inputs[1])) {
        return {};
    }
    return Linear{product->inputs[0], &net.weights.at(product->inputs[1]),
                  &net.weights.at(sum->inputs[1])};
}

/// Attention with the products of queries, keys and values inside; false when they differ in what
/// they read.
bool fuseWithProducts(const Net &net, const AttentionParts &parts, const Op &op, OpWriter &out)
{
    Weight weight;
    Weight bias;
    std::vector<Linear> linears;
    for (const std::string &part : {parts.query, parts.key, parts.value}) {
        const auto linear = linearAt(net, part);
        if (!linear || (!linears.empty() && linears[0].x != linear->x)) {
            return false;
        }
        linears.push_back(*linear);
        bias.data.insert(bias.data.end(), linear->bias->data.begin(), linear->bias->data.end());
    }
    const std::int64_t rows = linears[0].weight->shape[0];
    const std::int64_t columns = linears[0].weight->shape[1];
    for (std::int64_t row = 0; row < rows; ++row) {
        for (const Linear &linear : linears) {
            const auto from = linear.weight->data.begin() + row * columns;
            weight.data.insert(weight.data.end(), from, from + columns);
        }
    }
    std::vector<std::string> inputs{linears[0].x, out.constant({rows, 3 * columns}, weight.data),
                                    out.constant({3 * columns}, bias.data)};
    if (!parts.mask.empty()) {
        inputs.insert(inputs.end(), {"", "", parts.mask});
    }
    out.add({"Attention", inputs, op.outputs, {{"num_heads", {parts.heads}}}});
    return true;
}

} // namespace

void fuseNorms(Net &net, Truth &truth, Random &)
{
    fuseWhere(net, truth, layerNormAt);
    fuseWhere(net, truth, rmsNormAt);
}

void fuseActivations(Net &net, Truth &truth, Random &)
{
    fuseWhere(net, truth, activationAt);
}

void fuseSkipNorms(Net &net, Truth &truth, Random &random)
{
    fuseNorms(net, truth, random);
    for (std::size_t i = 0; i < net.ops.size(); ++i) {
        Op &norm = net.ops[i];
        const bool isSimple = norm.type == "SimplifiedLayerNormalization";
        const auto sum = producerOf(net, norm.inputs.empty() ? "" : norm.inputs[0]);
        if ((!isSimple && norm.type != "LayerNormalization") || !sum ||
            net.ops[*sum].type != "Add" || isConstant(net, net.ops[*sum].inputs[1])) {
            continue;
        }
        const Op add = net.ops[*sum];
        const auto firstReader = net.readersOf(add.outputs[0]).front();
        if (firstReader != i) {
            continue; // the sum would come too late
        }
        norm.type = isSimple ? "SkipSimplifiedLayerNormalization" : "SkipLayerNormalization";
        norm.inputs[0] = add.inputs[0];
        norm.inputs.insert(norm.inputs.begin() + 1, add.inputs[1]);
        if (!net.readersOf(add.outputs[0]).empty() || net.isOutput(add.outputs[0])) {
            norm.outputs.insert(norm.outputs.end(), {"", "", add.outputs[0]});
        } else {
            dropFromTruth(truth, add.outputs[0]);
        }
        net.ops.erase(net.ops.begin() + static_cast<std::ptrdiff_t>(*sum));
        --i;
    }
}

void fuseAttention(Net &net, Truth &truth, Random &random)
{
    const Net before = net;
    rewriteOps(net, [&](const Op &op, OpWriter &out) {
        const auto parts = attentionAt(before, op);
        if (!parts) {
            return false;
        }
        if (random() % 2 == 0 && fuseWithProducts(before, *parts, op, out)) {
            return true;
        }
        std::vector<std::string> inputs{parts->query, parts->key, parts->value};
        if (!parts->mask.empty()) {
            inputs.insert(inputs.end(), {"", "", parts->mask});
        }
        out.add({"MultiHeadAttention", inputs, op.outputs, {{"num_heads", {parts->heads}}}});
        return true;
    });
    dropUnused(net, truth);
}

} // namespace syncpoint::eval
