#include "compare/align/coverage.h"
#include "core/formats/onnx/onnx_loader.h"
#include "graphs.h"

#include <filesystem>

namespace syncpoint {
namespace {

using testing::align;

std::shared_ptr<const Graph> load(const std::string &name)
{
    const auto path =
        std::filesystem::path(SYNCPOINT_TEST_DATA) / "../../examples/promptseg" / name;
    auto graph = makeOnnxLoader()->load(path, {});
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
    return graph ? graph.value() : nullptr;
}

/// What the name of a compared value is when the quantizer's marks are taken away.
std::string plain(std::string name)
{
    const std::string mark = "_DequantizeLinear_Output";
    return name.ends_with(mark) ? name.substr(0, name.size() - mark.size()) : name;
}

class PromptSegAlignmentTest : public ::testing::TestWithParam<const char *>
{
};

TEST_P(PromptSegAlignmentTest, EveryCandidateOpIsPairedWithTheValueOfItsName)
{
    const auto baseline = load("baseline.onnx");
    const auto candidate = load(GetParam());
    ASSERT_TRUE(baseline && candidate);

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_EQ(matchableOps(*candidate, alignment.candidate).ratio(), 1.0);
    EXPECT_EQ(alignment.reachabilityViolations, 0U);
    for (const SyncPoint &point : alignment.points) {
        EXPECT_EQ(plain(candidate->qualifiedName(point.candidate)),
                  baseline->qualifiedName(point.reference));
        EXPECT_TRUE(point.transform.isIdentity());
    }
    for (const ValueOutcome &outcome : alignment.reference) {
        EXPECT_NE(outcome.status, ValueStatus::Unmatched) << outcome.reason;
    }
}

INSTANTIATE_TEST_SUITE_P(Examples, PromptSegAlignmentTest,
                         ::testing::Values("baseline.onnx", "int8.onnx", "int4.onnx",
                                           "int4-keep-detector.onnx"));

} // namespace
} // namespace syncpoint
