#include "../../core/formats/test_files.h"
#include "compare/session/compare_models.h"
#include "core/formats/hdf5/dump_writer.h"
#include "core/graph/graph_builder.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <random>

namespace syncpoint {
namespace {

Tensor normal(const Shape &shape, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> distribution;
    std::vector<float> numbers(*elementCount(shape));
    std::generate(numbers.begin(), numbers.end(), [&] { return distribution(random); });
    return Tensor::fromFloats(shape, numbers);
}

Tensor turned(const Tensor &tensor)
{
    return permuted(tensor, std::vector<std::size_t>{1, 0}).value();
}

/// x → Relu → y with these tensors.
std::filesystem::path dumpOf(const std::filesystem::path &path, const Tensor &x, const Tensor &y)
{
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.localValue(builder.mainScope(), "x"));
    builder.addNode("relu", "Relu", {"x"}, {"y"});
    builder.addOutput(builder.mainScope(), builder.value(builder.mainScope(), "y"));
    auto writer = DumpWriter::create(path, {"test", "", "", "test 1"}, {}).value();
    for (const auto &[name, tensor] : {std::pair("x", x), std::pair("y", y)}) {
        TensorEntry entry;
        entry.name = name;
        entry.info = tensor.info();
        EXPECT_TRUE(writer->write(0, entry, tensor));
    }
    EXPECT_TRUE(writer->writeGraph(*builder.build().value()));
    EXPECT_TRUE(writer->finish());
    return path;
}

std::shared_ptr<const ComparisonResult> compared(const std::filesystem::path &baseline,
                                                 const std::filesystem::path &candidate)
{
    SessionConfig config;
    config.baseline.model = baseline;
    config.candidate.model = candidate;
    auto result = compareModels(config, {}, {});
    EXPECT_TRUE(result) << result.error().message;
    return result ? *result : nullptr;
}

TEST(AxisOrdersTest, AnOrderThatTheExtentsLeaveOpenIsTakenFromTheNumbers)
{
    const test::TemporaryFolder folder;
    const Tensor x = normal({8, 6}, 1);
    const Tensor y = normal({7, 7}, 2);
    const auto own = dumpOf(folder.path() / "a.h5", x, y);

    const auto result = compared(own, dumpOf(folder.path() / "b.h5", turned(x), turned(y)));

    ASSERT_TRUE(result);
    for (std::size_t i = 0; i < result->points.size(); ++i) {
        EXPECT_EQ(result->alignment.points[i].transform.permutation,
                  (std::vector<std::size_t>{1, 0}));
        EXPECT_EQ(result->points[i].overall.state, PairState::Exact);
    }
}

TEST(AxisOrdersTest, ATransposeThatOnlyOneValueShowsIsAFaultNotALayout)
{
    const test::TemporaryFolder folder;
    const Tensor x = normal({8, 6}, 1);
    const Tensor y = normal({7, 7}, 2);
    const auto own = dumpOf(folder.path() / "a.h5", x, y);

    const auto result = compared(own, dumpOf(folder.path() / "b.h5", x, turned(y)));

    ASSERT_TRUE(result);
    EXPECT_EQ(result->points.back().severity, Severity::Bad);
    EXPECT_TRUE(result->alignment.points.back().transform.isIdentity());
    ASSERT_EQ(result->diagnostics.size(), 1U);
    EXPECT_EQ(result->diagnostics[0].where, "y");
    EXPECT_THAT(result->diagnostics[0].text, ::testing::HasSubstr("in the order (1,0)"));
}

} // namespace
} // namespace syncpoint
