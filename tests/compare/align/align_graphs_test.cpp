#include "graphs.h"

#include "compare/align/coverage.h"

#include <gmock/gmock.h>

#include <chrono>

namespace syncpoint {
namespace {

using testing::align;
using testing::GraphMaker;
using testing::partnerOf;
using testing::pointOf;

TEST(AlignGraphsTest, GraphAgainstItselfPairsEveryValueAsItIs)
{
    const auto graph = GraphMaker()
                           .input("x", {1, 8})
                           .constant("w", {1, 2, 3, 4})
                           .op("MatMul", {"x", "w"}, "y")
                           .op("Relu", {"y"}, "z")
                           .output("z")
                           .build();

    const Alignment alignment = align(*graph, *graph);

    ASSERT_EQ(alignment.points.size(), 3U);
    for (const SyncPoint &point : alignment.points) {
        EXPECT_EQ(point.reference, point.candidate);
        EXPECT_TRUE(point.transform.isIdentity());
        EXPECT_EQ(point.match.rule, "exact_name");
    }
    EXPECT_EQ(alignment.reference[graph->findValue("w")->index()].status, ValueStatus::Excluded);
}

TEST(AlignGraphsTest, QuantizedPairComparesTheDequantizedMember)
{
    const auto baseline =
        GraphMaker().input("x").op("Relu", {"x"}, "y").op("Tanh", {"y"}, "z").output("z").build();
    const auto candidate =
        GraphMaker()
            .input("x")
            .op("Relu", {"x"}, "y")
            .op("QuantizeLinear", {"y"}, "y_QuantizeLinear_Output")
            .op("DequantizeLinear", {"y_QuantizeLinear_Output"}, "y_DequantizeLinear_Output")
            .op("Tanh", {"y_DequantizeLinear_Output"}, "z_QuantizeLinear_Input")
            .op("QuantizeLinear", {"z_QuantizeLinear_Input"}, "z_QuantizeLinear_Output")
            .op("DequantizeLinear", {"z_QuantizeLinear_Output"}, "z")
            .output("z")
            .build();

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "y"), "y_DequantizeLinear_Output");
    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "z"), "z");
    EXPECT_EQ(pointOf(alignment, *baseline, "y")->candidateClass.size(), 3U);
}

TEST(AlignGraphsTest, IntegerResultOfAQuantizedOpIsDequantized)
{
    const auto baseline =
        GraphMaker().input("x").op("Conv", {"x"}, "y").op("Tanh", {"y"}, "z").output("z").build();
    const auto candidate = GraphMaker()
                               .input("x")
                               .op("QLinearConv", {"x"}, "y_quantized")
                               .quantized("y_quantized", DType::UInt8, 0.5, 128)
                               .op("Tanh", {"y_quantized"}, "z")
                               .output("z")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    const SyncPoint *point = pointOf(alignment, *baseline, "y");
    ASSERT_NE(point, nullptr);
    EXPECT_TRUE(point->transform.dequantize);
    EXPECT_EQ(toText(point->transform), "dequantize");
    EXPECT_EQ(point->match.rule, "name_rule");
}

std::shared_ptr<const Graph> convRelu()
{
    return GraphMaker()
        .input("x")
        .op("Conv", {"x"}, "conv")
        .op("Relu", {"conv"}, "relu")
        .op("Tanh", {"relu"}, "z")
        .output("z")
        .build();
}

std::shared_ptr<const Graph> quantizedConv(std::int64_t zeroPoint)
{
    return GraphMaker()
        .input("x")
        .op("QLinearConv", {"x"}, "conv_quantized")
        .quantized("conv_quantized", DType::UInt8, 0.5, zeroPoint)
        .op("Tanh", {"conv_quantized"}, "z")
        .output("z")
        .build();
}

TEST(AlignGraphsTest, KeptConvolutionNameBelongsToTheReluThatTheRangeReplaces)
{
    const auto baseline = convRelu();
    const auto candidate = quantizedConv(0);

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "relu"), "conv_quantized");
    EXPECT_EQ(alignment.reference[baseline->findValue("conv")->index()].status,
              ValueStatus::Absorbed);
    const Alignment backward = align(*candidate, *baseline);
    EXPECT_EQ(partnerOf(backward, *candidate, *baseline, "conv_quantized"), "relu");
}

