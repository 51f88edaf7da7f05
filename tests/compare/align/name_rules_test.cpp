#include "compare/align/name_rules.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

TEST(NameRulesTest, ToolMarksAreRemovedUntilNoneIsLeft)
{
    const std::pair<const char *, const char *> cases[] = {
        {"conv_QuantizeLinear_Input", "conv"},
        {"conv_DequantizeLinear_Output/duplicated", "conv"},
        {"conv_output_quantized", "conv"},
        {"conv_ReshapedSavedOutput", "conv"},
        {"conv_token_12", "conv"},
        {"conv_cast_fp16", "conv"},
        {"conv_quantized_to_fp16_dtype_0", "conv"},
        {"conv:0", "conv"},
        {"InsertedPrecisionFreeCast_conv", "conv"},
        {"conv", "conv"},
        {"_quantized", "_quantized"},
        {"", ""},
    };
    for (const auto &[name, plain] : cases) {
        EXPECT_EQ(withoutToolMarks(name).text, plain) << name;
    }
}

TEST(NameRulesTest, SeparatorsAndTheExportersSlotAreEqual)
{
    EXPECT_EQ(separatorFree("/m/conv/Conv_output_0"), separatorFree("m.conv.Conv"));
    EXPECT_EQ(separatorFree("onnx::Conv_1"), "onnx.Conv.1");
    EXPECT_EQ(separatorFree("//"), "");
}

TEST(NameRulesTest, FusedNamesAreListed)
{
    EXPECT_EQ(listedNames("conv;bias;;relu"),
              (std::vector<std::string_view>{"conv", "bias", "relu"}));
    EXPECT_TRUE(listedNames("").empty());
}

TEST(NameRulesTest, NumbersAloneAreWeakNames)
{
    EXPECT_EQ(strengthOf("123"), NameStrength::Weak);
    EXPECT_EQ(strengthOf("add_7"), NameStrength::Weak);
    EXPECT_EQ(strengthOf("onnx::Conv_42"), NameStrength::Weak);
    EXPECT_EQ(strengthOf("gemm_output_reshape_arg_token_4"), NameStrength::Generated);
    EXPECT_EQ(strengthOf("/m/Add_output_0"), NameStrength::Strong);
    EXPECT_EQ(strengthOf("logits"), NameStrength::Strong);
}

} // namespace
} // namespace syncpoint
