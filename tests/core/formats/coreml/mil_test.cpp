#include "tests/core/formats/coreml/coreml_files.h"

#include "core/formats/coreml/mil_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

namespace syncpoint::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {
/// A little of everything that programs hold.
std::string richProgram()
{
    constexpr std::uint64_t kFirstBlob = 64;
    return milProgram("tensor<fp32, [1, 2, ?]> x, state<tensor<fp16, [4]>> memory",
                      R"(
        string pad_type_0 = const()[name = string("pad_type_0"), val = string("valid")];
        tensor<int32, [1]> strides_0 = const()[name = tensor<string, []>("strides_0"), val = tensor<int32, [1]>([2])];
        int32 groups_0 = const()[name = string("groups_0"), val = int32(1)];
        bool keep_0 = const()[name = string("keep_0"), val = bool(true)];
        fp16 eps_0 = const()[name = string("eps_0"), val = fp16(0x1p-14)];
        tensor<fp16, [2]> net_conv_bias_to_fp16 = const()[name = string("b"), val = tensor<fp16, [2]>([0x1.8p+0, -0x1p-1])];
        tensor<fp32, [2, 2]> matrix = const()[name = string("m"), val = tensor<fp32, [2, 2]>([[1, 2.5], [-inf, 3]])];
        tensor<fp16, [2, 2, 1]> net_conv_weight_to_fp16 = const()[name = string("w"), val = tensor<fp16, [2, 2, 1]>()" +
                          blobAt(kFirstBlob) + R"()];
        string dtype_0 = const()[name = string("dtype_0"), val = string("fp16")];
        tensor<fp16, [1, 2, ?]> x_16 = cast(dtype = dtype_0, x = x)[name = string("cast_0")];
        tensor<fp16, [1, 2, ?]> c = conv(bias = net_conv_bias_to_fp16, groups = groups_0, pad_type = pad_type_0, strides = strides_0, weight = net_conv_weight_to_fp16, x = x_16)[name = string("op_c"), IntendedBackend = list<string, 1>(["ane"])];
        tensor<fp16, [1, 4, ?]> joined = concat(axis = int32(1), interleave = bool(false), values = (c, x_16))[name = string("joined")];
        tensor<fp32, [1, 2]> r = reduce_mean(axes = tensor<int32, [1]>([-1]), keep_dims = keep_0, x = c)[name = string("r")];
        tensor<fp32, [1, 2]> y = linear(bias = tensor<fp32, [2]>([0, 0.5]), weight = matrix, x = r)[name = string("y")];
        )",
                      "joined, y");
}

BlobFile richWeights()
{
    BlobFile weights;
    weights.add(1, bytesOf(std::vector<_Float16>{1, 2, 3, 4}));
    return weights;
}
} // namespace