TEST(AlignGraphsTest, KeptConvolutionNameStaysWhenTheRangeHasNegativeNumbers)
{
    const auto baseline = convRelu();
    const auto candidate = quantizedConv(100);

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "conv"), "conv_quantized");
    EXPECT_EQ(pointOf(alignment, *baseline, "relu"), nullptr);
}

/// A convolution and what normalises it, if anything; its name is "conv".
std::shared_ptr<const Graph> normalizedConv(const std::vector<std::string> &norms)
{
    GraphMaker maker;
    maker.input("x", {1, 3, 8, 8}).constant("w", {1, 2}).constant("scale", {3, 4});
    maker.op("Conv", {"x", "w"}, "conv", {1, 2, 8, 8});
    std::string last = "conv";
    for (const std::string &norm : norms) {
        const std::string made = norm + "_result";
        maker.op(norm, {last, "scale"}, made, {1, 2, 8, 8});
        last = made;
    }
    return maker.op("Tanh", {last}, "z", {1, 2, 8, 8}).output("z").build();
}

TEST(AlignGraphsTest, KeptConvolutionNameBelongsToTheNormalisationThatIsFoldedIntoIt)
{
    const auto written = normalizedConv({"BatchNormalization"});
    const auto folded = normalizedConv({});

    const Alignment forward = align(*written, *folded);
    EXPECT_EQ(partnerOf(forward, *written, *folded, "BatchNormalization_result"), "conv");
    const Alignment backward = align(*folded, *written);
    EXPECT_EQ(partnerOf(backward, *folded, *written, "conv"), "BatchNormalization_result");
    EXPECT_EQ(backward.candidate[written->findValue("conv")->index()].status,
              ValueStatus::Absorbed);
}

TEST(AlignGraphsTest, KeptConvolutionNameStaysWhenTheNormalisationIsWrittenOut)
{
    const auto written = normalizedConv({"BatchNormalization"});
    const auto parts = normalizedConv({"Mul", "Add"});

    for (const auto &[baseline, candidate] : {std::pair(written, parts), {parts, written}}) {
        const Alignment alignment = align(*baseline, *candidate);
        EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "conv"), "conv");
    }
}

TEST(AlignGraphsTest, NothingIsFoldedIntoASum)
{
    const auto sum = [](bool isNormalized) {
        GraphMaker maker;
        maker.input("a").input("b").constant("scale", {3, 4}).op("Add", {"a", "b"}, "sum");
        if (isNormalized) {
            maker.op("BatchNormalization", {"sum", "scale"}, "norm");
        }
        return maker.op("Tanh", {isNormalized ? "norm" : "sum"}, "z").output("z").build();
    };
    const auto baseline = sum(true);
    const auto candidate = sum(false);

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "sum"), "sum");
}

TEST(AlignGraphsTest, FusedOpAbsorbsTheOpsBeforeItsExit)
{
    const auto baseline = GraphMaker()
                              .input("x")
                              .constant("w", {1, 2})
                              .constant("b", {1, 2})
                              .op("MatMul", {"x", "w"}, "product")
                              .op("Add", {"product", "b"}, "sum")
                              .op("Div", {"sum", "b"}, "g1")
                              .op("Erf", {"g1"}, "g2")
                              .op("Mul", {"sum", "g2"}, "gelu")
                              .output("gelu")
                              .build();
    const auto candidate = GraphMaker()
                               .input("x")
                               .constant("w", {1, 2})
                               .constant("b", {1, 2})
                               .op("Gemm", {"x", "w", "b"}, "sum")
                               .op("Gelu", {"sum"}, "gelu")
                               .output("gelu")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    const auto statusOf = [&](const char *name) {
        return alignment.reference[baseline->findValue(name)->index()];
    };
    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "sum"), "sum");
    EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, "gelu"), "gelu");
    EXPECT_EQ(statusOf("product").status, ValueStatus::Absorbed);
    EXPECT_EQ(statusOf("g2").status, ValueStatus::Absorbed);
    EXPECT_EQ(statusOf("g2").point, statusOf("gelu").point);
    EXPECT_EQ(pointOf(alignment, *baseline, "gelu")->absorbedReference.size(), 2U);
}

