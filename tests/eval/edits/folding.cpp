#include "../rewriting.h"
#include "edit_functions.h"

#include <algorithm>
#include <cmath>

namespace syncpoint::eval {

/// BatchNormalization into the convolution before it.
void foldBatchNorm(Net &net, Truth &truth, Random &)
{
    for (std::size_t i = 0; i + 1 < net.ops.size(); ++i) {
        if (net.ops[i].type != "Conv") {
            continue;
        }
        const std::string inner = net.ops[i].outputs.front();
        const auto readers = net.readersOf(inner);
        if (readers.size() != 1 || net.ops[readers[0]].type != "BatchNormalization") {
            continue;
        }
        const Op norm = net.ops[readers[0]];
        Weight folded = net.weights.at(net.ops[i].inputs[1]);
        Weight bias = net.weights.at(net.ops[i].inputs[2]);
        const std::size_t each = folded.data.size() / bias.data.size();
        for (std::size_t k = 0; k < folded.data.size(); ++k) {
            folded.data[k] *= net.weights.at(norm.inputs[1]).data[k / each];
        }
        for (std::size_t c = 0; c < bias.data.size(); ++c) {
            bias.data[c] = bias.data[c] * net.weights.at(norm.inputs[1]).data[c] +
                           net.weights.at(norm.inputs[2]).data[c];
        }
        net.ops[i].inputs[1] = net.fresh();
        net.weights.emplace(net.ops[i].inputs[1], std::move(folded));
        net.ops[i].inputs[2] = net.fresh();
        net.weights.emplace(net.ops[i].inputs[2], std::move(bias));
        dropFromTruth(truth, inner);
        net.ops[i].outputs = norm.outputs;
        net.ops.erase(net.ops.begin() + static_cast<std::ptrdiff_t>(readers[0]));
    }
}

/// Conv and Gemm with a bias become two ops.
void splitBias(Net &net, Truth &, Random &)
{
    std::vector<Op> ops;
    for (Op op : net.ops) {
        const bool hasBias = (op.type == "Conv" || op.type == "Gemm") && op.inputs.size() == 3;
        if (!hasBias) {
            ops.push_back(std::move(op));
            continue;
        }
        std::string bias = op.inputs.back();
        if (op.type == "Conv") {
            Weight shaped = net.weights.at(bias);
            shaped.shape.resize(net.shapes[op.outputs[0]].size() - 1, 1);
            bias = net.fresh();
            net.weights.emplace(bias, std::move(shaped));
        }
        op.inputs.pop_back();
        op.type = op.type == "Gemm" ? "MatMul" : op.type;
        const std::string sum = op.outputs.front();
        const std::string product = net.fresh();
        net.shapes[product] = net.shapes[sum];
        op.outputs = {product};
        ops.push_back(std::move(op));
        ops.push_back({"Add", {product, bias}, {sum}, {}, {}});
    }
    net.ops = std::move(ops);
}

/// MatMul + Add becomes Gemm, every second time with a transposed weight.
void foldBias(Net &net, Truth &truth, Random &random)
{
    for (std::size_t i = 0; i < net.ops.size(); ++i) {
        const std::string inner = net.ops[i].outputs.front();
        const auto readers = net.readersOf(inner);
        if (net.ops[i].type != "MatMul" || !net.weights.contains(net.ops[i].inputs[1]) ||
            readers.size() != 1 || net.isOutput(inner)) {
            continue;
        }
        const Op add = net.ops[readers[0]];
        if (add.type != "Add") {
            continue;
        }
        const std::string bias = add.inputs[add.inputs[0] == inner ? 1 : 0];
        if (!net.weights.contains(bias)) {
            continue;
        }
        Op &gemm = net.ops[i];
        gemm.type = "Gemm";
        if (random() % 2 == 0) {
            const Weight &old = net.weights.at(gemm.inputs[1]);
            Weight turned{{old.shape[1], old.shape[0]}, {}};
            for (std::int64_t n = 0; n < old.shape[1]; ++n) {
                for (std::int64_t k = 0; k < old.shape[0]; ++k) {
                    turned.data.push_back(old.data[static_cast<std::size_t>(k * old.shape[1] + n)]);
                }
            }
            gemm.inputs[1] = net.fresh();
            net.weights.emplace(gemm.inputs[1], std::move(turned));
            gemm.attributes["transB"] = {1};
        }
        gemm.inputs.push_back(bias);
        gemm.outputs = add.outputs;
        dropFromTruth(truth, inner);
        net.ops.erase(net.ops.begin() + static_cast<std::ptrdiff_t>(readers[0]));
    }
}

/// Activations into the convolution, as FusedConv.
void fuseActivation(Net &net, Truth &truth, Random &)
{
    for (std::size_t i = 0; i < net.ops.size(); ++i) {
        const std::string inner = net.ops[i].outputs.front();
        const auto readers = net.readersOf(inner);
        if (net.ops[i].type != "Conv" || readers.size() != 1 || net.isOutput(inner)) {
            continue;
        }
        const Op next = net.ops[readers[0]];
        if (next.type == "Relu" || next.type == "Sigmoid") {
            net.ops[i].type = "FusedConv";
            net.ops[i].activation = next.type;
            net.ops[i].outputs = next.outputs;
            dropFromTruth(truth, inner);
            net.ops.erase(net.ops.begin() + static_cast<std::ptrdiff_t>(readers[0]));
        }
    }
}

void foldPad(Net &net, Truth &truth, Random &)
{
    const Net before = net;
    rewriteOps(net, [&](const Op &op, OpWriter &out) {
        const Op *pad = op.type == "Conv" ? madeBy(before, op.inputs[0], "Pad") : nullptr;
        if (pad == nullptr) {
            return false;
        }
        const auto &wide = before.weights.at(pad->inputs[1]).data;
        const std::size_t rank = wide.size() / 2;
        Op padded = op;
        padded.inputs[0] = pad->inputs[0];
        for (std::size_t i = 0; i < wide.size(); ++i) {
            if (i % rank >= 2) { // not along batch and channels
                padded.attributes["pads"].push_back(static_cast<std::int64_t>(wide[i]));
            }
        }
        out.add(std::move(padded));
        return true;
    });
    dropUnused(net, truth);
}

} // namespace syncpoint::eval
