#include "../rewriting.h"
#include "edit_functions.h"

#include <algorithm>
#include <cmath>

namespace syncpoint::eval {

/// Another training run: structure is all that is left.
void retrain(Net &net, Truth &, Random &random)
{
    random.discard(1000003); // the networks' own weights start from seeds like this one
    std::normal_distribution<float> normal(0.0F, 0.1F);
    for (auto &[name, weight] : net.weights) {
        if (weight.data.size() > 1) {
            std::generate(weight.data.begin(), weight.data.end(), [&] { return normal(random); });
        }
    }
}

void flattenWeights(Net &net, Truth &, Random &)
{
    for (auto &[name, weight] : net.weights) {
        if (weight.data.size() > 1) {
            std::fill(weight.data.begin(), weight.data.end(), 0.01F);
        }
    }
}

void dropData(Net &net, Truth &, Random &)
{
    for (auto &[name, weight] : net.weights) {
        weight.hasData = weight.dtype != DType::Float32 || weight.data.size() == 1;
    }
}

void dropShapes(Net &net, Truth &, Random &)
{
    std::erase_if(net.shapes, [&](const auto &entry) {
        return std::find(net.inputs.begin(), net.inputs.end(), entry.first) == net.inputs.end();
    });
}

} // namespace syncpoint::eval
