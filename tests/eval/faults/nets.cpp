#include "net_writer.h"

namespace syncpoint::faults {
namespace {

FaultNet depthwise(std::uint32_t seed)
{
    NetWriter w("depthwise CNN", seed);
    auto x = w.make("Relu", {w.conv(w.input("image", {1, 3, 16, 16}), 3, 16, 3)});
    for (int block = 0; block < 3; ++block) {
        FaultOp &leaky = w.op("LeakyRelu", {w.conv(x, 16, 32, 1)});
        leaky.reals["alpha"] = 0.1F;
        auto y = w.make("Relu", {w.conv(leaky.output, 32, 32, 3, 32)});
        auto s = w.make("GlobalAveragePool", {y});
        s = w.make("Sigmoid", {w.conv(w.make("Relu", {w.conv(s, 32, 8, 1)}), 8, 32, 1)});
        y = w.conv(w.make("Mul", {y, s}), 32, 16, 1);
        x = w.make("Add", {y, x});
    }
    return w.take({w.conv(x, 16, 10, 1)});
}

FaultNet transformer(std::uint32_t seed)
{
    NetWriter w("transformer", seed);
    auto x = w.input("tokens", {1, 12, 32});
    for (int block = 0; block < 2; ++block) {
        const auto n = w.layerNorm(x, 32);
        const auto q = w.linear(n, 32, 32);
        FaultOp &turn = w.op("Transpose", {w.linear(n, 32, 32)});
        turn.lists["perm"] = {0, 2, 1};
        const auto k = turn.output;
        const auto v = w.linear(n, 32, 32);
        FaultOp &softmax =
            w.op("Softmax", {w.make("Mul", {w.make("MatMul", {q, k}), w.scalar(0.2F)})});
        softmax.integers["axis"] = -1;
        x = w.make("Add", {w.linear(w.make("MatMul", {softmax.output, v}), 32, 32), x});
        const auto up = w.linear(w.layerNorm(x, 32), 32, 64);
        const auto erf = w.make("Erf", {w.make("Div", {up, w.scalar(1.4142F)})});
        const auto gelu = w.make("Mul", {up, w.make("Add", {erf, w.scalar(1.0F)})});
        x = w.make("Add", {w.linear(w.make("Mul", {gelu, w.scalar(0.5F)}), 64, 32), x});
    }
    return w.take({w.linear(w.layerNorm(x, 32), 32, 10)});
}

FaultNet unet(std::uint32_t seed)
{
    NetWriter w("U-Net", seed);
    auto a = w.make("Relu", {w.conv(w.input("image", {1, 3, 16, 16}), 3, 12, 3)});
    a = w.make("Relu", {w.conv(a, 12, 12, 3)});
    const auto pool = [&](const std::string &x) {
        FaultOp &made = w.op("MaxPool", {x});
        made.lists["kernel_shape"] = {2, 2};
        made.lists["strides"] = {2, 2};
        return made.output;
    };
    const auto up = [&](const std::string &x, std::int64_t in, std::int64_t out) {
        const float spread = 1.4F / std::sqrt(static_cast<float>(in));
        FaultOp &made = w.op("ConvTranspose", {x, w.weight({in, out, 2, 2}, 0.0F, spread, 1),
                                               w.weight({out}, 0.0F, 0.3F)});
        made.lists["strides"] = {2, 2};
        return made.output;
    };
    const auto join = [&](const std::string &x, const std::string &y) {
        FaultOp &made = w.op("Concat", {x, y});
        made.integers["axis"] = 1;
        return made.output;
    };
    auto b = w.make("Relu", {w.conv(pool(a), 12, 24, 3)});
    auto c = w.make("Relu", {w.conv(pool(b), 24, 32, 3)});
    c = w.make("Tanh", {w.conv(c, 32, 32, 3)});
    b = w.make("Relu", {w.conv(join(up(c, 32, 24), b), 48, 24, 3)});
    a = w.make("Relu", {w.conv(join(up(b, 24, 12), a), 24, 12, 3)});
    return w.take({w.make("Sigmoid", {w.conv(a, 12, 2, 1)})});
}

FaultNet gated(std::uint32_t seed)
{
    NetWriter w("gated recurrence", seed);
    const auto frames = w.input("frames", {4, 24});
    auto h = w.make("Tanh", {w.linear(frames, 24, 32)});
    for (int step = 0; step < 4; ++step) {
        const auto z =
            w.make("Sigmoid", {w.make("Add", {w.linear(h, 32, 32), w.linear(frames, 24, 32)})});
        const auto n =
            w.make("Tanh", {w.make("Add", {w.linear(h, 32, 32), w.linear(frames, 24, 32)})});
        const auto kept = w.make("Sub", {h, w.make("Mul", {z, h})});
        h = w.make("Add", {kept, w.make("Mul", {z, n})});
    }
    return w.take({w.linear(h, 32, 8)});
}

} // namespace

std::vector<FaultNet> faultNets(std::uint32_t seed)
{
    return {depthwise(seed), transformer(seed + 1), unet(seed + 2), gated(seed + 3)};
}

} // namespace syncpoint::faults
