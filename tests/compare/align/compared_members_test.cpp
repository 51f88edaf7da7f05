#include "graphs.h"

namespace syncpoint {
namespace {

using testing::GraphMaker;
using testing::pointOf;

/// The sync point of "a" in two models that declare no shapes, captured in these.
SyncPoint pointOfCaptured(const Shape &own, const Shape &other)
{
    const auto graph =
        GraphMaker().input("x").op("Relu", {"x"}, "a").op("Tanh", {"a"}, "y").output("y").build();
    const auto shapes = [&](const Shape &shape) {
        return [&graph, shape](ValueId value) {
            return graph->value(value).name == "a" ? std::optional(shape) : std::nullopt;
        };
    };
    CapturedValues captured;
    captured.referenceShape = shapes(own);
    captured.candidateShape = shapes(other);
    const auto alignment = alignGraphs(*graph, *graph, {}, {}, captured);
    EXPECT_TRUE(alignment);
    const SyncPoint *point = alignment ? pointOf(*alignment, *graph, "a") : nullptr;
    EXPECT_NE(point, nullptr);
    return point != nullptr ? *point : SyncPoint();
}

TEST(ComparedMembersTest, CapturedShapesTellTheLayoutThatTheModelsLeaveOpen)
{
    EXPECT_TRUE(pointOfCaptured({2, 3}, {2, 3}).transform.isIdentity());
    EXPECT_EQ(pointOfCaptured({1, 1, 128}, {1, 128}).transform.reshape, (Shape{1, 1, 128}));
    EXPECT_EQ(pointOfCaptured({1, 8, 4, 4}, {1, 4, 4, 8}).transform.permutation,
              (std::vector<std::size_t>{0, 3, 1, 2}));
}

TEST(ComparedMembersTest, CapturedShapesThatNoLayoutExplainsStayAsTheyAre)
{
    EXPECT_TRUE(pointOfCaptured({2, 3}, {5, 7}).transform.isIdentity());
}

} // namespace
} // namespace syncpoint
