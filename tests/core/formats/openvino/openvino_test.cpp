#include "core/formats/openvino/ir_attributes.h"
#include "core/formats/openvino/openvino_loader.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/text_model_test.h"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>

// No small public model is at hand: all of these are written here, after the format's
// documentation.
namespace syncpoint::test {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

namespace {
std::string port(int id, const std::string &extents, const std::string &names = "",
                 const std::string &precision = "FP32")
{
    std::string out =
        fmt::format(R"(<port id="{}" precision="{}" names="{}">)", id, precision, names);
    for (const char extent : extents) {
        out += extent == '?' ? "<dim>-1</dim>" : fmt::format("<dim>{}</dim>", extent);
    }
    return out + "</port>";
}

std::string layer(int id, const std::string &name, const std::string &type,
                  const std::string &inside)
{
    return fmt::format(R"(<layer id="{}" name="{}" type="{}" version="opset1">{}</layer>)", id,
                       name, type, inside);
}

std::string edge(int fromLayer, int fromPort, int toLayer, int toPort)
{
    return fmt::format(R"(<edge from-layer="{}" from-port="{}" to-layer="{}" to-port="{}"/>)",
                       fromLayer, fromPort, toLayer, toPort);
}

std::string net(const std::string &layers, const std::string &edges)
{
    return fmt::format(R"(<?xml version="1.0"?><net name="tiny" version="11"><layers>{}</layers>)"
                       R"(<edges>{}</edges><rt_info><Runtime_version value="2024.1.0"/></rt_info>)"
                       "</net>",
                       layers, edges);
}

/// x · w with a weight of 2×3 in the .bin, then a fused op.
std::string smallNet()
{
    return net(
        layer(0, "x", "Parameter",
              R"(<data shape="?,3" element_type="f32"/><output>)" + port(0, "?3", "x") +
                  "</output>") +
            layer(1, "weight", "Const",
                  R"(<data element_type="f32" shape="2, 3" offset="4" size="24"/><output>)" +
                      port(0, "23", "net.fc.weight") + "</output>") +
            layer(2, "__module.net.fc/aten::linear/MatMul", "MatMul",
                  R"(<data transpose_a="false" transpose_b="true" axes="1, 2" eps="0.5"/><rt_info>)"
                  R"(<attribute name="fused_names" version="0" value="/fc/MatMul,a\,b"/></rt_info>)"
                  "<input>" +
                      port(0, "?3") + port(1, "23") + "</input><output>" + port(2, "?2", "y,y_2") +
                      "</output>") +
            layer(3, "r", "Result", "<input>" + port(0, "?2") + "</input>"),
        edge(0, 0, 2, 0) + edge(1, 0, 2, 1) + edge(2, 2, 3, 0));
}

std::string floats(std::initializer_list<float> numbers)
{
    return {reinterpret_cast<const char *>(numbers.begin()), numbers.size() * sizeof(float)};
}

class OpenVinoTest : public TextModelTest
{
protected:
    OpenVinoTest() : TextModelTest("m.xml") {}
    void writeWeights() { writeFile(m_folder / "m.bin", floats({9, 1, 2, 3, 4, 5, 6})); }
};
} // namespace

TEST_F(OpenVinoTest, LayersBecomeOpsAndPortsValues)
{
    writeWeights();
    const auto graph = loaded(smallNet());
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->info().format, "openvino");
    EXPECT_EQ(graph->info().producer, "OpenVINO 2024.1.0");
    EXPECT_THAT(graph->info().facts, Contains(Pair("IR version", "11")));
    ASSERT_EQ(graph->nodes().size(), 1U);
    const Node &op = graph->nodes().front();
    EXPECT_EQ(op.opType, "MatMul");
    EXPECT_EQ(op.domain, "");
    EXPECT_EQ(graph->module(op.module).path, "net.fc");
    EXPECT_THAT(op.aliases, ElementsAre("/fc/MatMul", "a,b", "y", "y_2"));
    EXPECT_EQ(std::get<std::string>(op.findAttribute("transpose_b")->data), "true");
    EXPECT_THAT(std::get<std::vector<std::int64_t>>(op.findAttribute("axes")->data),
                ElementsAre(1, 2));
    EXPECT_EQ(std::get<double>(op.findAttribute("eps")->data), 0.5);
    const Value &out = graph->value(op.outputs.at(0));
    EXPECT_EQ(out.name, "y");
    EXPECT_EQ(out.dtype, DType::Float32);
    EXPECT_THAT(*out.shape, ElementsAre(-1, 2));
    EXPECT_THAT(graph->mainScope().outputs, ElementsAre(op.outputs.at(0)));
    EXPECT_THAT(graph->mainScope().inputs, ElementsAre(op.inputs.at(0)));
    EXPECT_TRUE(graph->diagnostics().empty());
}

