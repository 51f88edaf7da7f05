#include "core/formats/onnx/provenance.h"

#include "core/formats/module_names.h"
#include "core/formats/stack_trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::ElementsAre;

TEST(ProvenanceTest, HierarchicalNamesGiveModules)
{
    EXPECT_EQ(moduleOfName("/image_encoder/blocks.0/norm1/LayerNormalization"),
              "image_encoder.blocks.0.norm1");
    EXPECT_EQ(moduleOfName("/layer1/layer1.0/conv1/Conv"), "layer1.0.conv1");
    EXPECT_EQ(moduleOfName("/a/a.b/a.b.c/Conv"), "a.b.c");
    EXPECT_EQ(moduleOfName("/decoder/decoder/1/Relu"), "decoder.decoder.1");
    EXPECT_EQ(moduleOfName("/Add"), "");
    EXPECT_EQ(moduleOfName("model/block/conv"), "model.block");
    EXPECT_EQ(moduleOfName("/net/fc/MatMul/MatMulAddFusion_quant"), "net.fc");
    EXPECT_EQ(moduleOfName("Conv_12"), std::nullopt);
    EXPECT_EQ(moduleOfName(""), std::nullopt);
    EXPECT_EQ(moduleOfName("/"), "");
    EXPECT_EQ(moduleOfName(std::string(100'000, '/')), std::nullopt);
}

TEST(ProvenanceTest, OpsWithoutANameTakeThatOfTheirOutput)
{
    OnnxNode node;
    node.opType = "Add";
    node.outputs = {"/encoder/Add_output_0"};
    EXPECT_EQ(provenanceOf(node).module, "encoder");
    node.outputs = {"y"};
    EXPECT_EQ(provenanceOf(node).module, std::nullopt);
}

TEST(ProvenanceTest, QuantizerOpsBelongToTheTensorTheyServe)
{
    OnnxNode node;
    node.opType = "DequantizeLinear";
    node.name = "decoder.cross.k.bias_DequantizeLinear";
    EXPECT_EQ(provenanceOf(node).module, "decoder.cross.k");
    node.name = "/encoder/mlp/Mul_output_0_QuantizeLinear";
    EXPECT_EQ(provenanceOf(node).module, "encoder.mlp");
    node.name = "";
    node.inputs = {"encoder.norm.weight_quantized"};
    EXPECT_EQ(provenanceOf(node).module, "encoder.norm");
}

TEST(ProvenanceTest, ReadsDynamoMetadata)
{
    OnnxNode node;
    node.name = "node_linear";
    node.metadata = {
        {"pkg.torch.onnx.name_scopes", "['', 'network', 'network.0', 'linear']"},
        {"pkg.torch.onnx.class_hierarchy",
         "['__main__.Net', 'torch.nn.Sequential', 'torch.nn.Linear', 'aten.linear.default']"},
        {"pkg.torch.onnx.stack_trace", "File \"m.py\", line 96, in forward\n    return f(x)\n"
                                       "  File \"linear.py\", line 134, in forward\n    return 1"}};
    const Provenance origin = provenanceOf(node);
    EXPECT_EQ(origin.module, "network.0");
    EXPECT_THAT(origin.aliases, ElementsAre("linear"));
    ASSERT_EQ(origin.classNames.size(), 3U);
    EXPECT_EQ(origin.classNames[2].second, "torch.nn.Linear");
    EXPECT_THAT(origin.source, ElementsAre(SourceFrame{"linear.py", 134, 0, "forward"},
                                           SourceFrame{"m.py", 96, 0, "forward"}));
    EXPECT_EQ(origin.metadata.size(), 2U); // the trace is not repeated
}

TEST(ProvenanceTest, FallsBackToTheNamespace)
{
    OnnxNode node;
    node.metadata = {{"namespace", ": __main__.Net/network: a.Sequential/linear: aten.linear"}};
    const Provenance origin = provenanceOf(node);
    EXPECT_EQ(origin.module, "network");
    EXPECT_THAT(origin.aliases, ElementsAre("linear"));
}

TEST(ProvenanceTest, ALoneScopeNamesTheOpButNoModule)
{
    OnnxNode node; // as inside torch.cond
    node.metadata = {{"pkg.torch.onnx.name_scopes", "['slice_2']"}};
    EXPECT_EQ(provenanceOf(node).module, std::nullopt);
    EXPECT_THAT(provenanceOf(node).aliases, ElementsAre("slice_2"));
}

TEST(StackTraceTest, DocStringsAreInnermostFirst)
{
    EXPECT_THAT(parseDocStringFrames("torch/conv.py(442): _conv_forward\nnet (2).py(7): f(x)\n"),
                ElementsAre(SourceFrame{"torch/conv.py", 442, 0, "_conv_forward"},
                            SourceFrame{"net (2).py", 7, 0, "f(x)"}));
    EXPECT_TRUE(parseDocStringFrames("Reshape for gemm_input").empty());
    EXPECT_TRUE(parseDocStringFrames("a(b): c\n(3): x\na(99999999999): y").empty());
}

TEST(StackTraceTest, PythonListsWithQuotesAndEscapes)
{
    EXPECT_THAT(parsePythonStrings(R"(['', "it's", 'a\'b', 'x\\y'])"),
                ElementsAre("", "it's", "a'b", "x\\y"));
    EXPECT_TRUE(parsePythonStrings("[]").empty());
    EXPECT_TRUE(parsePythonStrings("['cut").empty());
    EXPECT_TRUE(parsePythonStrings("nonsense").empty());
    EXPECT_TRUE(parsePythonStrings("['a', 3]").empty());
}

} // namespace syncpoint::test
