#include "deep_nets.h"

#include "net_writer.h"

namespace syncpoint::faults {
namespace {

FaultNet residual(std::uint32_t seed)
{
    NetWriter w("residual CNN", seed);
    auto x = w.make("Relu", {w.conv(w.input("image", {1, 3, 16, 16}), 3, 12, 3)});
    for (int block = 0; block < 9; ++block) {
        auto y = w.make("Relu", {w.conv(x, 12, 12, 3)});
        y = w.make("Mul", {w.conv(y, 12, 12, 3), w.scalar(0.5F)});
        x = w.make("Relu", {w.make("Add", {y, x})});
    }
    const auto flat = w.make("Flatten", {w.make("GlobalAveragePool", {x})});
    return w.take(
        {w.make("Gemm", {flat, w.weight({12, 10}, 0.0F, 0.3F, 1), w.weight({10}, 0.0F, 0.3F)})});
}

/// Two streams: the tokens attend to themselves, then to the memory.
FaultNet encoderDecoder(std::uint32_t seed)
{
    NetWriter w("cross attention", seed);
    auto x = w.input("tokens", {1, 10, 32});
    const auto memory = w.layerNorm(w.linear(w.input("memory", {1, 14, 32}), 32, 32), 32);
    const auto heads = [&](const std::string &of, std::int64_t length,
                           std::vector<std::int64_t> axes) {
        const auto split = w.make("Reshape", {w.linear(of, 32, 32), w.shape({1, length, 4, 8})});
        FaultOp &turn = w.op("Transpose", {split});
        turn.lists["perm"] = std::move(axes);
        return turn.output;
    };
    const auto attend = [&](const std::string &n, const std::string &to, std::int64_t length) {
        const auto q = heads(n, 10, {0, 2, 1, 3});
        const auto k = heads(to, length, {0, 2, 3, 1});
        const auto v = heads(to, length, {0, 2, 1, 3});
        const auto scores = w.make("Div", {w.make("MatMul", {q, k}), w.scalar(2.83F)});
        FaultOp &softmax = w.op("Softmax", {scores});
        softmax.integers["axis"] = -1;
        FaultOp &turn = w.op("Transpose", {w.make("MatMul", {softmax.output, v})});
        turn.lists["perm"] = {0, 2, 1, 3};
        return w.linear(w.make("Reshape", {turn.output, w.shape({1, 10, 32})}), 32, 32);
    };
    for (int block = 0; block < 3; ++block) {
        auto n = w.layerNorm(x, 32);
        x = w.make("Add", {x, attend(n, n, 10)});
        x = w.make("Add", {x, attend(w.layerNorm(x, 32), memory, 14)});
        const auto up = w.linear(w.layerNorm(x, 32), 32, 64);
        const auto swish = w.make("Mul", {up, w.make("Sigmoid", {up})});
        x = w.make("Add", {x, w.linear(swish, 64, 32)});
    }
    return w.take({w.linear(w.layerNorm(x, 32), 32, 10)});
}

FaultNet recurrent(std::uint32_t seed)
{
    NetWriter w("LSTM", seed);
    const auto bands = w.input("bands", {1, 20, 24});
    FaultOp &conv =
        w.op("Conv", {bands, w.weight({24, 20, 3}, 0.0F, 0.2F), w.weight({24}, 0.0F, 0.2F)});
    conv.lists["pads"] = {1, 1};
    FaultOp &turn = w.op("Transpose", {w.make("Relu", {conv.output})});
    turn.lists["perm"] = {2, 0, 1};
    auto x = turn.output;
    for (int layer = 0; layer < 2; ++layer) {
        FaultOp &lstm =
            w.op("LSTM", {x, w.weight({1, 64, layer == 0 ? 24 : 16}, 0.0F, 0.4F, 1),
                          w.weight({1, 64, 16}, 0.0F, 0.4F, 1), w.weight({1, 128}, 0.0F, 0.2F, 1)});
        lstm.integers["hidden_size"] = 16;
        x = w.make("Reshape", {lstm.output, w.shape({24, 1, 16})});
    }
    const auto centred = w.make("Sub", {x, w.make("Tanh", {w.linear(x, 16, 16)})});
    return w.take({w.make("Sigmoid", {w.linear(centred, 16, 4)})});
}

FaultNet mobile(std::uint32_t seed)
{
    NetWriter w("mobile segmenter", seed);
    const auto swish = [&](const std::string &x) { return w.make("HardSwish", {x}); };
    const auto norm = [&](const std::string &x, std::int64_t width) {
        FaultOp &made = w.op("BatchNormalization",
                             {x, w.weight({width}, 1.0F, 0.2F), w.weight({width}, 0.0F, 0.2F),
                              w.weight({width}, 0.0F, 0.2F), w.weight({width}, 1.0F, 0.05F)});
        made.reals["epsilon"] = 1e-3F;
        return made.output;
    };
    auto x = swish(norm(w.conv(w.input("image", {1, 3, 16, 16}), 3, 16, 3), 16));
    auto fine = x;
    FaultOp &pool = w.op("AveragePool", {x});
    pool.lists["kernel_shape"] = {2, 2};
    pool.lists["strides"] = {2, 2};
    x = pool.output;
    for (int block = 0; block < 4; ++block) {
        auto y = swish(norm(w.conv(x, 16, 48, 1), 48));
        y = swish(norm(w.conv(y, 48, 48, 5, 48), 48));
        x = w.make("Add", {norm(w.conv(y, 48, 16, 1), 16), x});
    }
    x = w.make("Resize", {x, "", w.constant({1.0F, 1.0F, 2.0F, 2.0F})});
    FaultOp &join = w.op("Concat", {x, fine});
    join.integers["axis"] = 1;
    x = swish(norm(w.conv(join.output, 32, 16, 3), 16));
    return w.take({w.conv(x, 16, 3, 1)});
}

/// Channel and token mixing with the normalization written out op by op.
FaultNet mixer(std::uint32_t seed)
{
    NetWriter w("mixer", seed);
    auto x = w.input("patches", {1, 16, 24});
    const auto norm = [&](const std::string &of) {
        const auto mean = [&](const std::string &what) {
            FaultOp &made = w.op("ReduceMean", {what});
            made.lists["axes"] = {-1};
            return made.output;
        };
        const auto centred = w.make("Sub", {of, mean(of)});
        const auto square = w.make("Mul", {centred, centred});
        const auto spread = w.make("Sqrt", {w.make("Add", {mean(square), w.scalar(1e-3F)})});
        return w.make("Mul", {w.make("Div", {centred, spread}), w.weight({24}, 1.0F, 0.2F)});
    };
    const auto turned = [&](const std::string &of) {
        FaultOp &turn = w.op("Transpose", {of});
        turn.lists["perm"] = {0, 2, 1};
        return turn.output;
    };
    for (int block = 0; block < 4; ++block) {
        auto y = w.make("Relu", {w.linear(turned(norm(x)), 16, 32)});
        x = w.make("Add", {x, turned(w.linear(y, 32, 16))});
        FaultOp &leaky = w.op("LeakyRelu", {w.linear(norm(x), 24, 48)});
        leaky.reals["alpha"] = 0.2F;
        x = w.make("Add", {x, w.linear(leaky.output, 48, 24)});
    }
    FaultOp &pooled = w.op("ReduceMean", {norm(x)});
    pooled.lists["axes"] = {1};
    return w.take({w.linear(pooled.output, 24, 6)});
}

} // namespace

std::vector<FaultNet> deepFaultNets(std::uint32_t seed)
{
    return {residual(seed), encoderDecoder(seed + 1), recurrent(seed + 2), mobile(seed + 3),
            mixer(seed + 4)};
}

} // namespace syncpoint::faults
