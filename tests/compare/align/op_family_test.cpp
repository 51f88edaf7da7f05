#include "compare/align/op_family.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <string>

namespace syncpoint {
namespace {

TEST(OpFamilyTest, OneFamilyForTheSameOpOfEveryFormat)
{
    for (const char *type :
         {"Conv", "FusedConv", "QLinearConv", "CONV_2D", "conv", "aten.conv2d.default",
          "aten::conv2d", "torch.ops.aten.conv2d.default"}) {
        const OpFamily *family = opFamilyOf(std::string_view(type));
        ASSERT_NE(family, nullptr) << type;
        EXPECT_EQ(family->name, "conv") << type;
    }
    EXPECT_EQ(opFamilyOf(std::string_view("aten.relu_.default"))->name, "relu");
    EXPECT_EQ(opFamilyOf(std::string_view("higher_order.cond"))->name, "control");
    EXPECT_EQ(
        opFamilyOf(std::string_view("quantized_decomposed.quantize_per_tensor.default"))->name,
        "quantize");
    EXPECT_EQ(opFamilyOf(std::string_view("Convolution"))->name, "conv"); // OpenVINO
    EXPECT_EQ(opFamilyOf(std::string_view("SomeCustomOp")), nullptr);
}

TEST(OpFamilyTest, FusedOpEndsWhereItsLastPartEnds)
{
    const auto share = [](std::string_view a, std::string_view b) {
        return canShareExit(opFamilyOf(a), opFamilyOf(b));
    };
    EXPECT_TRUE(share("Gemm", "Add"));
    EXPECT_TRUE(share("Relu", "FusedConv"));
    EXPECT_TRUE(share("Gelu", "Mul"));
    EXPECT_TRUE(share("SkipLayerNormalization", "LayerNormalization"));
    EXPECT_TRUE(share("FusedMatMul", "Mul"));
    EXPECT_TRUE(share("CustomOp", "Conv"));
    EXPECT_FALSE(share("Softmax", "Conv"));
}

TEST(OpFamilyTest, TableHasNoDoubtfulEntry)
{
    std::map<std::string, std::string> owner;
    std::set<std::string> names;
    for (const OpFamily &family : opFamilies()) {
        EXPECT_TRUE(names.insert(std::string(family.name)).second) << family.name;
        std::istringstream types{std::string(family.opTypes)};
        for (std::string type; types >> type;) {
            EXPECT_TRUE(owner.emplace(type, family.name).second) << type;
        }
    }
    for (const OpFamily &family : opFamilies()) {
        std::istringstream exits{std::string(family.exits)};
        for (std::string exit; exits >> exit;) {
            EXPECT_TRUE(names.count(exit) != 0) << family.name << " ends in unknown " << exit;
        }
    }
}

} // namespace
} // namespace syncpoint
