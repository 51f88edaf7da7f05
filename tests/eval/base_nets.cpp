#include "net.h"

namespace syncpoint::eval {
namespace {

/// Writes networks layer by layer; every method returns the name of its result.
class Writer
{
public:
    explicit Writer(std::uint32_t seed) : m_random(seed) {}

    std::string input(const std::string &name, Shape shape)
    {
        m_net.inputs.push_back(name);
        m_net.shapes[name] = std::move(shape);
        return name;
    }
    std::string weight(Shape shape, float center = 0.0F, float spread = 0.1F)
    {
        std::normal_distribution<float> normal(center, spread);
        Weight made{shape, std::vector<float>(elementCount(shape).value_or(0))};
        for (float &value : made.data) {
            value = normal(m_random);
        }
        const std::string name = "w" + std::to_string(m_net.weights.size());
        m_net.weights.emplace(name, std::move(made));
        return name;
    }
    std::string scalar(float value)
    {
        const std::string name = "w" + std::to_string(m_net.weights.size());
        m_net.weights.emplace(name, Weight{{1}, {value}});
        return name;
    }
    std::string op(const std::string &type, std::vector<std::string> inputs, Shape shape,
                   std::map<std::string, std::vector<std::int64_t>> attributes = {})
    {
        const std::string name = "v" + std::to_string(m_net.ops.size());
        m_net.ops.push_back({type, std::move(inputs), {name}, std::move(attributes), {}});
        m_net.shapes[name] = std::move(shape);
        return name;
    }
    /// Both halves of `x`, each of the given shape.
    std::vector<std::string> split(const std::string &x, const Shape &half)
    {
        const auto first = op("Split", {x}, half, {{"axis", {1}}});
        const auto second = first + "b";
        m_net.ops.back().outputs.push_back(second);
        m_net.shapes[second] = half;
        return {first, second};
    }
    const Shape &shape(const std::string &value) const { return m_net.shapes.at(value); }
    std::string same(const std::string &type, std::vector<std::string> inputs)
    {
        Shape shape = m_net.shapes.at(inputs.front());
        return op(type, std::move(inputs), std::move(shape));
    }

