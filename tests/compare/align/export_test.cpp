#include "core/formats/onnx/onnx_loader.h"
#include "graphs.h"

#include <filesystem>

namespace syncpoint {
namespace {

using testing::align;
using testing::GraphMaker;
using testing::partnerOf;

std::shared_ptr<const Graph> load(const std::string &name)
{
    auto graph =
        makeOnnxLoader()->load(std::filesystem::path(SYNCPOINT_TEST_DATA) / "onnx" / name, {});
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
    return graph ? graph.value() : nullptr;
}

TEST(ExporterAlignmentTest, TwoExportsOfSileroMeetAtEveryStageOfTheModel)
{
    const auto script = load("silero_vad_16k_op15.onnx");
    const auto dynamo = load("silero_vad_op18_ifless.onnx");
    ASSERT_TRUE(script && dynamo);

    const Alignment alignment = align(*script, *dynamo);

    const std::string body = "node_cond__1/then_branch/";
    const std::pair<const char *, std::string> expected[] = {
        {"/model/stft/Conv_output_0", body + "conv1d"},
        {"/model/encoder/0/reparam_conv/Conv_output_0", body + "conv1d_1"},
        {"/model/encoder/1/reparam_conv/Conv_output_0", body + "conv1d_2"},
        {"/model/encoder/2/reparam_conv/Conv_output_0", body + "conv1d_3"},
        {"/model/encoder/3/reparam_conv/Conv_output_0", body + "conv1d_4"},
        {"/model/decoder/If_1_output_0", body + "mul_182"}, // an LSTM here, its formula there
        {"/model/decoder/decoder/2/Conv_output_0", body + "conv1d_5"},
        {"output", "output"}};
    for (const auto &[reference, candidate] : expected) {
        EXPECT_EQ(partnerOf(alignment, *script, *dynamo, reference), candidate);
    }
    EXPECT_EQ(alignment.reachabilityViolations, 0U);
}

TEST(CoarseOpTest, WrittenOutGeluMeetsTheFusedOneAtItsExitAndIsAbsorbed)
{
    const auto baseline = GraphMaker()
                              .input("x", {1, 8})
                              .constant("root", {1.414F})
                              .constant("one", {1.0F})
                              .constant("half", {0.5F})
                              .op("Tanh", {"x"}, "h", {1, 8})
                              .op("Div", {"h", "root"}, "d", {1, 8})
                              .op("Erf", {"d"}, "e", {1, 8})
                              .op("Add", {"e", "one"}, "a", {1, 8})
                              .op("Mul", {"h", "a"}, "m", {1, 8})
                              .op("Mul", {"m", "half"}, "y", {1, 8})
                              .op("Softmax", {"y"}, "z", {1, 8})
                              .output("z")
                              .build();
    const auto candidate = GraphMaker()
                               .input("i", {1, 8})
                               .op("Tanh", {"i"}, "p", {1, 8})
                               .op("Gelu", {"p"}, "q", {1, 8})
                               .op("Softmax", {"q"}, "r", {1, 8})
                               .output("r")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "y"), "q");
    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "z"), "r");
    for (const char *inner : {"d", "e", "a", "m"}) {
        EXPECT_EQ(alignment.reference[baseline->findValue(inner)->index()].status,
                  ValueStatus::Absorbed)
            << inner;
    }
}

TEST(BridgeTest, InsertedOpStaysUnmatchedAndWhatFollowsIsPaired)
{
    const auto baseline = GraphMaker()
                              .input("x", {1, 8})
                              .op("Tanh", {"x"}, "a", {1, 8})
                              .op("Softmax", {"a"}, "b", {1, 8})
                              .op("Sigmoid", {"b"}, "c", {1, 8})
                              .output("c")
                              .build();
    const auto candidate = GraphMaker()
                               .input("i", {1, 8})
                               .op("Tanh", {"i"}, "p", {1, 8})
                               .op("Abs", {"p"}, "new", {1, 8})
                               .op("Softmax", {"new"}, "q", {1, 8})
                               .op("Sigmoid", {"q"}, "r", {1, 8})
                               .output("r")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "a"), "p");
    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "b"), "q");
    EXPECT_NE(alignment.candidate[candidate->findValue("new")->index()].status,
              ValueStatus::Paired);
}

} // namespace
} // namespace syncpoint
