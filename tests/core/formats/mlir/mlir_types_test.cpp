#include "core/formats/mlir/mlir_constants.h"
#include "core/formats/mlir/mlir_locations.h"
#include "core/tensor/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

using ::testing::Each;
using ::testing::ElementsAre;

TEST(MlirTypesTest, ElementsAndExtentsAreRead)
{
    EXPECT_EQ(mlirType("tensor<4x?x8xbf16>").shape, (Shape{4, -1, 8}));
    EXPECT_EQ(mlirType("tensor<4x?x8xbf16>").dtype, DType::BFloat16);
    EXPECT_EQ(mlirType("tensor<f32>").shape, Shape{});
    EXPECT_EQ(mlirType("tensor<*xf32>").shape, std::nullopt);
    EXPECT_EQ(mlirType("tensor<2xi1>").dtype, DType::Bool);
    EXPECT_EQ(mlirType("tensor<2xcomplex<f32>>").dtype, DType::Complex64);
    EXPECT_EQ(mlirType("tensor<2x3xf32, #enc>").shape, (Shape{2, 3}));
    EXPECT_EQ(mlirType("!stablehlo.token").dtype, DType::Undefined);
    EXPECT_EQ(mlirType("tensor<").dtype, DType::Undefined);
}

TEST(MlirTypesTest, QuantizedTypesCarryTheirScales)
{
    const auto one = mlirType("tensor<2x3x!quant.uniform<i8:f32, 5.000000e-01:-3>>");
    EXPECT_EQ(one.dtype, DType::Int8);
    ASSERT_TRUE(one.quantization);
    EXPECT_THAT(one.quantization->scales, ElementsAre(0.5));
    EXPECT_THAT(one.quantization->zeroPoints, ElementsAre(-3));
    const auto each = mlirType("tensor<2x3x!quant.uniform<i8<-127:127>:f32:0, {0.5, 2.5e-1:7}>>");
    ASSERT_TRUE(each.quantization);
    EXPECT_EQ(each.quantization->axis, 0U);
    EXPECT_THAT(each.quantization->scales, ElementsAre(0.5, 0.25));
    EXPECT_THAT(each.quantization->zeroPoints, ElementsAre(0, 7));
    EXPECT_FALSE(mlirType("tensor<5x!quant.uniform<i8:f32:0, {0.5, 1.0}>>").quantization);
}

TEST(MlirConstantsTest, ListsNumbersAndBitsAreRead)
{
    const auto numbers = [](std::string_view text, std::string_view type) {
        const auto tensor = mlirConstant(text, mlirType(type));
        return tensor ? *decodeAll(tensor->view()) : std::vector<float>{};
    };
    EXPECT_THAT(numbers("dense<[[1.5, -2.0], [3.0e+00, 4.0]]>", "tensor<2x2xf32>"),
                ElementsAre(1.5, -2, 3, 4));
    EXPECT_THAT(numbers("dense<7>", "tensor<3xi32>"), ElementsAre(7, 7, 7));
    EXPECT_THAT(numbers("dense<[true, false]>", "tensor<2xi1>"), ElementsAre(1, 0));
    EXPECT_THAT(numbers("dense<\"0x0000803F00000040\">", "tensor<2xf32>"), ElementsAre(1, 2));
    EXPECT_THAT(numbers("dense<0xFF800000>", "tensor<2xf32>"),
                Each(-std::numeric_limits<float>::infinity()));
    EXPECT_TRUE(numbers("dense<[1, 2]>", "tensor<3xf32>").empty());
    EXPECT_TRUE(numbers("dense<\"0x00\">", "tensor<2xf32>").empty());
    EXPECT_FALSE(mlirConstant("dense<0.0>", mlirType("tensor<1000000x1000000xf32>")));
    EXPECT_FALSE(mlirConstant("dense_resource<w>", mlirType("tensor<2xf32>")));
}

TEST(MlirLocationsTest, NamesStacksAndRangesAreRead)
{
    MlirLocations locations;
    locations.addAlias("#loc1", MlirLexer("loc(\"a.py\":8:4)"));
    locations.addAlias("#loc2", MlirLexer("loc(\"inner\"(#loc1))"));
    locations.addAlias("#loc3", MlirLexer("loc(callsite(#loc2 at \"main\"(\"b.py\":9:1 to :7)))"));
    locations.addAlias("#loop", MlirLexer("loc(fused[#loop, #loop])"));
    const auto read = [&](std::string_view text) {
        MlirLexer lexer(text);
        MlirLocation location;
        EXPECT_TRUE(locations.read(lexer, location)) << text;
        return location;
    };
    const auto named = read("(\"jit(f)/Net/dot\"(#loc3))");
    EXPECT_THAT(named.names, ElementsAre("jit(f)/Net/dot"));
    EXPECT_THAT(named.frames,
                ElementsAre(SourceFrame{"a.py", 8, 4, "inner"}, SourceFrame{"b.py", 9, 1, "main"}));
    const auto fused = read("(fused<\"x\">[\"one\", unknown, \"two\"(#loc1)])");
    EXPECT_THAT(fused.names, ElementsAre("one", "two"));
    EXPECT_EQ(fused.frames.size(), 1U);
    EXPECT_TRUE(read("(#loop)").names.empty());
    EXPECT_TRUE(read("(#unheard)").names.empty());
    EXPECT_EQ(mlirModuleOf("jit(main)/Net/layers_0/dot_general"), "Net.layers_0");
    EXPECT_EQ(mlirModuleOf("jit(main)/sin"), "");
}

} // namespace syncpoint::test
