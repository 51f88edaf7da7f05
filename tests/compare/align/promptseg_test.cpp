#include "compare/align/coverage.h"
#include "core/formats/onnx/onnx_loader.h"
#include "core/formats/pytorch/pt2_loader.h"
#include "graphs.h"

#include <filesystem>

namespace syncpoint {
namespace {

using testing::align;

std::shared_ptr<const Graph> loadExample(const std::string &name)
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

class PromptSegVariantsTest : public ::testing::TestWithParam<const char *>
{
};

TEST_P(PromptSegVariantsTest, EveryCandidateOpIsPairedWithTheValueOfItsName)
{
    const auto baseline = loadExample("baseline.onnx");
    const auto candidate = loadExample(GetParam());
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

INSTANTIATE_TEST_SUITE_P(Examples, PromptSegVariantsTest,
                         ::testing::Values("baseline.onnx", "int8.onnx", "int4.onnx",
                                           "int4-keep-detector.onnx"));

/// Where the exporter puts what a module makes: it folds the normalisations into the convolutions
/// before them.
std::string moduleInExport(std::string path)
{
    const std::string norm = "decoder.bn";
    const auto at = path.find(norm);
    return at == std::string::npos ? path : path.replace(at, norm.size(), "decoder.mix");
}

/// PyTorch's own program, without its weights: modules and structure are all there is.
TEST(PromptSegAlignmentTest, TheExportedProgramIsPairedModuleByModule)
{
    const auto baseline = loadExample("baseline.onnx");
    const auto program = makePt2Loader()->load(
        std::filesystem::path(SYNCPOINT_TEST_DATA) / "pytorch/promptseg_program.pt2", {});
    ASSERT_TRUE(baseline && program);
    const Graph &candidate = **program;

    const Alignment alignment = align(*baseline, candidate);

    EXPECT_GT(matchableOps(candidate, alignment.candidate).ratio(), 0.95);
    EXPECT_GT(alignment.points.size(), 70U);
    for (const SyncPoint &point : alignment.points) {
        const NodeId own = baseline->value(point.reference).producer;
        const NodeId other = candidate.value(point.candidate).producer;
        ASSERT_EQ(own.isValid(), other.isValid());
        if (own.isValid()) {
            EXPECT_EQ(baseline->module(baseline->node(own).module).path,
                      moduleInExport(candidate.module(candidate.node(other).module).path));
        }
        EXPECT_EQ(baseline->value(point.reference).shape, candidate.value(point.candidate).shape);
    }
}

} // namespace
} // namespace syncpoint
