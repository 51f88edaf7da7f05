#include "base_nets.h"

#include "net_writer.h"

namespace syncpoint::eval {
namespace {

/// Encoder of twelve equal layers, normalised after every sum; a mask is added to all scores.
Net encoder(std::uint32_t seed)
{
    NetWriter w(seed);
    const auto words = w.op("Gather", {w.weight({30, 16}), w.input("ids", {1, 10})}, {1, 10, 16});
    const auto kinds = w.op("Gather", {w.weight({2, 16}), w.input("kinds", {1, 10})}, {1, 10, 16});
    const auto mask =
        w.op("Unsqueeze", {w.input("mask", {1, 10}), w.numbers({1, 2})}, {1, 1, 1, 10});
    const auto away = w.op("Sub", {w.scalar(1.0F), mask}, {1, 1, 1, 10});
    auto x = w.same("Add", {w.same("Add", {words, kinds}), w.weight({1, 10, 16})});
    const auto bias = w.op("Mul", {away, w.scalar(-1e4F)}, {1, 1, 1, 10});
    x = w.writtenLayerNorm(x);
    for (int layer = 0; layer < 12; ++layer) {
        x = w.writtenLayerNorm(w.same("Add", {w.attention(x, x, 2, bias), x}));
        const auto inner = w.linear(w.writtenGelu(w.linear(x, 32)), 16);
        x = w.writtenLayerNorm(w.same("Add", {inner, x}));
    }
    const auto first = w.op("Gather", {x, w.numbers({0})}, {1, 16}, {{"axis", {1}}});
    const auto pooled =
        w.op("Tanh", {w.op("Gemm", {first, w.weight({16, 16}), w.weight({16})}, {1, 16})}, {1, 16});
    w.output(x);
    w.output(w.op("Gemm", {pooled, w.weight({16, 3}), w.weight({3})}, {1, 3}));
    return w.take();
}

std::string groupNorm(NetWriter &w, const std::string &x)
{
    const std::int64_t c = w.shape(x)[1];
    return w.same("GroupNormalization", {x, w.weight({c}, 1.0F), w.weight({c})},
                  {{"num_groups", {4}}});
}

/// Denoiser-like: group norms, a time embedding added to every block, attention to a context.
Net denoiser(std::uint32_t seed)
{
    NetWriter w(seed);
    auto x = w.conv(w.input("latent", {1, 4, 8, 8}), 16);
    const auto context = w.input("context", {1, 6, 16});
    auto time = w.linear(w.input("time", {1, 8}), 16);
    time = w.silu(w.linear(w.silu(time), 16));
    std::vector<std::string> skips;
    const auto block = [&](std::string in, std::int64_t width) {
        auto y = w.conv(w.silu(groupNorm(w, in)), width);
        auto t = w.linear(time, width);
        t = w.op("Unsqueeze", {t, w.numbers({2, 3})}, {1, width, 1, 1});
        y = w.conv(w.silu(groupNorm(w, w.same("Add", {y, t}))), width);
        in = w.shape(in)[1] == width ? in : w.conv(in, width, 1);
        return w.same("Add", {in, y});
    };
    for (int level = 0; level < 2; ++level) {
        x = block(x, 16);
        auto flat = w.op("Reshape", {groupNorm(w, x), w.numbers({1, 16, 64})}, {1, 16, 64});
        flat = w.op("Transpose", {flat}, {1, 64, 16}, {{"perm", {0, 2, 1}}});
        flat = w.same("Add", {w.attention(w.layerNorm(flat), context), flat});
        flat = w.op("Transpose", {flat}, {1, 16, 64}, {{"perm", {0, 2, 1}}});
        x = w.same("Add", {w.op("Reshape", {flat, w.numbers({1, 16, 8, 8})}, {1, 16, 8, 8}), x});
        skips.push_back(x);
    }
    x = block(x, 16);
    for (const std::string &skip : {skips[1], skips[0]}) {
        x = block(w.op("Concat", {x, skip}, {1, 32, 8, 8}, {{"axis", {1}}}), 16);
    }
    w.output(w.conv(w.silu(groupNorm(w, x)), 4));
    return w.take();
}

std::string padded(NetWriter &w, const std::string &x)
{
    Shape shape = w.shape(x);
    shape.back() += 2;
    return w.op("Pad", {x, w.numbers({0, 0, 1, 0, 0, 1})}, shape);
}

/// Padded 1-D convolution without padding of its own.
std::string validConv(NetWriter &w, const std::string &x, std::int64_t channels)
{
    const Shape shape = w.shape(x);
    return w.op("Conv", {padded(w, x), w.weight({channels, shape[1], 3}), w.weight({channels})},
                {1, channels, shape[2]});
}

/// Sound: gated 1-D convolutions with skip sums, then recurrent layers as single ops.
Net speech(std::uint32_t seed)
{
    NetWriter w(seed);
    auto x = validConv(w, w.input("sound", {1, 2, 6}), 8);
    std::string skips;
    for (int layer = 0; layer < 4; ++layer) {
        const auto filter = w.same("Tanh", {validConv(w, x, 8)});
        const auto gated = w.same("Mul", {filter, w.same("Sigmoid", {validConv(w, x, 8)})});
        const auto skip = w.conv(gated, 8, 1);
        skips = skips.empty() ? skip : w.same("Add", {skips, skip});
        x = layer < 3 ? w.same("Add", {w.conv(gated, 8, 1), x}) : skips;
    }
    x = w.op("Transpose", {w.same("Relu", {skips})}, {6, 1, 8}, {{"perm", {2, 0, 1}}});
    const Attributes width{{"hidden_size", {8}}};
    for (int layer = 0; layer < 2; ++layer) {
        x = w.op("LSTM", {x, w.weight({1, 32, 8}), w.weight({1, 32, 8}), w.weight({1, 64})},
                 {6, 1, 1, 8}, width);
        x = w.op("Squeeze", {x, w.numbers({1})}, {6, 1, 8});
    }
    x = w.op("GRU", {x, w.weight({1, 24, 8}), w.weight({1, 24, 8}), w.weight({1, 48})},
             {6, 1, 1, 8}, width);
    x = w.op("Squeeze", {x, w.numbers({1})}, {6, 1, 8});
    w.output(w.same("Sigmoid", {w.linear(x, 3)}));
    return w.take();
}

/// Grouped convolutions with shuffled channels, Relu6 as Clip, hard swish in small ops.
Net grouped(std::uint32_t seed)
{
    NetWriter w(seed);
    const auto low = w.scalar(0.0F);
    const auto high = w.scalar(6.0F);
    const auto relu6 = [&](const std::string &x) { return w.same("Clip", {x, low, high}); };
    auto x = relu6(w.conv(w.input("image", {1, 3, 16, 16}), 16, 3, 2));
    for (int block = 0; block < 3; ++block) {
        auto y = relu6(w.conv(x, 16, 1, 1, 4));
        y = w.op("Reshape", {y, w.numbers({1, 4, 4, 8, 8})}, {1, 4, 4, 8, 8});
        y = w.op("Transpose", {y}, {1, 4, 4, 8, 8}, {{"perm", {0, 2, 1, 3, 4}}});
        y = w.op("Reshape", {y, w.numbers({1, 16, 8, 8})}, {1, 16, 8, 8});
        y = w.batchNorm(w.depthwise(y));
        const auto gate = w.same("Clip", {w.same("Add", {y, w.scalar(3.0F)}), low, high});
        y = w.same("Div", {w.same("Mul", {y, gate}), w.scalar(6.0F)});
        x = w.same("Add", {w.batchNorm(w.conv(y, 16, 1, 1, 2)), x});
    }
    x = w.op("ReduceMean", {x}, {1, 16}, {{"axes", {2, 3}}, {"keepdims", {0}}});
    w.output(w.linear(x, 5));
    return w.take();
}

/// Two images of one size go through alike branches of their own weights and meet.
Net towers(std::uint32_t seed)
{
    NetWriter w(seed);
    std::vector<std::string> ends;
    for (const char *name : {"left", "right"}) {
        auto x = w.input(name, {1, 3, 16, 16});
        for (int layer = 0; layer < 3; ++layer) {
            x = w.same("Relu", {w.batchNorm(w.conv(x, 8))});
        }
        ends.push_back(x);
    }
    auto x = w.same("Mul", {ends[0], w.same("Sigmoid", {ends[1]})});
    x = w.op("Concat", {x, w.same("Abs", {w.same("Sub", ends)})}, {1, 16, 16, 16}, {{"axis", {1}}});
    w.output(w.conv(x, 4));
    w.output(w.conv(x, 4));
    return w.take();
}

} // namespace

std::vector<NamedNet> exportedNets(std::uint32_t seed)
{
    return {{"encoder", encoder(seed + 20)},
            {"denoiser", denoiser(seed + 21)},
            {"speech", speech(seed + 22)},
            {"grouped", grouped(seed + 23)},
            {"towers", towers(seed + 24)}};
}

std::vector<NamedNet> developedNets(std::uint32_t seed)
{
    std::vector<NamedNet> nets = baseNets(seed);
    for (NamedNet &net : exportedNets(seed)) {
        nets.push_back(std::move(net));
    }
    return nets;
}

} // namespace syncpoint::eval
