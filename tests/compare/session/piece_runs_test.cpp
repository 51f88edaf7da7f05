#include "compare/session/piece_runs.h"
#include "core/formats/hdf5/dump_writer.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/run/tiny_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

/// Two ops on `x` and one, making `bad`, that fails on what is fed to it.
RunRequest requestIn(const test::TemporaryFolder &folder)
{
    TinyModel model;
    model.input("x", DType::Float32, {2}).input("y", DType::Float32, {2});
    model.op("Neg", {"x"}, {"negated"}).op("Abs", {"x"}, {"size"}).op("Add", {"x", "y"}, {"bad"});
    model.output("negated", DType::Float32, {2}).output("bad", DType::Float32, {2});
    RunRequest request;
    request.model = model.write(folder.path());
    request.output = folder / "out";
    request.inputs.file = folder / "feed.h5";
    request.fed = {"x", "y"};
    auto writer = DumpWriter::create(*request.inputs.file, {}, {0, true}).value();
    for (const auto &[name, count] :
         {std::pair("x", std::size_t{2}), std::pair("y", std::size_t{3})}) {
        TensorEntry entry;
        entry.name = name;
        const Tensor tensor = Tensor::fromFloats({static_cast<std::int64_t>(count)},
                                                 std::vector<float>(count, -1.5F));
        entry.info = tensor.info();
        EXPECT_TRUE(writer->write(0, entry, tensor));
    }
    EXPECT_TRUE(writer->finish());
    return request;
}

float valueOf(const PieceResults &results, const std::string &name)
{
    return decodeAll(results.read(name, 0).value().view()).value().front();
}

TEST(PieceRunsTest, AnOpThatFailsTakesNoOtherWithIt)
{
    const test::TemporaryFolder folder;
    const auto results =
        runInPieces(RUNNER, requestIn(folder), {{"negated", 8}, {"bad", 8}, {"size", 8}}, {});

    ASSERT_TRUE(results) << results.error().message;
    EXPECT_FLOAT_EQ(valueOf(*results, "negated"), 1.5F);
    EXPECT_FLOAT_EQ(valueOf(*results, "size"), 1.5F);
    ASSERT_EQ(results->failures.size(), 1U);
    EXPECT_EQ(results->failures.begin()->first, "bad");
    const auto missing = results->read("bad", 0);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().message, results->failures.begin()->second);
}

TEST(PieceRunsTest, LargeResultsGetRunsOfTheirOwn)
{
    const test::TemporaryFolder folder;
    constexpr std::uint64_t kHuge = std::uint64_t{400} << 20U; // as declared; two do not fit
    const auto results =
        runInPieces(RUNNER, requestIn(folder), {{"negated", kHuge}, {"size", kHuge}}, {});

    ASSERT_TRUE(results) << results.error().message;
    EXPECT_EQ(results->dumps.size(), 2U);
    EXPECT_FLOAT_EQ(valueOf(*results, "negated"), 1.5F);
    EXPECT_FLOAT_EQ(valueOf(*results, "size"), 1.5F);
}

TEST(PieceRunsTest, NothingThatCanBeRunIsAnError)
{
    const test::TemporaryFolder folder;
    const auto results = runInPieces(RUNNER, requestIn(folder), {{"bad", 8}}, {});

    ASSERT_FALSE(results);
    EXPECT_THAT(results.error().message, testing::HasSubstr("Add"));
}

} // namespace
} // namespace syncpoint
