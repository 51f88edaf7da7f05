#include "viewers/tensor/tensor_part.h"

#include "core/graph/graph_builder.h"
#include "viewers/tensor/plane.h"
#include "viewers/tensor/tensor_content.h"

#include <gtest/gtest.h>
#include <numeric>

namespace syncpoint {
namespace {

TEST(TensorPartTest, PartsFollowOneAnotherAndCoverTheWhole)
{
    for (const Shape &shape : {Shape{7, 5, 3}, Shape{100}, Shape{2, 3, 4, 5}, Shape{1, 1, 50}}) {
        for (const std::uint64_t most : {1U, 4U, 15U, 30U}) {
            std::uint64_t next = 0;
            const std::size_t count = partOf(shape, 0, most).count;
            for (std::size_t i = 0; i < count; ++i) {
                const TensorPart part = partOf(shape, i, most);
                EXPECT_EQ(part.first, next);
                EXPECT_LE(part.elements(), most);
                EXPECT_EQ(part.origin, unravel(part.first, shape));
                next += part.elements();
            }
            EXPECT_EQ(next, *elementCount(shape)) << toText(shape) << " by " << most;
        }
    }
}

TEST(TensorPartTest, AnIndexBeyondTheLastGivesTheLast)
{
    EXPECT_EQ(partOf({10, 10}, 99, 20).index, 4U);
    EXPECT_TRUE(partOf({10, 10}, 99, 100).isWhole());
}

/// One value "x" of 6×4 elements, 0 to 23, on both sides.
std::shared_ptr<const ComparisonResult> largeResult(std::shared_ptr<const Quantization> parameters)
{
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.localValue(builder.mainScope(), "x"));
    builder.addNode("relu", "Relu", {"x"}, {"y"});
    builder.addOutput(builder.mainScope(), builder.value(builder.mainScope(), "y"));
    auto result = std::make_shared<ComparisonResult>();
    result->baseline.graph = builder.build().value();
    std::vector<std::byte> bytes(24);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::byte>(i);
    }
    MemoryTensorStore::Item item;
    item.entry.name = "x";
    item.tensor = Tensor::fromBytes({DType::Int8, {6, 4}, std::move(parameters)}, bytes).value();
    auto dump = std::make_shared<TensorDump>();
    dump->samples.push_back(
        std::make_shared<MemoryTensorStore>(std::vector<MemoryTensorStore::Item>{item}));
    result->baseline.dump = dump;
    return result;
}

TEST(TensorContentTest, ALargeTensorIsReadInPartWithTheQuantizationOfItsPlace)
{
    const auto result = largeResult(std::make_shared<const Quantization>(
        Quantization{{1.0, 2.0, 3.0, 4.0, 5.0, 6.0}, {}, 0, 0}));
    TensorRequest request;
    request.result = result;
    request.value = *result->baseline.graph->findValue("x");
    request.part = 1;
    request.mostElements = 10;
    request.partElements = 8; // two rows

    const TensorContent content = loadTensorContent(request, JobContext{});

    EXPECT_EQ(content.problem, "");
    EXPECT_EQ(content.shape, (Shape{2, 4}));
    EXPECT_EQ(content.part.origin, (Shape{2, 0}));
    EXPECT_EQ(content.badge, "part 2 of 3");
    EXPECT_EQ(content.reference.values,
              (std::vector<float>{24, 27, 30, 33, 48, 52, 56, 60})); // rows 2 and 3: ×3 and ×4
}

} // namespace
} // namespace syncpoint
