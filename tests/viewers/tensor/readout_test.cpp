#include "core/graph/graph_builder.h"
#include "ui/theme/theme.h"
#include "viewers/tensor/tensor_pane.h"

#include <QLabel>
#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

/// A comparison whose baseline captured one value "x".
std::shared_ptr<const ComparisonResult> resultOf(const Tensor &tensor)
{
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.localValue(builder.mainScope(), "x"));
    auto result = std::make_shared<ComparisonResult>();
    result->baseline.graph = builder.build().value();
    MemoryTensorStore::Item item;
    item.entry.name = "x";
    item.tensor = tensor;
    auto dump = std::make_shared<TensorDump>();
    dump->samples.push_back(
        std::make_shared<MemoryTensorStore>(std::vector<MemoryTensorStore::Item>{item}));
    result->baseline.dump = dump;
    return result;
}

/// What the pane says of an element under the cursor, without its index.
QString readoutOf(const Tensor &tensor, std::uint64_t element)
{
    TensorRequest request;
    request.result = resultOf(tensor);
    request.value = *request.result->baseline.graph->findValue("x");
    Theme theme;
    TensorPane pane(theme);
    pane.setContent(loadTensorContent(request, JobContext{}));
    pane.goTo(element);
    for (const QLabel *label : pane.findChildren<QLabel *>()) {
        if (const auto at = label->text().indexOf(QStringLiteral("]   A ")); at >= 0) {
            return label->text().mid(at + 6);
        }
    }
    return {};
}

template <typename Number>
Tensor tensorOf(DType dtype, const std::vector<Number> &stored, std::int64_t elements,
                std::shared_ptr<const Quantization> quantization = nullptr)
{
    std::vector<std::byte> bytes(stored.size() * sizeof(Number));
    std::memcpy(bytes.data(), stored.data(), bytes.size());
    return Tensor::fromBytes({dtype, {1, elements}, std::move(quantization)}, std::move(bytes))
        .value();
}

TEST(ReadoutTest, FloatsOfEveryWidthShowTheirNumber)
{
    EXPECT_EQ(readoutOf(tensorOf<double>(DType::Float64, {0, 1234.5678}, 2), 1), "1234.568");
    EXPECT_EQ(readoutOf(tensorOf<float>(DType::Float32, {0, -0.25F}, 2), 1), "-0.25");
    EXPECT_EQ(readoutOf(tensorOf<std::uint16_t>(DType::Float16, {0, 0xC000}, 2), 1), "-2");
    EXPECT_EQ(readoutOf(tensorOf<std::uint16_t>(DType::BFloat16, {0, 0x4049}, 2), 1), "3.140625");
    EXPECT_EQ(readoutOf(tensorOf<std::uint8_t>(DType::Float8E4M3FN, {0, 0x3C}, 2), 1), "1.5");
    EXPECT_EQ(readoutOf(tensorOf<std::uint8_t>(DType::Float8E5M2, {0, 0x3E}, 2), 1), "1.5");
    EXPECT_EQ(readoutOf(tensorOf<std::uint8_t>(DType::Float4E2M1, {0x70}, 2), 1), "6");
}

TEST(ReadoutTest, IntegersShowEveryDigit)
{
    constexpr std::int64_t kNoFloat = 9'007'199'254'740'993; // 2⁵³ + 1
    EXPECT_EQ(readoutOf(tensorOf<std::int64_t>(DType::Int64, {0, kNoFloat}, 2), 1),
              "9007199254740993");
    EXPECT_EQ(readoutOf(tensorOf<std::int32_t>(DType::Int32, {0, -16'777'217}, 2), 1), "-16777217");
    EXPECT_EQ(readoutOf(tensorOf<std::uint8_t>(DType::UInt8, {0, 255}, 2), 1), "255");
    EXPECT_EQ(readoutOf(tensorOf<std::uint8_t>(DType::Int4, {0x7F}, 2), 0), "-1");
    EXPECT_EQ(readoutOf(tensorOf<std::uint8_t>(DType::Int4, {0x7F}, 2), 1), "7");
    EXPECT_EQ(readoutOf(tensorOf<std::uint8_t>(DType::UInt4, {0x7F}, 2), 0), "15");
    EXPECT_EQ(readoutOf(tensorOf<std::uint8_t>(DType::Bool, {0, 1}, 2), 1), "1");
}

TEST(ReadoutTest, QuantizedIntegersShowTheirMeaningAndThemselves)
{
    const auto perTensor = std::make_shared<Quantization>(Quantization{{0.5}, {10}, {}, 0});
    EXPECT_EQ(readoutOf(tensorOf<std::uint8_t>(DType::UInt8, {10, 14}, 2, perTensor), 1),
              "2 (raw 14)");
    const auto perColumn = std::make_shared<Quantization>(Quantization{{1.0, 0.25}, {}, 1, 0});
    EXPECT_EQ(readoutOf(tensorOf<std::uint8_t>(DType::Int4, {0xE1}, 2, perColumn), 1),
              "-0.5 (raw -2)");
}

} // namespace
} // namespace syncpoint
