#include "../rewriting.h"
#include "edit_functions.h"

#include <algorithm>
#include <cmath>

namespace syncpoint::eval {
namespace {

/// Rounds every output channel of a weight to `levels` steps each way.
void roundWeight(Weight &weight, std::size_t channels, bool isLast, float levels)
{
    for (std::size_t c = 0; c < channels; ++c) {
        const auto isOwn = [&](std::size_t i) {
            return (isLast ? i % channels : i / (weight.data.size() / channels)) == c;
        };
        float largest = 1e-9F;
        for (std::size_t i = 0; i < weight.data.size(); ++i) {
            largest = isOwn(i) ? std::max(largest, std::abs(weight.data[i])) : largest;
        }
        for (std::size_t i = 0; i < weight.data.size(); ++i) {
            if (isOwn(i)) {
                weight.data[i] = std::round(weight.data[i] / largest * levels) * largest / levels;
            }
        }
    }
}

void roundWeights(Net &net, float levels)
{
    std::set<std::string> done;
    for (const Op &op : net.ops) {
        const auto weight =
            op.inputs.size() > 1 ? net.weights.find(op.inputs[1]) : net.weights.end();
        if (isLinear(op) && weight != net.weights.end() && done.insert(op.inputs[1]).second) {
            const bool isLast = op.type != "Conv";
            const Shape &shape = weight->second.shape;
            roundWeight(weight->second,
                        static_cast<std::size_t>(isLast ? shape.back() : shape.front()), isLast,
                        levels);
        }
    }
}

} // namespace

void quantize8(Net &net, Truth &truth, Random &)
{
    roundWeights(net, 127.0F);
    wrapValues(net, truth, {"QuantizeLinear", "DequantizeLinear"});
}

void quantize4(Net &net, Truth &, Random &)
{
    roundWeights(net, 7.0F);
}

void castHalf(Net &net, Truth &truth, Random &)
{
    for (auto &[name, weight] : net.weights) {
        for (float &value : weight.data) {
            value += value * 4e-4F; // half precision keeps 11 bits
        }
    }
    wrapValues(net, truth, {"Cast"});
}

void castIslands(Net &net, Truth &truth, Random &random)
{
    rewriteOps(net, [&](const Op &op, OpWriter &out) {
        if (random() % 2 == 0 || op.outputs.size() != 1) {
            return false;
        }
        Op half = op;
        for (std::string &input : half.inputs) {
            if (out.net().shapes.contains(input)) {
                const std::string real = input;
                input = out.step("Cast", {real}, out.shape(real));
                alsoRight(truth, real, input);
            }
        }
        const std::string made = out.fresh(out.shape(op.outputs[0]));
        alsoRight(truth, op.outputs[0], made);
        half.outputs = {made};
        out.add(std::move(half));
        out.add({"Cast", {made}, op.outputs});
        return true;
    });
}

} // namespace syncpoint::eval
