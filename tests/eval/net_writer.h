#pragma once
#include "net.h"

#include <string>
#include <vector>

namespace syncpoint::eval {

/// Writes networks layer by layer; every method returns the name of its result. Weights are random.
class NetWriter
{
public:
    explicit NetWriter(std::uint32_t seed) : m_random(seed) {}

    std::string input(const std::string &name, Shape shape);
    std::string output(const std::string &x);
    std::string weight(Shape shape, float center = 0.0F, float spread = 0.1F);
    std::string scalar(float value);
    std::string numbers(const std::vector<std::int64_t> &values); ///< 1-D, int64
    std::string op(const std::string &type, std::vector<std::string> inputs, Shape shape,
                   Attributes attributes = {});
    /// The shape is the first operand's.
    std::string same(const std::string &type, std::vector<std::string> inputs,
                     Attributes attributes = {});
    /// `count` equal parts along an axis.
    std::vector<std::string> split(const std::string &x, std::int64_t axis, std::size_t count);
    const Shape &shape(const std::string &value) const { return m_net.shapes.at(value); }

    /// Over NCHW, or NCL with `kernel` along L; sizes divide by the stride.
    std::string conv(const std::string &x, std::int64_t channels, std::int64_t kernel = 3,
                     std::int64_t stride = 1, std::int64_t group = 1);
    std::string depthwise(const std::string &x) { return conv(x, shape(x)[1], 3, 1, shape(x)[1]); }
    std::string batchNorm(const std::string &x);
    std::string linear(const std::string &x, std::int64_t width); ///< MatMul + Add
    std::string layerNorm(const std::string &x);
    std::string silu(const std::string &x);
    /// Norms and activations in small ops, as exporters write them.
    std::string rmsNorm(const std::string &x);
    std::string writtenLayerNorm(const std::string &x);
    std::string writtenGelu(const std::string &x);

    /// Attention of `x` to `context` with `heads` heads; `mask`, if any, is added to the scores.
    std::string attention(const std::string &x, const std::string &context, std::int64_t heads = 2,
                          const std::string &mask = {});
    Net take() { return std::move(m_net); }

private:
    std::string heads(const std::string &x, std::int64_t count, bool isKey);

    Net m_net;
    Random m_random;
};

} // namespace syncpoint::eval