TEST(MilTest, ParametersBecomeAttributesAndTensorsInputs)
{
    const auto graph = loadText(richProgram(), richWeights());
    ASSERT_TRUE(graph) << graph.error().message;
    ASSERT_EQ((*graph)->nodes().size(), 5U);
    EXPECT_TRUE((*graph)->diagnostics().empty());
    const Node &conv = (*graph)->node((*graph)->value(*(*graph)->findValue("c")).producer);
    EXPECT_EQ(conv.opType, "conv");
    EXPECT_EQ(conv.name, "op_c");
    EXPECT_EQ(conv.placement, "ane");
    EXPECT_EQ((*graph)->module(conv.module).path, "net_conv");
    std::vector<std::string> inputs;
    for (const ValueId input : conv.inputs) {
        inputs.push_back((*graph)->value(input).name);
    }
    EXPECT_THAT(inputs, ElementsAre("x_16", "net_conv_weight_to_fp16", "net_conv_bias_to_fp16"));
    EXPECT_EQ(std::get<std::string>(conv.findAttribute("pad_type")->data), "valid");
    EXPECT_EQ(std::get<std::int64_t>(conv.findAttribute("groups")->data), 1);
    EXPECT_THAT(std::get<std::vector<std::int64_t>>(conv.findAttribute("strides")->data),
                ElementsAre(2));
    EXPECT_THAT(numbersOf(**graph, "net_conv_bias_to_fp16"), ElementsAre(1.5F, -0.5F));
    EXPECT_THAT(numbersOf(**graph, "net_conv_weight_to_fp16"), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(numbersOf(**graph, "matrix"),
                ElementsAre(1, 2.5F, -std::numeric_limits<float>::infinity(), 3));
    EXPECT_THAT(numbersOf(**graph, "y:bias"), ElementsAre(0, 0.5F));
}

TEST(MilTest, TypesShapesAndInterfaceAreThoseOfTheFile)
{
    const auto graph = loadText(richProgram(), richWeights());
    ASSERT_TRUE(graph) << graph.error().message;
    const auto &value = [&](const char *name) -> const Value & {
        return (*graph)->value(*(*graph)->findValue(name));
    };
    EXPECT_EQ(value("x").dtype, DType::Float32);
    EXPECT_THAT(*value("x").shape, ElementsAre(1, 2, -1));
    EXPECT_EQ(value("memory").dtype, DType::Float16);
    EXPECT_TRUE(value("memory").isInput);
    EXPECT_EQ(value("joined").dtype, DType::Float16);
    EXPECT_TRUE(value("y").isOutput);
    EXPECT_EQ((*graph)->info().format, "coreml");
}

TEST(MilTest, TextAndProtobufOfOneModelGiveTheSameGraph)
{
    const auto program = parseMilText(richProgram());
    ASSERT_TRUE(program) << program.error().message;
    const TemporaryFolder folder;
    const auto text = load(writeCompiled(folder, richProgram(), richWeights()));
    const auto proto = load(writePackage(folder, milModel(*program), richWeights()));
    ASSERT_TRUE(text) << text.error().message;
    ASSERT_TRUE(proto) << proto.error().message;
    EXPECT_EQ(described(**text), described(**proto));
}

TEST(MilTest, DoublesAreReadFromBothFormsAlsoWhenThereAreNone)
{
    const std::string text = milProgram(
        "tensor<fp64, [2]> x",
        "tensor<fp64, [2]> w = const()[val = tensor<fp64, [2]>([1.5, -2.25])];\n"
        "tensor<fp64, [0]> e = const()[val = tensor<fp64, [0]>([])];\n"
        "tensor<fp64, [2]> y = add(x = x, y = w)[name = string(\"y\")];\n"
        "tensor<fp64, [2]> z = concat(values = (y, e), axis = int32(0))[name = string(\"z\")];\n",
        "z");
    const auto program = parseMilText(text);
    ASSERT_TRUE(program) << program.error().message;
    const TemporaryFolder folder;
    const auto fromText = loadText(text);
    const auto fromProtobuf = load(writePackage(folder, milModel(*program), {}));
    ASSERT_TRUE(fromText) << fromText.error().message;
    ASSERT_TRUE(fromProtobuf) << fromProtobuf.error().message;
    EXPECT_THAT(described(**fromText), HasSubstr("-2.25"));
    EXPECT_EQ(described(**fromText), described(**fromProtobuf));
}

TEST(MilTest, BodiesSeeWhatIsOutside)
{
    const auto graph = loadText(milProgram("tensor<bool, []> p, tensor<fp32, [2]> x",
                                           R"(
        tensor<fp32, [2]> two = const()[name = string("two"), val = tensor<fp32, [2]>([2, 2])];
        tensor<fp32, [2]> y = cond(pred = p)[name = string("y")]
          () { tensor<fp32, [2]> a = mul(x = x, y = two)[name = string("a")]; } -> (a),
          () { } -> (x);
        )",
                                           "y"));
    ASSERT_TRUE(graph) << graph.error().message;
    ASSERT_EQ((*graph)->scopes().size(), 3U);
    EXPECT_EQ((*graph)->scopes()[1].path, "y/true_branch");
    EXPECT_EQ((*graph)->qualifiedName((*graph)->scopes()[2].outputs.front()), "x");
}

TEST(MilTest, OtherFunctionsAreNamed)
{
    const std::string text = "program(1.0) { func other<ios18>() {} -> (); "
                             "func main<ios18>(tensor<fp32, [1]> x) {} -> (x); }";
    const auto graph = loadText(text);
    ASSERT_TRUE(graph) << graph.error().message;
    ASSERT_EQ((*graph)->diagnostics().size(), 1U);
    EXPECT_EQ((*graph)->diagnostics().front().where, "other");
    EXPECT_EQ((*graph)->mainScope().inputs.size(), 1U);
}

TEST(MilTest, ErrorsNameTheLine)
{
    const auto message = [](const std::string &text) {
        const auto program = parseMilText(text);
        return program ? std::string() : program.error().message;
    };
    EXPECT_THAT(message("program(1.0)\n{ func main<ios15>(tensor<fp32, [1]> x) {\n  oops }"),
                HasSubstr("line 3: expected a name before '}'"));
    EXPECT_THAT(message("program(1.0) { func main("), HasSubstr("before the end of the file"));
    EXPECT_THAT(message("hello"), HasSubstr("not the text of a Core ML program"));
    EXPECT_THAT(message("program(1.0) [\"a"), HasSubstr("without its closing quote"));
}

TEST(MilTest, DataThatDoNotFitAreNamed)
{
    const auto graph =
        loadText(milProgram("tensor<fp32, [3]> x",
                            "tensor<fp32, [3]> w = const()[val = tensor<fp32, [3]>([1, 2])];\n"
                            "tensor<fp32, [3]> y = add(x = x, y = w)[name = string(\"y\")];\n",
                            "y"));
    ASSERT_FALSE(graph);
    EXPECT_THAT(graph.error().message,
                HasSubstr("model.mil: op 'y' (add): constant 'w': float32 of shape 3 does not fit "
                          "2 elements"));
}

} // namespace syncpoint::test