TEST(AlignGraphsTest, ARegionReachesThroughAnOpThatTwoReadersShareAndTheCandidateLeftOut)
{
    const auto baseline = GraphMaker()
                              .input("x")
                              .op("Exp", {"x"}, "a")
                              .op("Relu", {"a"}, "r")
                              .op("Sigmoid", {"r"}, "c")
                              .op("Tanh", {"c"}, "d")
                              .op("Add", {"d", "r"}, "y")
                              .output("y")
                              .build();
    const auto candidate = GraphMaker()
                               .input("x")
                               .op("Exp", {"x"}, "a")
                               .op("FusedTanh", {"a"}, "d")
                               .op("Add", {"d", "a"}, "y")
                               .output("y")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    const auto statusOf = [&](const char *name) {
        return alignment.reference[baseline->findValue(name)->index()].status;
    };
    EXPECT_EQ(statusOf("c"), ValueStatus::Absorbed);
    EXPECT_EQ(statusOf("r"), ValueStatus::Unmatched);
    EXPECT_EQ(pointOf(alignment, *baseline, "d")->absorbedReference.size(), 1U);
}

TEST(AlignGraphsTest, DecomposedCandidateOpsAreAbsorbedToo)
{
    const auto baseline = GraphMaker()
                              .input("x")
                              .op("Relu", {"x"}, "a")
                              .op("HardSwish", {"a"}, "y")
                              .output("y")
                              .build();
    const auto candidate = GraphMaker()
                               .input("x")
                               .op("Relu", {"x"}, "a")
                               .op("HardSigmoid", {"a"}, "inner")
                               .op("Mul", {"inner", "a"}, "y")
                               .output("y")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_EQ(alignment.candidate[candidate->findValue("inner")->index()].status,
              ValueStatus::Absorbed);
    const OpCoverage coverage = matchableOps(*candidate, alignment.candidate);
    EXPECT_EQ(coverage.matchable.size(), 2U);
    EXPECT_EQ(coverage.absorbed, 1U);
    EXPECT_EQ(coverage.ratio(), 1.0);
}

TEST(AlignGraphsTest, OpThatTheCandidateLeftOutIsOneSidedWithAReason)
{
    const auto baseline = GraphMaker()
                              .input("x")
                              .op("Tanh", {"x"}, "a")
                              .op("Relu", {"a"}, "lost")
                              .op("Tanh", {"lost"}, "y")
                              .output("y")
                              .build();
    const auto candidate =
        GraphMaker().input("x").op("Tanh", {"x"}, "a").op("Tanh", {"a"}, "y").output("y").build();

    const Alignment alignment = align(*baseline, *candidate);

    const ValueOutcome &outcome = alignment.reference[baseline->findValue("lost")->index()];
    EXPECT_EQ(outcome.status, ValueStatus::OneSided);
    EXPECT_EQ(outcome.reason, "left out: the candidate reads a directly");
}

TEST(AlignGraphsTest, SameNameMadeByAnUnrelatedOpIsNoPair)
{
    const auto baseline = GraphMaker().input("x").op("Conv", {"x"}, "y").output("y").build();
    const auto candidate = GraphMaker().input("x").op("Softmax", {"x"}, "y").output("y").build();

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_EQ(pointOf(alignment, *baseline, "y"), nullptr);
    EXPECT_THAT(alignment.reference[baseline->findValue("y")->index()].reason,
                ::testing::HasSubstr("Softmax makes it there"));
}

TEST(AlignGraphsTest, SameNameWithAnotherElementCountIsNoPair)
{
    const auto baseline =
        GraphMaker().input("x").op("Relu", {"x"}, "y", {1, 8}).output("y").build();
    const auto candidate =
        GraphMaker().input("x").op("Relu", {"x"}, "y", {1, 9}).output("y").build();

    EXPECT_EQ(pointOf(align(*baseline, *candidate), *baseline, "y"), nullptr);
}

TEST(AlignGraphsTest, RenamedValuesAreFoundFromPairedOperands)
{
    const auto chain = [](const std::string &prefix) {
        return GraphMaker()
            .input("x", {1, 4})
            .op("Relu", {"x"}, prefix + "first")
            .op("Sigmoid", {"x"}, prefix + "second")
            .op("Add", {prefix + "second", prefix + "first"}, prefix + "sum")
            .op("Tanh", {prefix + "sum"}, prefix + "end")
            .output(prefix + "end")
            .build();
    };
    const auto baseline = chain("");
    const auto candidate = chain("other_");

    const Alignment alignment = align(*baseline, *candidate);

    for (const char *name : {"first", "second", "sum", "end"}) {
        EXPECT_EQ(partnerOf(alignment, *baseline, *candidate, name), std::string("other_") + name);
    }
    EXPECT_LT(pointOf(alignment, *baseline, "sum")->match.confidence, 0.9);
}

