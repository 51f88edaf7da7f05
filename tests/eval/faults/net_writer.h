#pragma once
#include "fault_net.h"

#include <cmath>

namespace syncpoint::faults {

/// Writes networks op by op; every method returns the name of its result.
class NetWriter
{
public:
    NetWriter(std::string name, std::uint32_t seed) : m_random(seed)
    {
        m_net.name = std::move(name);
    }

    std::string input(const std::string &name, Shape shape)
    {
        m_net.inputs.emplace_back(name, std::move(shape));
        return name;
    }
    FaultOp &op(const std::string &type, std::vector<std::string> inputs)
    {
        const std::string number = std::to_string(m_net.ops.size());
        m_net.ops.push_back(
            {type, type + "_" + number, std::move(inputs), "v" + number, {}, {}, {}});
        return m_net.ops.back();
    }
    std::string make(const std::string &type, std::vector<std::string> inputs)
    {
        return op(type, std::move(inputs)).output;
    }
    std::string weight(Shape shape, float center, float spread, std::size_t channelAxis = 0)
    {
        std::normal_distribution<float> normal(center, spread);
        FaultWeight made{shape, std::vector<float>(elementCount(shape).value_or(0)), channelAxis};
        for (float &value : made.data) {
            value = normal(m_random);
        }
        const std::string name = "w" + std::to_string(m_net.weights.size());
        m_net.weights.emplace(name, std::move(made));
        return name;
    }
    std::string constant(std::vector<float> values)
    {
        const std::string name = "w" + std::to_string(m_net.weights.size());
        const auto size = static_cast<std::int64_t>(values.size());
        m_net.weights.emplace(name, FaultWeight{{size}, std::move(values), 0});
        return name;
    }
    std::string scalar(float value) { return constant({value}); }
    std::string shape(std::vector<std::int64_t> numbers)
    {
        const std::string name = "s" + std::to_string(m_net.shapes.size());
        m_net.shapes.emplace(name, std::move(numbers));
        return name;
    }

    std::string conv(const std::string &x, std::int64_t in, std::int64_t out, std::int64_t kernel,
                     std::int64_t group = 1)
    {
        const float spread = 1.4F / std::sqrt(static_cast<float>(in / group * kernel * kernel));
        const auto w = weight({out, in / group, kernel, kernel}, 0.0F, spread);
        const auto b = weight({out}, 0.0F, 0.3F);
        FaultOp &made = op("Conv", {x, w, b});
        made.lists["pads"] = std::vector<std::int64_t>(4, kernel / 2);
        made.integers["group"] = group;
        return made.output;
    }
    std::string linear(const std::string &x, std::int64_t in, std::int64_t out)
    {
        const float spread = 1.0F / std::sqrt(static_cast<float>(in));
        const auto product = make("MatMul", {x, weight({in, out}, 0.0F, spread, 1)});
        return make("Add", {product, weight({out}, 0.0F, 0.3F)});
    }
    std::string layerNorm(const std::string &x, std::int64_t width)
    {
        FaultOp &made =
            op("LayerNormalization", {x, weight({width}, 1.0F, 0.2F), weight({width}, 0.0F, 0.2F)});
        made.reals["epsilon"] = 1e-5F;
        return made.output;
    }
    FaultNet take(std::vector<std::string> outputs)
    {
        m_net.outputs = std::move(outputs);
        return std::move(m_net);
    }

private:
    FaultNet m_net;
    Random m_random;
};

} // namespace syncpoint::faults
