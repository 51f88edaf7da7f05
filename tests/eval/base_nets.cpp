#include "base_nets.h"

#include "net_writer.h"

namespace syncpoint::eval {
namespace {

Net residual(std::uint32_t seed)
{
    NetWriter w(seed);
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
    NetWriter w(seed);
    auto x = w.same("HardSwish", {w.conv(w.input("image", {1, 3, 32, 32}), 16, 3, 2)});
    for (int block = 0; block < 5; ++block) {
        auto y = w.same("HardSwish", {w.conv(x, 32, 1)});
        y = w.same("HardSwish", {w.depthwise(y)});
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
    NetWriter w(seed);
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

std::string feedForward(NetWriter &w, const std::string &x)
{
    const std::int64_t width = w.shape(x).back();
    return w.linear(w.same("Gelu", {w.linear(x, 2 * width)}), width);
}

Net transformer(std::uint32_t seed)
{
    NetWriter w(seed);
    auto x = w.input("tokens", {1, 12, 32});
    x = w.same("Add", {x, w.weight({1, 12, 32})});
    for (int block = 0; block < 4; ++block) {
        const auto n = w.layerNorm(x);
        x = w.same("Add", {w.attention(n, n), x});
        x = w.same("Add", {feedForward(w, w.layerNorm(x)), x});
    }
    w.output(w.linear(w.layerNorm(x), 10));
    return w.take();
}

/// A gated unit, unrolled: every step uses the same weights.
Net recurrent(std::uint32_t seed)
{
    NetWriter w(seed);
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
    NetWriter w(seed);
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
    NetWriter w(seed);
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

/// Detector-like: channels split into halves, SiLU written out, three outputs joined, two heads.
Net splitting(std::uint32_t seed)
{
    NetWriter w(seed);
    auto x = w.silu(w.conv(w.input("image", {1, 3, 32, 32}), 16, 3, 2));
    for (int block = 0; block < 3; ++block) {
        const auto y = w.silu(w.conv(x, 32, 1));
        const auto halves = w.split(y, 1, 2);
        const auto inner = w.silu(w.conv(w.silu(w.conv(halves[1], 16)), 16));
        const auto sum = w.same("Add", {halves[1], inner});
        x = w.silu(w.conv(w.op("Concat", {halves[0], halves[1], sum}, {1, 48, 16, 16}), 16, 1));
    }
    for (int head = 0; head < 2; ++head) {
        w.output(w.conv(w.silu(w.conv(x, 16)), 4, 1));
    }
    return w.take();
}

/// Language-model-like: written-out RMS norms, gated feed-forward, output tied to the embedding.
Net decoder(std::uint32_t seed)
{
    NetWriter w(seed);
    const auto table = w.weight({20, 32});
    auto x = w.op("Gather", {table, w.input("tokens", {1, 12})}, {1, 12, 32});
    for (int block = 0; block < 3; ++block) {
        const auto n = w.rmsNorm(x);
        x = w.same("Add", {x, w.attention(n, n)});
        const auto y = w.rmsNorm(x);
        const auto gated = w.same("Mul", {w.silu(w.linear(y, 48)), w.linear(y, 48)});
        x = w.same("Add", {x, w.linear(gated, 32)});
    }
    w.output(w.op("MatMul", {w.rmsNorm(x), w.op("Transpose", {table}, {32, 20})}, {1, 12, 20}));
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
