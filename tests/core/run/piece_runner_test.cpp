#include "core/formats/hdf5/dump_reader.h"
#include "core/formats/hdf5/dump_writer.h"
#include "core/run/model_runner.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/run/tiny_model.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

/// Writes one value per name as a dump of one sample.
std::filesystem::path feed(const test::TemporaryFolder &folder,
                           const std::vector<std::pair<std::string, float>> &values)
{
    const auto path = folder / "feed.h5";
    auto writer = DumpWriter::create(path, {}, {0, true}).value();
    for (const auto &[name, value] : values) {
        TensorEntry entry;
        entry.name = name;
        const Tensor tensor = Tensor::fromFloats({1}, std::vector{value});
        entry.info = tensor.info();
        EXPECT_TRUE(writer->write(0, entry, tensor));
    }
    EXPECT_TRUE(writer->finish());
    return path;
}

RunRequest request(const test::TemporaryFolder &folder)
{
    RunRequest made;
    made.model = TinyModel()
                     .input("x", DType::Float32, {1})
                     .output("z", DType::Float32, {1})
                     .op("Neg", {"x"}, {"y"})
                     .op("Exp", {"y"}, {"z"})
                     .write(folder.path());
    made.output = folder / "out.h5";
    made.wanted = {"y", "z"};
    made.fed = {"x", "y"};
    return made;
}

float valueOf(const RunRequest &request, const std::string &name)
{
    const auto store = readDump(request.output, {}).value()->samples.front();
    return decodeAll(store->read(store->find(name).value()).value().view()).value().front();
}

TEST(PieceRunnerTest, AFedValueIsReadByTheOpsAfterItAndStillComputed)
{
    const test::TemporaryFolder folder;
    auto made = request(folder);
    made.inputs.file = feed(folder, {{"x", 3.0F}, {"y", 0.0F}});

    const auto outcome = runModel(made, "test", {});

    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_FLOAT_EQ(valueOf(made, "y"), -3.0F); // from the fed x
    EXPECT_FLOAT_EQ(valueOf(made, "z"), 1.0F);  // from the fed y
}

TEST(PieceRunnerTest, OpsThatNothingNeedsAreLeftOut)
{
    const test::TemporaryFolder folder;
    auto made = request(folder);
    made.wanted = {"z"};
    made.inputs.file = feed(folder, {{"y", 0.0F}}); // no x: Neg is not run

    const auto outcome = runModel(made, "test", {});

    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_FLOAT_EQ(valueOf(made, "z"), 1.0F);
}

TEST(PieceRunnerTest, AMissingValueIsNamed)
{
    const test::TemporaryFolder folder;
    auto made = request(folder);
    made.inputs.file = feed(folder, {{"x", 3.0F}});

    const auto outcome = runModel(made, "test", {});

    ASSERT_FALSE(outcome);
    EXPECT_NE(outcome.error().message.find("has no values of 'y'"), std::string::npos)
        << outcome.error().message;
    EXPECT_FALSE(std::filesystem::exists(made.output));
}

} // namespace
} // namespace syncpoint
