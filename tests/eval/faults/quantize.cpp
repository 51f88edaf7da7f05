#include "fault_net.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace syncpoint::faults {
namespace {

/// Ops that runtimes compute with integers.
constexpr std::array<std::string_view, 17> kIntegerOps{"Conv",
                                                       "ConvTranspose",
                                                       "MatMul",
                                                       "Gemm",
                                                       "Add",
                                                       "Mul",
                                                       "Relu",
                                                       "Sigmoid",
                                                       "Softmax",
                                                       "Concat",
                                                       "MaxPool",
                                                       "AveragePool",
                                                       "Resize",
                                                       "GlobalAveragePool",
                                                       "Reshape",
                                                       "Transpose",
                                                       "LayerNormalization"};

bool isIntegerOp(const FaultOp &op)
{
    return std::find(kIntegerOps.begin(), kIntegerOps.end(), op.type) != kIntegerOps.end();
}

class Quantization
{
public:
    Quantization(const FaultNet &net, const Ranges &ranges, const QuantizationStyle &style)
        : m_net(net), m_ranges(ranges), m_style(style)
    {
        m_out.net = net;
    }

    QuantizedNet run()
    {
        if (m_style.values) {
            quantizeValues();
        }
        for (const FaultOp &op : m_net.ops) {
            if (m_style.everyValue || isIntegerOp(op)) {
                quantizeWeights(op);
            }
        }
        return std::move(m_out);
    }

private:
    void quantizeValues()
    {
        std::set<std::string> wanted;
        for (const auto &[name, range] : m_ranges) {
            wanted.insert(name);
        }
        if (!m_style.everyValue) {
            wanted.clear();
            for (const FaultOp &op : m_net.ops) {
                if (isIntegerOp(op)) {
                    wanted.insert(op.inputs.begin(), op.inputs.end());
                    wanted.insert(op.output);
                }
            }
            for (const FaultOp &op : m_net.ops) {
                if (op.type == "Relu" && madeByConv(op.inputs.front())) {
                    wanted.erase(op.inputs.front()); // one op with its Conv
                }
            }
        }
        for (const std::string &output : m_net.outputs) {
            wanted.erase(output);
        }
        for (const std::string &name : wanted) {
            if (const auto range = m_ranges.find(name); range != m_ranges.end()) {
                m_out.values[name] = quantizer(range->second);
            }
        }
    }

    bool madeByConv(const std::string &value) const
    {
        return std::any_of(m_net.ops.begin(), m_net.ops.end(), [&](const FaultOp &op) {
            return op.output == value && op.type == "Conv";
        });
    }

    Quantizer quantizer(std::pair<float, float> range) const
    {
        Quantizer out;
        if (m_style.symmetric) {
            const float most = std::max({1e-6F, std::abs(range.first), std::abs(range.second)});
            out.scale = out.readScale = most / 127.0F;
            out.zeroPoint = out.readZeroPoint = 128;
            return out;
        }
        const float low = std::min(0.0F, range.first);
        const float high = std::max(low + 1e-6F, std::max(0.0F, range.second));
        out.scale = out.readScale = (high - low) / 255.0F;
        out.zeroPoint = out.readZeroPoint =
            static_cast<std::uint8_t>(std::clamp(std::nearbyint(-low / out.scale), 0.0F, 255.0F));
        return out;
    }

    void quantizeWeights(const FaultOp &op)
    {
        const bool sumsProducts =
            op.type == "Conv" || op.type == "ConvTranspose" || op.type == "Gemm";
        for (std::size_t slot = 0; slot < op.inputs.size(); ++slot) {
            const std::string &name = op.inputs[slot];
            const auto weight = m_net.weights.find(name);
            if (weight == m_net.weights.end() || op.type == "Resize") {
                continue;
            }
            const bool isMatrix = weight->second.shape.size() > 1;
            if (isMatrix) {
                m_out.weights[name] = quantizedWeight(weight->second, !m_style.perTensor);
            } else if (m_style.everyValue || !m_style.values) {
                continue;
            } else if (!sumsProducts) {
                m_out.weights[name] = quantizedWeight(weight->second, false);
            } else if (slot == 2 && m_out.values.count(op.inputs[0]) != 0) {
                m_out.weights[name] = quantizedBias(weight->second, op);
            }
        }
    }

    QuantizedWeight quantizedWeight(const FaultWeight &weight, bool perChannel) const
    {
        const auto channels = static_cast<std::size_t>(weight.shape[weight.channelAxis]);
        std::size_t inner = 1;
        for (std::size_t axis = weight.channelAxis + 1; axis < weight.shape.size(); ++axis) {
            inner *= static_cast<std::size_t>(weight.shape[axis]);
        }
        const auto slot = [&](std::size_t i) { return perChannel ? i / inner % channels : 0; };
        QuantizedWeight out;
        out.scales.resize(perChannel ? channels : 1, 1e-8F);
        for (std::size_t i = 0; i < weight.data.size(); ++i) {
            float &scale = out.scales[slot(i)];
            scale = std::max(scale, std::abs(weight.data[i]) / m_style.weightCodes);
        }
        for (std::size_t i = 0; i < weight.data.size(); ++i) {
            out.data.push_back(
                static_cast<std::int32_t>(std::nearbyint(weight.data[i] / out.scales[slot(i)])));
        }
        return out;
    }

    QuantizedWeight quantizedBias(const FaultWeight &bias, const FaultOp &op) const
    {
        QuantizedWeight out;
        out.isBias = true;
        out.scales = m_out.weights.at(op.inputs[1]).scales;
        for (float &scale : out.scales) {
            scale *= m_out.values.at(op.inputs[0]).scale;
        }
        for (std::size_t i = 0; i < bias.data.size(); ++i) {
            const float scale = out.scales[out.scales.size() == 1 ? 0 : i];
            out.data.push_back(static_cast<std::int32_t>(std::nearbyint(bias.data[i] / scale)));
        }
        return out;
    }

    const FaultNet &m_net;
    const Ranges &m_ranges;
    const QuantizationStyle &m_style;
    QuantizedNet m_out;
};

} // namespace

std::vector<QuantizationStyle> quantizationStyles()
{
    QuantizationStyle everyValue{"every value"};
    QuantizationStyle runtime{"as runtimes do", false};
    QuantizationStyle symmetric{"symmetric, per tensor", false};
    symmetric.symmetric = symmetric.perTensor = true;
    QuantizationStyle fused{"fused", false};
    fused.isFused = true;
    QuantizationStyle weights{"4-bit weights"};
    weights.values = false;
    weights.weightCodes = 7.0F;
    return {everyValue, runtime, symmetric, fused, weights};
}

QuantizedNet quantized(const FaultNet &net, const Ranges &ranges, const QuantizationStyle &style)
{
    return Quantization(net, ranges, style).run();
}

} // namespace syncpoint::faults
