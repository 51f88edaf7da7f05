#include "tests/core/formats/onnx/onnx_writer.h"

#include <gtest/gtest.h>

namespace syncpoint::test {

namespace {
/// Shape and type of "y" in a graph with input x.
struct Inferred
{
    Inferred(const std::vector<std::int64_t> &x, const std::string &rest)
    {
        const auto graph = loadBytes(model(graphInput(valueInfo("x", kFloat, x)) + rest));
        EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
        if (graph) {
            shape = valueNamed(**graph, "y").shape;
            dtype = valueNamed(**graph, "y").dtype;
        }
    }
    std::optional<Shape> shape;
    DType dtype = DType::Undefined;
};

std::string op(std::string_view type, std::initializer_list<std::string_view> inputs,
               std::string_view rest = {})
{
    return graphNode(node(type, inputs, {"y"}, rest));
}
} // namespace

TEST(OnnxShapeTest, ConvolutionsAndPools)
{
    const std::string w = initializer(floats("w", {8, 3, 3, 3}, std::vector<float>(216)));
    const Inferred conv({1, 3, 64, 64}, w + op("Conv", {"x", "w"},
                                               intsAttribute("strides", {2, 2}) +
                                                   intsAttribute("pads", {1, 1, 1, 1})));
    EXPECT_EQ(conv.shape, (Shape{1, 8, 32, 32}));
    EXPECT_EQ(conv.dtype, DType::Float32);
    const Inferred symbolic({-1, 3, 64, 64}, w + op("Conv", {"x", "w"}));
    EXPECT_EQ(symbolic.shape, (Shape{-1, 8, 62, 62}));
    const Inferred pool({1, 3, 7, 7},
                        op("MaxPool", {"x"},
                           intsAttribute("kernel_shape", {2, 2}) +
                               intsAttribute("strides", {2, 2}) + intAttribute("ceil_mode", 1)));
    EXPECT_EQ(pool.shape, (Shape{1, 3, 4, 4}));
    const Inferred last({1, 64, 64, 3}, w + op("Conv", {"x", "w"},
                                               intsAttribute("strides", {2, 2}) +
                                                   intAttribute("channels_last", 1)));
    EXPECT_EQ(last.shape, (Shape{1, 31, 31, 8}));
    const std::string t = initializer(floats("w", {3, 5, 2, 2}, std::vector<float>(60)));
    EXPECT_EQ(Inferred({1, 3, 16, 16},
                       t + op("ConvTranspose", {"x", "w"}, intsAttribute("strides", {2, 2})))
                  .shape,
              (Shape{1, 5, 32, 32}));
}

TEST(OnnxShapeTest, Products)
{
    const std::string w = initializer(floats("w", {4, 5}, std::vector<float>(20)));
    EXPECT_EQ(Inferred({2, 3, 4}, w + op("MatMul", {"x", "w"})).shape, (Shape{2, 3, 5}));
    EXPECT_EQ(Inferred({4}, w + op("MatMul", {"x", "w"})).shape, (Shape{5}));
    EXPECT_EQ(Inferred({2, 5}, w + op("Gemm", {"x", "w"}, intAttribute("transB", 1))).shape,
              (Shape{2, 4}));
}

TEST(OnnxShapeTest, LayoutOps)
{
    const auto list = [](const std::vector<std::int64_t> &values) {
        return initializer(int64s("l", values));
    };
    EXPECT_EQ(Inferred({2, 3, 4}, list({0, -1}) + op("Reshape", {"x", "l"})).shape, (Shape{2, 12}));
    EXPECT_EQ(Inferred({2, 3, 4}, list({5, -1}) + op("Reshape", {"x", "l"})).shape, (Shape{5, -1}));
    EXPECT_EQ(Inferred({2, 3, 4}, op("Transpose", {"x"}, intsAttribute("perm", {2, 0, 1}))).shape,
              (Shape{4, 2, 3}));
    EXPECT_EQ(Inferred({2, 3, 4}, op("Concat", {"x", "x"}, intAttribute("axis", -1))).shape,
              (Shape{2, 3, 8}));
    EXPECT_EQ(Inferred({2, 1, 4}, list({1}) + op("Squeeze", {"x", "l"})).shape, (Shape{2, 4}));
    EXPECT_EQ(Inferred({2, 4}, list({0, -1}) + op("Unsqueeze", {"x", "l"})).shape,
              (Shape{1, 2, 4, 1}));
    EXPECT_EQ(Inferred({2, 3, 4}, op("Flatten", {"x"})).shape, (Shape{2, 12}));
    EXPECT_EQ(Inferred({9}, initializer(int64s("a", {-1})) + initializer(int64s("b", {INT64_MIN})) +
                                initializer(int64s("c", {0})) + initializer(int64s("d", {-2})) +
                                op("Slice", {"x", "a", "b", "c", "d"}))
                  .shape,
              (Shape{5}));
}

TEST(OnnxShapeTest, SizesThatAreComputedAtRunTimeAreUnknown)
{
    EXPECT_EQ(Inferred({6, 2}, graphNode(node("Split", {"x", "sizes"}, {"y", "z"}))).shape,
              (Shape{-1, 2}));
    EXPECT_EQ(Inferred({6, 2}, graphNode(node("Split", {"x"}, {"y", "z"}))).shape, (Shape{3, 2}));
    EXPECT_EQ(Inferred({6, 2}, op("ReduceSum", {"x", "axes"})).shape, std::nullopt);
    EXPECT_EQ(Inferred({6, 2}, op("Squeeze", {"x", "axes"})).shape, std::nullopt);
}

TEST(OnnxShapeTest, FollowsShapeComputations)
{
    const std::string chain =
        initializer(int64s("zero", {0})) + initializer(int64s("minus", {-1})) +
        graphNode(node("Shape", {"x"}, {"s"})) + graphNode(node("Gather", {"s", "zero"}, {"n"})) +
        graphNode(node("Concat", {"n", "minus"}, {"to"}, intAttribute("axis", 0)));
    EXPECT_EQ(Inferred({2, 3, 4}, chain + op("Reshape", {"x", "to"})).shape, (Shape{2, 12}));
    EXPECT_EQ(Inferred({-1, 3, 4}, chain + op("Reshape", {"x", "to"})).shape, (Shape{-1, -1}));
}

TEST(OnnxShapeTest, BroadcastsAndCompares)
{
    const std::string w = initializer(floats("w", {3, 1}, std::vector<float>(3)));
    EXPECT_EQ(Inferred({2, 1, 4}, w + op("Add", {"x", "w"})).shape, (Shape{2, 3, 4}));
    EXPECT_EQ(Inferred({2, 1, 4}, w + op("Less", {"x", "w"})).dtype, DType::Bool);
    EXPECT_EQ(Inferred({2, 5, 4}, w + op("Add", {"x", "w"})).shape, std::nullopt);
    EXPECT_EQ(Inferred({-1, 4}, w + op("Add", {"x", "w"})).shape, (Shape{3, 4}));
}

TEST(OnnxShapeTest, WhatTheFileSaysIsKept)
{
    const Inferred declared({2, 3}, op("Relu", {"x"}) + graphOutput(valueInfo("y", kInt8, {7})));
    EXPECT_EQ(declared.shape, (Shape{7}));
    EXPECT_EQ(declared.dtype, DType::Int8);
}

TEST(OnnxShapeTest, EveryValueOfTheExampleHasAShape)
{
    const auto graph = load(dataFile("../../examples/promptseg/baseline.onnx"));
    ASSERT_TRUE(graph);
    for (const Value &value : (*graph)->values()) {
        EXPECT_TRUE(value.shape && elementCount(*value.shape)) << value.name;
        EXPECT_NE(value.dtype, DType::Undefined) << value.name;
    }
    // From a run with ONNX Runtime.
    EXPECT_EQ(valueNamed(**graph, "/image_encoder/blocks.0/attention/Softmax_output_0").shape,
              (Shape{1, 4, 64, 64}));
    EXPECT_EQ(valueNamed(**graph, "/image_encoder/Reshape_output_0").shape, (Shape{1, 128, 64}));
}

} // namespace syncpoint::test
