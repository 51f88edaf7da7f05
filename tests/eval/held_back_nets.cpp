#include "base_nets.h"

#include "net_writer.h"

namespace syncpoint::eval {
namespace {

/// Patches as tokens, a class token in front, one product for queries, keys and values.
Net patches(std::uint32_t seed)
{
    NetWriter w(seed);
    auto x = w.conv(w.input("image", {1, 3, 16, 16}), 32, 4, 4);
    x = w.op("Reshape", {x, w.numbers({1, 32, 16})}, {1, 32, 16});
    x = w.op("Transpose", {x}, {1, 16, 32}, {{"perm", {0, 2, 1}}});
    x = w.op("Concat", {w.weight({1, 1, 32}), x}, {1, 17, 32}, {{"axis", {1}}});
    x = w.same("Add", {x, w.weight({1, 17, 32})});
    for (int block = 0; block < 4; ++block) {
        auto qkv = w.linear(w.writtenLayerNorm(x), 96);
        qkv = w.op("Reshape", {qkv, w.numbers({1, 17, 3, 4, 8})}, {1, 17, 3, 4, 8});
        qkv = w.op("Transpose", {qkv}, {3, 1, 4, 17, 8}, {{"perm", {2, 0, 3, 1, 4}}});
        std::vector<std::string> parts;
        for (std::int64_t part = 0; part < 3; ++part) {
            parts.push_back(
                w.op("Gather", {qkv, w.numbers({part})}, {1, 4, 17, 8}, {{"axis", {0}}}));
        }
        const auto q = w.same("Mul", {parts[0], w.scalar(0.35F)});
        const auto k = w.op("Transpose", {parts[1]}, {1, 4, 8, 17}, {{"perm", {0, 1, 3, 2}}});
        auto a = w.same("Softmax", {w.op("MatMul", {q, k}, {1, 4, 17, 17})}, {{"axis", {-1}}});
        a = w.op("MatMul", {a, parts[2]}, {1, 4, 17, 8});
        a = w.op("Transpose", {a}, {1, 17, 4, 8}, {{"perm", {0, 2, 1, 3}}});
        a = w.linear(w.op("Reshape", {a, w.numbers({1, 17, 32})}, {1, 17, 32}), 32);
        x = w.same("Add", {x, w.same("Mul", {a, w.weight({32}, 0.1F)})});
        const auto inner = w.linear(w.writtenGelu(w.linear(w.writtenLayerNorm(x), 64)), 32);
        x = w.same("Add", {x, w.same("Mul", {inner, w.weight({32}, 0.1F)})});
    }
    x = w.op("Gather", {w.writtenLayerNorm(x), w.numbers({0})}, {1, 32}, {{"axis", {1}}});
    w.output(w.op("Gemm", {x, w.weight({32, 10}), w.weight({10})}, {1, 10}));
    return w.take();
}

/// Three scales, joined from the coarsest; one head with the same weights reads all of them.
Net pyramid(std::uint32_t seed)
{
    NetWriter w(seed);
    auto x = w.input("image", {1, 3, 32, 32});
    std::vector<std::string> scales;
    for (const std::int64_t width : {8, 16, 24}) {
        x = w.same("LeakyRelu", {w.batchNorm(w.conv(x, width, 3, 2))});
        const auto inner = w.same("LeakyRelu", {w.batchNorm(w.conv(x, width / 2, 1))});
        x = w.same("Add", {w.same("LeakyRelu", {w.batchNorm(w.conv(inner, width))}), x});
        scales.push_back(x);
    }
    const auto headWeight = w.weight({6, 8, 3, 3});
    const auto headBias = w.weight({6});
    std::vector<std::string> boxes;
    std::vector<std::string> scores;
    std::string coarser;
    for (auto scale = scales.rbegin(); scale != scales.rend(); ++scale) {
        auto level = w.conv(*scale, 8, 1);
        const Shape s = w.shape(level);
        if (!coarser.empty()) {
            level = w.same("Add", {level, w.op("Resize", {coarser, "", w.scalar(2.0F)}, s)});
        }
        coarser = level;
        const auto head = w.op("Conv", {w.same("LeakyRelu", {level}), headWeight, headBias},
                               {1, 6, s[2], s[3]}, {{"pads", {1, 1, 1, 1}}});
        const auto flat = w.op("Reshape", {head, w.numbers({1, 6, -1})}, {1, 6, s[2] * s[3]});
        const auto rows = w.op("Transpose", {flat}, {1, s[2] * s[3], 6}, {{"perm", {0, 2, 1}}});
        const auto corner = w.op("Slice", {rows, w.numbers({0}), w.numbers({2}), w.numbers({2})},
                                 {1, s[2] * s[3], 2});
        const auto size = w.op("Slice", {rows, w.numbers({2}), w.numbers({4}), w.numbers({2})},
                               {1, s[2] * s[3], 2});
        const auto score = w.op("Slice", {rows, w.numbers({4}), w.numbers({6}), w.numbers({2})},
                                {1, s[2] * s[3], 2});
        const auto stride = w.scalar(static_cast<float>(32 / s[2]));
        boxes.push_back(w.op("Concat",
                             {w.same("Mul", {w.same("Sigmoid", {corner}), stride}),
                              w.same("Mul", {w.same("Exp", {size}), stride})},
                             {1, s[2] * s[3], 4}, {{"axis", {2}}}));
        scores.push_back(w.same("Sigmoid", {score}));
    }
    w.output(w.op("Concat", boxes, {1, 336, 4}, {{"axis", {1}}}));
    w.output(w.op("Concat", scores, {1, 336, 2}, {{"axis", {1}}}));
    return w.take();
}

/// Tables looked up by category, every pair of them multiplied, joined with dense features.
Net recommender(std::uint32_t seed)
{
    NetWriter w(seed);
    auto dense = w.input("dense", {2, 7});
    for (const std::int64_t width : {16, 8}) {
        dense = w.same(
            "Relu", {w.op("Gemm", {dense, w.weight({w.shape(dense)[1], width}), w.weight({width})},
                          {2, width})});
    }
    std::vector<std::string> rows{w.op("Unsqueeze", {dense, w.numbers({1})}, {2, 1, 8})};
    for (int table = 0; table < 4; ++table) {
        const auto id = w.input("category" + std::to_string(table), {2, 1});
        rows.push_back(w.op("Gather", {w.weight({12, 8}), id}, {2, 1, 8}));
    }
    const auto all = w.op("Concat", rows, {2, 5, 8}, {{"axis", {1}}});
    const auto turned = w.op("Transpose", {all}, {2, 8, 5}, {{"perm", {0, 2, 1}}});
    auto x =
        w.op("Reshape", {w.op("MatMul", {all, turned}, {2, 5, 5}), w.numbers({2, 25})}, {2, 25});
    x = w.op("Concat", {dense, x}, {2, 33}, {{"axis", {1}}});
    for (const std::int64_t width : {24, 24, 1}) {
        x = w.op("Gemm", {x, w.weight({w.shape(x)[1], width}), w.weight({width})}, {2, width});
        x = w.same(width == 1 ? "Sigmoid" : "Relu", {x});
    }
    w.output(x);
    return w.take();
}

/// Four branches per block that differ in depth, joined along the channels.
Net inception(std::uint32_t seed)
{
    NetWriter w(seed);
    const auto unit = [&](const std::string &x, std::int64_t width, std::int64_t kernel) {
        return w.same("Relu", {w.batchNorm(w.conv(x, width, kernel))});
    };
    auto x = unit(w.input("image", {1, 3, 16, 16}), 16, 3);
    for (int block = 0; block < 3; ++block) {
        const auto pooled = w.same("AveragePool", {x}, {{"kernel_shape", {3, 3}}});
        x = w.op("Concat",
                 {unit(x, 8, 1), unit(unit(x, 8, 1), 8, 3), unit(unit(unit(x, 8, 1), 8, 3), 8, 3),
                  unit(pooled, 8, 1)},
                 {1, 32, 16, 16}, {{"axis", {1}}});
    }
    x = w.op("GlobalAveragePool", {x}, {1, 32, 1, 1});
    x = w.op("Flatten", {x}, {1, 32});
    w.output(w.same("Softmax", {w.op("Gemm", {x, w.weight({32, 6}), w.weight({6})}, {1, 6})}));
    return w.take();
}

/// Translation-like: a recurrent encoder read by a decoder whose weights are equal across layers.
Net translator(std::uint32_t seed)
{
    NetWriter w(seed);
    const auto table = w.weight({24, 16});
    auto memory = w.op("Gather", {table, w.input("source", {5, 1})}, {5, 1, 16});
    memory = w.op("GRU", {memory, w.weight({1, 48, 16}), w.weight({1, 48, 16}), w.weight({1, 96})},
                  {5, 1, 1, 16}, {{"hidden_size", {16}}});
    memory = w.op("Squeeze", {memory, w.numbers({1})}, {5, 1, 16});
    memory = w.op("Transpose", {memory}, {1, 5, 16}, {{"perm", {1, 0, 2}}});
    auto x = w.op("Gather", {table, w.input("target", {1, 4})}, {1, 4, 16});
    for (int layer = 0; layer < 3; ++layer) {
        const auto n = w.layerNorm(x);
        x = w.same("Add", {x, w.attention(n, n)});
        x = w.same("Add", {x, w.attention(w.layerNorm(x), memory)});
        const auto y = w.layerNorm(x);
        const auto gate = w.same("Sigmoid", {w.linear(y, 24)});
        x = w.same("Add", {x, w.linear(w.same("Mul", {w.linear(y, 24), gate}), 16)});
    }
    w.output(w.op("MatMul", {w.layerNorm(x), w.op("Transpose", {table}, {16, 24})}, {1, 4, 24}));
    return w.take();
}

} // namespace

std::vector<NamedNet> heldBackNets(std::uint32_t seed)
{
    return {{"patches", patches(seed + 40)},
            {"pyramid", pyramid(seed + 41)},
            {"recommender", recommender(seed + 42)},
            {"inception", inception(seed + 43)},
            {"translator", translator(seed + 44)}};
}

} // namespace syncpoint::eval
