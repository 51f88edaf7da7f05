#include "../rewriting.h"
#include "edit_functions.h"

#include <algorithm>
#include <cmath>

namespace syncpoint::eval {

/// New ops on one value in eight.
void insertOps(Net &net, Truth &, Random &random)
{
    static const char *const kTypes[] = {"Tanh", "Clip", "Mul", "Relu"};
    for (std::size_t i = 0; i + 1 < net.ops.size(); ++i) {
        if (random() % 8 != 0 || net.isOutput(net.ops[i].outputs.front())) {
            continue;
        }
        const std::string old = net.ops[i].outputs.front();
        Op added{kTypes[random() % 4], {old}, {net.fresh()}, {}, {}};
        if (added.type == "Mul") {
            const std::string half = net.fresh();
            net.weights.emplace(half, Weight{{1}, {0.5F}});
            added.inputs.push_back(half);
        }
        net.shapes[added.outputs[0]] = net.shapes[old];
        replaceReads(net, old, added.outputs.front(), i + 1);
        net.ops.insert(net.ops.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(added));
        ++i;
    }
}

/// One op in ten whose result looks like its input is left out.
void removeOps(Net &net, Truth &truth, Random &random)
{
    for (std::size_t i = 0; i < net.ops.size(); ++i) {
        const Op op = net.ops[i];
        const std::string made = op.outputs.front();
        if (random() % 10 != 0 || net.isOutput(made) || net.weights.contains(op.inputs.front()) ||
            net.shapes[made] != net.shapes[op.inputs.front()]) {
            continue;
        }
        replaceReads(net, made, op.inputs.front());
        dropFromTruth(truth, made);
        net.ops.erase(net.ops.begin() + static_cast<std::ptrdiff_t>(i));
        --i;
    }
}

/// A residual block of its own weights on one value in twelve.
void insertBlocks(Net &net, Truth &, Random &random)
{
    std::normal_distribution<float> normal(0.0F, 0.1F);
    for (std::size_t i = 0; i + 1 < net.ops.size(); ++i) {
        const std::string old = net.ops[i].outputs.front();
        const Shape shape = net.shapes[old];
        if (random() % 12 != 0 || net.isOutput(old) || shape.size() < 2 ||
            net.weights.contains(net.ops[i].inputs.front())) {
            continue;
        }
        const bool isImage = shape.size() == 4;
        const std::int64_t width = isImage ? shape[1] : shape.back();
        Weight weight{isImage ? Shape{width, width, 1, 1} : Shape{width, width}, {}};
        for (std::int64_t k = 0; k < width * width; ++k) {
            weight.data.push_back(normal(random));
        }
        const std::string names[] = {net.fresh(), net.fresh(), net.fresh(), net.fresh()};
        net.weights.emplace(names[0], std::move(weight));
        const Op block[] = {{isImage ? "Conv" : "MatMul", {old, names[0]}, {names[1]}, {}, {}},
                            {"Relu", {names[1]}, {names[2]}, {}, {}},
                            {"Add", {names[2], old}, {names[3]}, {}, {}}};
        replaceReads(net, old, names[3], i + 1);
        net.ops.insert(net.ops.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::begin(block),
                       std::end(block));
        for (const std::string &made : {names[1], names[2], names[3]}) {
            net.shapes[made] = shape;
        }
        i += std::size(block);
    }
}

void addIdentities(Net &net, Truth &truth, Random &)
{
    wrapValues(net, truth, {"Identity"});
}

void cutEnds(Net &net, Truth &truth, Random &)
{
    const auto sixth = static_cast<std::ptrdiff_t>(net.ops.size() / 6);
    net.ops.erase(net.ops.end() - sixth, net.ops.end());
    const std::vector<Op> first(net.ops.begin(), net.ops.begin() + sixth);
    net.ops.erase(net.ops.begin(), net.ops.begin() + sixth);
    for (const Op &op : first) {
        for (const std::string &made : op.outputs) {
            if (!net.readersOf(made).empty()) {
                net.inputs.push_back(made);
            }
            dropFromTruth(truth, made);
        }
    }
    net.outputs.clear();
    for (const Op &op : net.ops) {
        for (const std::string &made : op.outputs) {
            if (net.readersOf(made).empty()) {
                net.outputs.push_back(made);
            }
        }
    }
    std::erase_if(net.inputs,
                  [&](const std::string &input) { return net.readersOf(input).empty(); });
    dropMissing(net, truth);
}

} // namespace syncpoint::eval