    std::string conv(const std::string &x, std::int64_t channels, std::int64_t kernel = 3,
                     std::int64_t stride = 1, bool depthwise = false)
    {
        Shape in = shape(x);
        const std::int64_t group = depthwise ? in[1] : 1;
        const auto w = weight({channels, in[1] / group, kernel, kernel});
        const auto b = weight({channels});
        return op("Conv", {x, w, b}, {in[0], channels, in[2] / stride, in[3] / stride},
                  {{"group", {group}}, {"strides", {stride, stride}}});
    }
    std::string batchNorm(const std::string &x)
    {
        const std::int64_t c = shape(x)[1];
        return same("BatchNormalization", {x, weight({c}, 1.0F, 0.3F), weight({c}), weight({c}),
                                           weight({c}, 1.0F, 0.05F)});
    }
    std::string linear(const std::string &x, std::int64_t width)
    {
        Shape out = shape(x);
        const auto w = weight({out.back(), width});
        out.back() = width;
        const auto product = op("MatMul", {x, w}, out);
        return op("Add", {product, weight({width})}, out);
    }
    std::string layerNorm(const std::string &x)
    {
        const std::int64_t c = shape(x).back();
        return same("LayerNormalization", {x, weight({c}, 1.0F), weight({c})});
    }
    std::string output(const std::string &x)
    {
        m_net.outputs.push_back(x);
        return x;
    }
    Net take() { return std::move(m_net); }

private:
    Net m_net;
    Random m_random;
};

Net residual(std::uint32_t seed)
{
    Writer w(seed);
    auto x = w.input("image", {1, 3, 32, 32});
    x = w.same("Relu", {w.batchNorm(w.conv(x, 16))});
    for (int block = 0; block < 6; ++block) {
        auto y = w.same("Relu", {w.batchNorm(w.conv(x, 16))});
        y = w.batchNorm(w.conv(y, 16));
        x = w.same("Relu", {w.same("Add", {y, x})});
    }
    x = w.op("GlobalAveragePool", {x}, {1, 16, 1, 1});
    x = w.op("Flatten", {x}, {1, 16});
    w.output(w.op("Gemm", {x, w.weight({16, 10}), w.weight({10})}, {1, 10}));
    return w.take();
}

Net depthwise(std::uint32_t seed)
{
    Writer w(seed);
    auto x = w.same("HardSwish", {w.conv(w.input("image", {1, 3, 32, 32}), 16, 3, 2)});
    for (int block = 0; block < 5; ++block) {
        auto y = w.same("HardSwish", {w.conv(x, 32, 1)});
        y = w.same("HardSwish", {w.conv(y, 32, 3, 1, true)});
        auto s = w.op("GlobalAveragePool", {y}, {1, 32, 1, 1});
        s = w.same("Relu", {w.conv(s, 8, 1)});
        s = w.same("HardSigmoid", {w.conv(s, 32, 1)});
        y = w.conv(w.same("Mul", {y, s}), 16, 1);
        x = w.same("Add", {y, x});
    }
    w.output(w.conv(x, 10, 1));
    return w.take();
}

Net unet(std::uint32_t seed)
{
    Writer w(seed);
    auto x = w.input("image", {1, 3, 32, 32});
    std::vector<std::string> skips;
    for (const std::int64_t width : {8, 16, 32}) {
        x = w.same("Relu", {w.conv(x, width)});
        x = w.same("Relu", {w.conv(x, width)});
        skips.push_back(x);
        const Shape &s = w.shape(x);
        x = w.op("MaxPool", {x}, {1, width, s[2] / 2, s[3] / 2}, {{"strides", {2, 2}}});
    }
    x = w.same("Relu", {w.conv(x, 32)});
    for (const std::int64_t width : {32, 16, 8}) {
        const Shape s = w.shape(x);
        x = w.op("Resize", {x}, {1, s[1], 2 * s[2], 2 * s[3]});
        const auto skip = skips.back();
        skips.pop_back();
        x = w.op("Concat", {x, skip}, {1, s[1] + w.shape(skip)[1], 2 * s[2], 2 * s[3]});
        x = w.same("Relu", {w.conv(x, width)});
    }
    w.output(w.same("Sigmoid", {w.conv(x, 1, 1)}));
    return w.take();
}

std::string heads(Writer &w, const std::string &x, const Shape &shape, bool isKey)
{
    const std::int64_t width = shape.back() / 2;
    const auto split = w.op("Reshape", {x}, {1, shape[1], 2, width});
    return isKey ? w.op("Transpose", {split}, {1, 2, width, shape[1]}, {{"perm", {0, 2, 3, 1}}})
                 : w.op("Transpose", {split}, {1, 2, shape[1], width}, {{"perm", {0, 2, 1, 3}}});
}

std::string attention(Writer &w, const std::string &x)
{
    const Shape s = w.shape(x);
    const auto q = heads(w, w.linear(x, s[2]), s, false);
    const auto k = heads(w, w.linear(x, s[2]), s, true);
    const auto v = heads(w, w.linear(x, s[2]), s, false);
    auto a = w.op("MatMul", {q, k}, {1, 2, s[1], s[1]});
    a = w.same("Softmax", {w.same("Mul", {a, w.scalar(0.25F)})});
    a = w.op("MatMul", {a, v}, {1, 2, s[1], s[2] / 2});
    a = w.op("Transpose", {a}, {1, s[1], 2, s[2] / 2}, {{"perm", {0, 2, 1, 3}}});
    return w.linear(w.op("Reshape", {a}, s), s[2]);
}

std::string feedForward(Writer &w, const std::string &x)
{
    const std::int64_t width = w.shape(x).back();
    return w.linear(w.same("Gelu", {w.linear(x, 2 * width)}), width);
}

Net transformer(std::uint32_t seed)
{
    Writer w(seed);
    auto x = w.input("tokens", {1, 12, 32});
    x = w.same("Add", {x, w.weight({1, 12, 32})});
    for (int block = 0; block < 4; ++block) {
        x = w.same("Add", {attention(w, w.layerNorm(x)), x});
        x = w.same("Add", {feedForward(w, w.layerNorm(x)), x});
    }
    w.output(w.linear(w.layerNorm(x), 10));
    return w.take();
}

/// A gated unit, unrolled: every step uses the same weights.
Net recurrent(std::uint32_t seed)
{
    Writer w(seed);
    const auto wx = w.weight({16, 16});
    const auto wh = w.weight({16, 16});
    const auto wz = w.weight({16, 16});
    const auto b = w.weight({16});
    const auto embed = w.linear(w.input("frames", {6, 1, 16}), 16);
    auto h = w.input("state", {1, 16});
    for (int step = 0; step < 6; ++step) {
        const auto x = w.op("Slice", {embed, w.scalar(static_cast<float>(step))}, {1, 16});
        const auto z = w.same("Sigmoid", {w.same("Add", {w.op("MatMul", {x, wz}, {1, 16}), b})});
        const auto own = w.op("MatMul", {x, wx}, {1, 16});
        const auto old = w.op("MatMul", {h, wh}, {1, 16});
        const auto n = w.same("Tanh", {w.same("Add", {own, old})});
        h = w.same("Add", {w.same("Mul", {z, n}), w.same("Sub", {h, w.same("Mul", {z, h})})});
    }
    w.output(w.linear(h, 4));
    w.output(h);
    return w.take();
}

/// Two towers that share every weight, compared at the end.
Net tied(std::uint32_t seed)
{
    Writer w(seed);
    std::vector<std::string> weights;
    for (int i = 0; i < 4; ++i) {
        weights.push_back(w.weight({24, 24}));
    }
    std::vector<std::string> ends;
    for (const char *name : {"left", "right"}) {
        auto x = w.input(name, {1, 24});
        for (const std::string &weight : weights) {
            x = w.same("Relu", {w.op("MatMul", {x, weight}, {1, 24})});
        }
        ends.push_back(x);
    }
    w.output(w.op("Gemm", {w.same("Abs", {w.same("Sub", ends)}), w.weight({24, 2})}, {1, 2}));
    return w.take();
}

Net multiInput(std::uint32_t seed)
{
    Writer w(seed);
    auto image = w.conv(w.input("image", {1, 3, 16, 16}), 8, 3, 2);
    image = w.op("GlobalAveragePool", {w.same("Relu", {image})}, {1, 8, 1, 1});
    image = w.op("Flatten", {image}, {1, 8});
    const auto text = w.same("Tanh", {w.linear(w.input("text", {1, 20}), 8)});
    const auto table = w.same("Relu", {w.linear(w.input("table", {1, 5}), 8)});
    auto x = w.op("Concat", {image, text, table}, {1, 24});
    for (int layer = 0; layer < 3; ++layer) {
        x = w.same("Add", {w.same("Relu", {w.linear(x, 24)}), x});
    }
    w.output(w.same("Softmax", {w.linear(x, 5)}));
    w.output(w.same("Sigmoid", {w.linear(x, 1)}));
    return w.take();
}

std::string silu(Writer &w, const std::string &x)
{
    return w.same("Mul", {x, w.same("Sigmoid", {x})});
}

/// Detector-like: channels split into halves, SiLU written out, three outputs joined, two heads.
Net splitting(std::uint32_t seed)
{
    Writer w(seed);
    auto x = silu(w, w.conv(w.input("image", {1, 3, 32, 32}), 16, 3, 2));
    for (int block = 0; block < 3; ++block) {
        const auto y = silu(w, w.conv(x, 32, 1));
        const auto halves = w.split(y, {1, 16, 16, 16});
        const auto inner = silu(w, w.conv(silu(w, w.conv(halves[1], 16)), 16));
        const auto sum = w.same("Add", {halves[1], inner});
        x = silu(w, w.conv(w.op("Concat", {halves[0], halves[1], sum}, {1, 48, 16, 16}), 16, 1));
    }
    for (int head = 0; head < 2; ++head) {
        w.output(w.conv(silu(w, w.conv(x, 16)), 4, 1));
    }
    return w.take();
}

std::string rmsNorm(Writer &w, const std::string &x)
{
    Shape row = w.shape(x);
    const std::int64_t width = row.back();
    row.back() = 1;
    const auto mean = w.op("ReduceMean", {w.same("Pow", {x, w.scalar(2.0F)})}, row);
    const auto root = w.same("Sqrt", {w.same("Add", {mean, w.scalar(1e-6F)})});
    return w.same("Mul", {w.same("Div", {x, root}), w.weight({width}, 1.0F)});
}

/// Language-model-like: written-out RMS norms, gated feed-forward, output tied to the embedding.
Net decoder(std::uint32_t seed)
{
    Writer w(seed);
    const auto table = w.weight({20, 32});
    auto x = w.op("Gather", {table, w.input("tokens", {1, 12})}, {1, 12, 32});
    for (int block = 0; block < 3; ++block) {
        x = w.same("Add", {x, attention(w, rmsNorm(w, x))});
        const auto y = rmsNorm(w, x);
        const auto gated = w.same("Mul", {silu(w, w.linear(y, 48)), w.linear(y, 48)});
        x = w.same("Add", {x, w.linear(gated, 32)});
    }
    w.output(w.op("MatMul", {rmsNorm(w, x), w.op("Transpose", {table}, {32, 20})}, {1, 12, 20}));
    return w.take();
}

} // namespace

std::vector<NamedNet> baseNets(std::uint32_t seed)
{
    return {{"residual CNN", residual(seed)},
            {"depthwise + SE", depthwise(seed + 1)},
            {"U-Net", unet(seed + 2)},
            {"transformer", transformer(seed + 3)},
            {"recurrent", recurrent(seed + 4)},
            {"weight-tied", tied(seed + 5)},
            {"multi-input", multiInput(seed + 6)},
            {"split + SiLU", splitting(seed + 7)},
            {"decoder", decoder(seed + 8)}};
}

} // namespace syncpoint::eval