TEST_F(OpenVinoTest, ConstantsAreViewsOfTheFileOfWeights)
{
    writeWeights();
    const auto graph = loaded(smallNet());
    ASSERT_TRUE(graph);
    const Value &weight = graph->value(*graph->findValue("net.fc.weight"));
    ASSERT_TRUE(weight.constant);
    EXPECT_THAT(weight.constant->info().shape, ElementsAre(2, 3));
    EXPECT_THAT(*decodeAll(weight.constant->view()), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(OpenVinoTest, MissingOrShortWeightsAreSaid)
{
    for (const bool isShort : {false, true}) {
        if (isShort) {
            writeFile(m_folder / "m.bin", std::string(20, 'x'));
        }
        const auto graph = loaded(smallNet());
        ASSERT_TRUE(graph);
        const Value &weight = graph->value(*graph->findValue("net.fc.weight"));
        EXPECT_TRUE(weight.isConstant);
        EXPECT_FALSE(weight.constant);
        EXPECT_THAT(*weight.shape, ElementsAre(2, 3));
        ASSERT_EQ(graph->diagnostics().size(), 1U);
        EXPECT_THAT(graph->diagnostics()[0].text, HasSubstr("1 constants have no data"));
    }
}

TEST_F(OpenVinoTest, TypesThatAreNotDecodedAreNamed)
{
    writeWeights();
    for (const std::string type : {"nf4", "u1", "u2", "u3", "u6", "string"}) {
        std::string xml = smallNet();
        xml.replace(xml.find("\"f32\" shape=\"2, 3\"") + 1, 3, type);
        const auto graph = loaded(xml);
        ASSERT_TRUE(graph) << type;
        EXPECT_FALSE(graph->value(*graph->findValue("net.fc.weight")).constant) << type;
        ASSERT_EQ(graph->diagnostics().size(), 1U) << type;
        EXPECT_EQ(graph->diagnostics()[0].text,
                  "1 constants have no data: numbers of type '" + type + "' are not decoded");
    }
}

TEST_F(OpenVinoTest, CompressedWeightsKeepTheirScales)
{
    std::string xml =
        net(layer(0, "x", "Parameter", "<output>" + port(0, "?3", "x") + "</output>") +
                layer(1, "weight", "Const",
                      R"(<data element_type="i8" shape="2, 3" offset="0" size="6"/><output>)" +
                          port(0, "23", "", "I8") + "</output>") +
                layer(2, "real", "Convert",
                      "<input>" + port(0, "23", "", "I8") + "</input><output>" + port(1, "23") +
                          "</output>") +
                layer(3, "scale", "Const",
                      R"(<data element_type="f32" shape="2, 1" offset="8" size="8"/><output>)" +
                          port(0, "21") + "</output>") +
                layer(4, "scaled", "Multiply",
                      "<input>" + port(0, "23") + port(1, "21") + "</input><output>" +
                          port(2, "23") + "</output>"),
            edge(1, 0, 2, 0) + edge(2, 1, 4, 0) + edge(3, 0, 4, 1));
    writeFile(m_folder / "m.bin", std::string("\1\2\3\4\5\xfa\0\0", 8) + floats({0.5F, 2}));
    const auto graph = loaded(xml);
    ASSERT_TRUE(graph);
    const Value &weight = graph->value(*graph->findValue("weight"));
    ASSERT_TRUE(weight.constant && weight.quantization);
    EXPECT_THAT(*decodeAll(weight.constant->view()), ElementsAre(0.5F, 1, 1.5F, 8, 10, -12));
    EXPECT_EQ(graph->nodes().size(), 2U); // the ops stay
}

TEST_F(OpenVinoTest, BranchesBecomeScopes)
{
    const std::string body =
        "<layers>" + layer(7, "p", "Parameter", "<output>" + port(0, "3") + "</output>") +
        layer(8, "relu", "ReLU",
              "<input>" + port(0, "3") + "</input><output>" + port(1, "3") + "</output>") +
        layer(9, "r", "Result", "<input>" + port(0, "3") + "</input>") + "</layers><edges>" +
        edge(7, 0, 8, 0) + edge(8, 1, 9, 0) + "</edges>";
    const auto graph = loaded(
        net(layer(0, "c", "Parameter", "<output>" + port(0, "", "", "BOOL") + "</output>") +
                layer(1, "x", "Parameter", "<output>" + port(0, "3") + "</output>") +
                layer(2, "if", "If",
                      "<input>" + port(0, "") + port(1, "3") + "</input><output>" + port(2, "3") +
                          "</output><then_port_map>"
                          R"(<input external_port_id="1" internal_layer_id="7"/>)"
                          R"(<output external_port_id="2" internal_layer_id="9"/></then_port_map>)"
                          "<then_body>" +
                          body + "</then_body><else_body>" + body + "</else_body>"),
            edge(0, 0, 2, 0) + edge(1, 0, 2, 1)));
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->nodes().size(), 3U);
    ASSERT_EQ(graph->scopes().size(), 3U);
    EXPECT_EQ(graph->scopes()[1].path, "if/then_body");
    EXPECT_EQ(graph->scopes()[2].name, "else_body");
    EXPECT_TRUE(graph->findValue("if/then_body/relu"));
    const Node &owner = graph->node(graph->scopes()[1].owner);
    EXPECT_THAT(std::get<std::vector<std::int64_t>>(owner.findAttribute("then_inputs")->data),
                ElementsAre(1));
    EXPECT_THAT(std::get<std::vector<std::int64_t>>(owner.findAttribute("then_outputs")->data),
                ElementsAre(2));
    EXPECT_THAT(std::get<std::vector<std::int64_t>>(owner.findAttribute("else_inputs")->data),
                ElementsAre(-1));
    EXPECT_EQ(graph->value(owner.inputs.at(0)).dtype, DType::Bool);
}

TEST_F(OpenVinoTest, ExecutionGraphsTellKernelTimeAndFusedLayers)
{
    const auto graph = loaded(net(
        layer(0, "x", "Input", "<output>" + port(0, "3") + "</output>") +
            layer(1, "conv", "Convolution",
                  R"(<data execOrder="2" execTimeMcs="31" originalLayersNames="conv,bias,relu" )"
                  R"(primitiveType="jit_avx2_FP32" runtimePrecision="FP32"/><input>)" +
                      port(0, "3") + "</input><output>" + port(1, "3") + "</output>"),
        edge(0, 0, 1, 0)));
    ASSERT_TRUE(graph);
    const Node &op = graph->nodes().front();
    EXPECT_EQ(op.placement, "jit_avx2_FP32");
    EXPECT_THAT(op.metadata, Contains(Pair("execTimeMcs", "31")));
    ASSERT_EQ(op.origins.size(), 3U);
    EXPECT_EQ(op.origins[2].name, "relu");
}

TEST_F(OpenVinoTest, SeveralOutputsAndRepeatedNamesStayApart)
{
    const auto graph =
        loaded(net(layer(0, "x", "Parameter", "<output>" + port(0, "4") + "</output>") +
                       layer(1, "s", "Split",
                             "<input>" + port(0, "4") + "</input><output>" + port(1, "2") +
                                 port(2, "2") + "</output>") +
                       layer(2, "x", "ReLU",
                             "<input>" + port(0, "2") + port(5, "2") + "</input><output>" +
                                 port(1, "2") + "</output>"),
                   edge(0, 0, 1, 0) + edge(1, 2, 2, 0)));
    ASSERT_TRUE(graph);
    EXPECT_TRUE(graph->findValue("s:1"));
    EXPECT_TRUE(graph->findValue("x_2"));
    const Node &relu = graph->nodes()[1];
    EXPECT_EQ(graph->value(relu.inputs.at(0)).name, "s:2");
    EXPECT_FALSE(relu.inputs.at(1).isValid()); // an absent optional input
}

TEST_F(OpenVinoTest, ErrorsNameTheLayer)
{
    const std::string xml =
        net(layer(4, "relu", "ReLU", "<input>" + port(0, "2") + "</input>"), edge(3, 7, 4, 0));
    EXPECT_THAT(load(xml).error().message,
                HasSubstr("layer 4 'relu': its input port 0 is fed by layer 3, which has no output "
                          "port 7"));
    EXPECT_THAT(load("<?xml version=\"1.0\"?><net version=\"11\"><layers>").error().message,
                HasSubstr("damaged or cut off at byte"));
    EXPECT_THAT(load("<note/>").error().message, HasSubstr("not an OpenVINO model"));
}

TEST_F(OpenVinoTest, EndlessNestingAndEntitiesHitLimits)
{
    std::string deep = "<layers></layers>";
    for (int i = 0; i < 100; ++i) {
        deep = "<layers>" + layer(0, "l", "Loop", "<body>" + deep + "</body>") + "</layers>";
    }
    const auto nested = load("<net version=\"11\">" + deep + "</net>");
    ASSERT_FALSE(nested);
    EXPECT_EQ(nested.error().code, ErrorCode::Limit);

    const auto laughs = load("<!DOCTYPE net [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>" +
                             net(layer(0, "&b;", "ReLU", ""), ""));
    ASSERT_TRUE(laughs) << laughs.error().message;
    EXPECT_EQ((*laughs)->nodes().front().name, "&b;");

    const auto many = load("<net version=\"11\"><layers>" + std::string(5'000'000, '<'));
    ASSERT_FALSE(many);
    EXPECT_EQ(many.error().code, ErrorCode::Limit);
}

TEST_F(OpenVinoTest, DamagedFilesAreReadOrRefused)
{
    writeWeights();
    const std::string whole = smallNet();
    for (std::size_t i = 0; i < 200; ++i) {
        EXPECT_FALSE(load(whole.substr(0, whole.size() * i / 200)));
    }
    std::mt19937 random(1);
    int loaded = 0;
    for (int i = 0; i < 2000; ++i) {
        const auto graph = load(damaged(whole, random, 1 + i % 3));
        if (graph) {
            ++loaded;
            for (const Value &value : (*graph)->values()) {
                EXPECT_TRUE(!value.constant || decodeAll(value.constant->view()) ||
                            !isNumeric(value.constant->info().dtype));
            }
        }
    }
    EXPECT_GT(loaded, 100);
}

TEST(IrAttributesTest, TypesShapesAndNamesAreRead)
{
    EXPECT_EQ(dtypeOfIr("FP16"), DType::Float16);
    EXPECT_EQ(dtypeOfIr("u4"), DType::UInt4);
    EXPECT_EQ(dtypeOfIr("f8e4m3"), DType::Float8E4M3FN);
    EXPECT_EQ(dtypeOfIr("f8e5m2"), DType::Float8E5M2);
    EXPECT_EQ(dtypeOfIr("f8e8m0"), DType::Float8E8M0);
    EXPECT_EQ(dtypeOfIr("f4e2m1"), DType::Float4E2M1);
    EXPECT_EQ(dtypeOfIr("nf4"), DType::Undefined);
    for (const char *type : {"f8e4m3", "f8e5m2", "f8e8m0", "f4e2m1", "i4", "u4", "BF16"}) {
        EXPECT_TRUE(isDecodedIrType(type)) << type;
    }
    EXPECT_EQ(shapeOfIr(""), Shape{});
    EXPECT_EQ(shapeOfIr("1,?,2..8"), (Shape{1, -1, -1}));
    EXPECT_EQ(shapeOfIr("1,x"), std::nullopt);
    EXPECT_THAT(namesOfIr(R"(a\,b,,c)"), ElementsAre("a,b", "c"));
}

} // namespace syncpoint::test