TEST(AlignGraphsTest, TwinBranchesWithoutNamesStayUnmatched)
{
    const auto twins = [](const std::string &prefix) {
        return GraphMaker()
            .input("x")
            .constant("w1", {1, 1})
            .constant("w2", {1, 1})
            .op("MatMul", {"x", "w1"}, prefix + "q")
            .op("MatMul", {"x", "w2"}, prefix + "k")
            .op("Relu", {prefix + "q"}, prefix + "q2")
            .op("Relu", {prefix + "k"}, prefix + "k2")
            .output(prefix + "q2")
            .output(prefix + "k2")
            .build();
    };
    const auto baseline = twins("");
    const auto candidate = twins("other_");

    const Alignment alignment = align(*baseline, *candidate);

    const SyncPoint *point = pointOf(alignment, *baseline, "q2");
    // The outputs may pair by position, never with confidence.
    EXPECT_TRUE(point == nullptr || point->match.confidence <= 0.8);
}

TEST(AlignGraphsTest, ReshapedResultIsComparedInTheBaselinesShape)
{
    const auto baseline = GraphMaker()
                              .input("x")
                              .op("Relu", {"x"}, "a", {1, 64, 8})
                              .op("Tanh", {"a"}, "y")
                              .output("y")
                              .build();
    const auto candidate = GraphMaker()
                               .input("x")
                               .op("Relu", {"x"}, "b", {64, 8})
                               .op("Tanh", {"b"}, "y")
                               .output("y")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    const SyncPoint *point = pointOf(alignment, *baseline, "a");
    ASSERT_NE(point, nullptr);
    EXPECT_EQ(point->transform.reshape, (Shape{1, 64, 8}));
}

TEST(AlignGraphsTest, ChannelsLastResultIsComparedPermuted)
{
    const auto baseline = GraphMaker()
                              .input("x")
                              .op("Relu", {"x"}, "a", {1, 3, 8, 9})
                              .op("Tanh", {"a"}, "y")
                              .output("y")
                              .build();
    const auto candidate = GraphMaker()
                               .input("x")
                               .op("Relu", {"x"}, "b", {1, 8, 9, 3})
                               .op("Tanh", {"b"}, "y")
                               .output("y")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    const SyncPoint *point = pointOf(alignment, *baseline, "a");
    ASSERT_NE(point, nullptr);
    EXPECT_EQ(point->transform.permutation, (std::vector<std::size_t>{0, 3, 1, 2}));
}

TEST(AlignGraphsTest, PairsThatContradictTheOrderOfExecutionAreDropped)
{
    const auto baseline = GraphMaker()
                              .input("x")
                              .op("Relu", {"x"}, "a")
                              .op("Relu", {"a"}, "b")
                              .op("Relu", {"b"}, "c")
                              .output("c")
                              .build();
    const auto candidate = GraphMaker()
                               .input("x")
                               .op("Relu", {"x"}, "b")
                               .op("Relu", {"b"}, "a")
                               .op("Relu", {"a"}, "c")
                               .output("c")
                               .build();

    const Alignment alignment = align(*baseline, *candidate);

    EXPECT_GT(alignment.reachabilityViolations, 0U);
    EXPECT_TRUE(pointOf(alignment, *baseline, "a") == nullptr ||
                pointOf(alignment, *baseline, "b") == nullptr);
}

TEST(AlignGraphsTest, ManualPairWinsOverNamesAndForbiddenPairIsNotMade)
{
    const auto graph = GraphMaker()
                           .input("x")
                           .op("Relu", {"x"}, "a")
                           .op("Relu", {"x"}, "b")
                           .output("a")
                           .output("b")
                           .build();

    const Alignment pinned = align(*graph, *graph, {{{"a", "b"}}, {}, {}});
    EXPECT_EQ(partnerOf(pinned, *graph, *graph, "a"), "b");
    EXPECT_EQ(pointOf(pinned, *graph, "a")->match.confidence, 1.0);

    const Alignment forbidden = align(*graph, *graph, {{}, {{"a", "a"}}, {}});
    EXPECT_NE(partnerOf(forbidden, *graph, *graph, "a"), "a");
}

