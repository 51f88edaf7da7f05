#include "../rewriting.h"
#include "edit_functions.h"

#include <algorithm>
#include <cmath>

namespace syncpoint::eval {

/// Another valid order of the ops; operands of commutative ops change places.
void reorder(Net &net, Truth &, Random &random)
{
    std::vector<Op> left = std::move(net.ops);
    net.ops.clear();
    std::set<std::string> made(net.inputs.begin(), net.inputs.end());
    for (const auto &[name, weight] : net.weights) {
        made.insert(name);
    }
    while (!left.empty()) {
        std::vector<std::size_t> ready;
        for (std::size_t i = 0; i < left.size(); ++i) {
            if (std::all_of(left[i].inputs.begin(), left[i].inputs.end(),
                            [&](const std::string &input) {
                                return input.empty() || made.contains(input);
                            })) {
                ready.push_back(i);
            }
        }
        const std::size_t pick = ready[random() % ready.size()];
        Op op = std::move(left[pick]);
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(pick));
        if ((op.type == "Add" || op.type == "Mul") && random() % 2 == 0) {
            std::swap(op.inputs[0], op.inputs[1]);
        }
        made.insert(op.outputs.begin(), op.outputs.end());
        net.ops.push_back(std::move(op));
    }
}

void shufflePorts(Net &net, Truth &, Random &random)
{
    std::shuffle(net.inputs.begin(), net.inputs.end(), random);
    std::shuffle(net.outputs.begin(), net.outputs.end(), random);
}

void exposeValues(Net &net, Truth &, Random &random)
{
    for (const Op &op : net.ops) {
        for (const std::string &made : op.outputs) {
            if (random() % 3 == 0 && !net.isOutput(made)) {
                net.outputs.push_back(made);
            }
        }
    }
    std::shuffle(net.outputs.begin(), net.outputs.end(), random);
}

} // namespace syncpoint::eval