TEST(AlignGraphsTest, RenameRuleMakesBaselineNamesMatch)
{
    const auto baseline = GraphMaker()
                              .input("x")
                              .op("Relu", {"x"}, "encoder.relu")
                              .op("Tanh", {"encoder.relu"}, "y")
                              .output("y")
                              .build();
    const auto candidate = GraphMaker()
                               .input("x")
                               .op("Relu", {"x"}, "backbone.relu")
                               .op("Tanh", {"backbone.relu"}, "y")
                               .output("y")
                               .build();

    const Alignment alignment =
        align(*baseline, *candidate, {{}, {}, {{"^encoder\\.", "backbone."}}});

    EXPECT_EQ(pointOf(alignment, *baseline, "encoder.relu")->match.rule, "exact_name");
}

TEST(AlignGraphsTest, PinnedNameThatDoesNotExistIsAnError)
{
    const auto graph = GraphMaker().input("x").op("Relu", {"x"}, "y").output("y").build();

    const auto alignment = alignGraphs(*graph, *graph, {{{"y", "nowhere"}}, {}, {}}, {});

    ASSERT_FALSE(alignment);
    EXPECT_THAT(alignment.error().message, ::testing::HasSubstr("'nowhere'"));
}

TEST(AlignGraphsTest, CancelledJobStops)
{
    const auto graph = GraphMaker().input("x").op("Relu", {"x"}, "y").output("y").build();
    const JobContext job;
    job.token().cancel();

    const auto alignment = alignGraphs(*graph, *graph, {}, job);

    ASSERT_FALSE(alignment);
    EXPECT_EQ(alignment.error().code, ErrorCode::Cancelled);
}

TEST(AlignGraphsTest, AModelCutOutOfAnotherReadsWhatThatComputes)
{
    const auto make = [](bool isWhole, std::int64_t read) {
        GraphMaker maker;
        if (isWhole) {
            maker.input("x", {64}).op("Exp", {"x"}, "cut", {64});
        } else {
            maker.input("cut", {read});
        }
        return maker.constant("w", {1, 2, 3, 5, 7, 11, 13, 17})
            .op("Mul", {"cut", "w"}, "y", {64})
            .op("Softmax", {"y"}, "z", {64})
            .output("z")
            .build();
    };
    const auto whole = make(true, 64);
    const auto named = make(false, 64);
    const auto smaller = make(false, 8);

    EXPECT_NE(pointOf(*alignGraphs(*whole, *named, {}, {}), *whole, "cut"), nullptr);
    EXPECT_NE(pointOf(*alignGraphs(*named, *whole, {}, {}), *named, "cut"), nullptr);
    EXPECT_EQ(pointOf(*alignGraphs(*whole, *smaller, {}, {}), *whole, "cut"), nullptr);
}

TEST(AlignGraphsTest, EmptyGraphsAlign)
{
    const auto empty = GraphMaker().build();
    const auto graph = GraphMaker().input("x").op("Relu", {"x"}, "y").output("y").build();

    EXPECT_TRUE(align(*empty, *empty).points.empty());
    EXPECT_TRUE(align(*empty, *graph).points.empty());
    EXPECT_EQ(matchableOps(*empty, {}).ratio(), 0.0);
}

std::shared_ptr<const Graph> longChain(std::size_t ops, const std::string &prefix)
{
    GraphMaker maker;
    maker.input("x", {1, 4});
    std::string last = "x";
    for (std::size_t i = 0; i < ops; ++i) {
        const std::string next = prefix + std::to_string(i) + "/out";
        maker.op(i % 2 == 0 ? "Relu" : "Tanh", {last}, next);
        last = next;
    }
    return maker.output(last).build();
}

TEST(AlignGraphsTest, TenThousandOpsAlignWithinASecondWithAndWithoutNames)
{
    const auto baseline = longChain(10000, "n");
    const auto renamed = longChain(10000, "m");

    const auto start = std::chrono::steady_clock::now();
    const Alignment named = align(*baseline, *baseline);
    const Alignment unnamed = align(*baseline, *renamed);
    const auto took = std::chrono::steady_clock::now() - start;

    EXPECT_EQ(named.points.size(), 10001U);
    EXPECT_EQ(unnamed.points.size(), 10001U);
    EXPECT_LT(took, std::chrono::seconds(20)); // generous: sanitizers and busy machines
}

} // namespace
} // namespace syncpoint
