#include "core/formats/hdf5/hdf5_loader.h"

#include "core/tensor/decode.h"
#include "tests/core/formats/test_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

namespace syncpoint {
namespace {

using test::dataFile;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

std::shared_ptr<const TensorDump> loaded(const std::string &name)
{
    auto dump = makeHdf5Loader()->load(dataFile("dumps/" + name), {});
    EXPECT_TRUE(dump) << (dump ? "" : dump.error().message);
    return dump ? *dump : nullptr;
}

std::vector<float> valuesOf(const TensorStore &store, std::string_view name)
{
    const auto id = store.find(name);
    EXPECT_TRUE(id) << name;
    const auto tensor = id ? store.read(*id) : Result<Tensor>(Error{});
    EXPECT_TRUE(tensor) << (tensor ? "" : tensor.error().message);
    const auto values = tensor ? decodeAll(tensor->view()) : Result<std::vector<float>>(Error{});
    EXPECT_TRUE(values);
    return values ? *values : std::vector<float>{};
}

class Hdf5DumpTest : public testing::TestWithParam<std::string>
{
};

INSTANTIATE_TEST_SUITE_P(Storage, Hdf5DumpTest, testing::Values("contiguous.h5", "gzip.h5"));

TEST_P(Hdf5DumpTest, HeaderAndEntriesAreRead)
{
    const auto dump = loaded(GetParam());
    ASSERT_TRUE(dump);
    EXPECT_EQ(dump->format, "syncpoint-dump");
    EXPECT_EQ(dump->producer, "make_dumps.py");
    EXPECT_EQ(dump->model, "tiny.onnx");
    EXPECT_EQ(dump->runtime, "numpy");
    ASSERT_EQ(dump->samples.size(), 2U);
    const TensorStore &store = *dump->samples.front();
    EXPECT_EQ(store.entries().size(), 7U);
    const TensorEntry &conv = store.entry(*store.find("/encoder/Conv_output_0"));
    EXPECT_EQ(conv.info.shape, (Shape{2, 3, 40, 50}));
    EXPECT_EQ(conv.node, "/encoder/Conv");
    EXPECT_EQ(conv.opType, "Conv");
    EXPECT_EQ(conv.module, "encoder.conv");
    EXPECT_EQ(conv.layout, "NCHW");
    EXPECT_EQ(store.entry(*store.find("weights%q")).kind, TensorEntry::Kind::Parameter);
}

TEST_P(Hdf5DumpTest, ValuesOfEveryStoredTypeAreRight)
{
    const auto dump = loaded(GetParam());
    ASSERT_TRUE(dump);
    const TensorStore &store = *dump->samples[1];
    const auto ramp = valuesOf(store, "/encoder/Conv_output_0");
    ASSERT_EQ(ramp.size(), 12000U);
    EXPECT_EQ(ramp[0], 1.0F);
    EXPECT_EQ(ramp[11999], 12000.0F);
    EXPECT_EQ(valuesOf(store, "half")[1], -3.875F);
    EXPECT_EQ(valuesOf(store, "brain")[7], 7.0F);
    EXPECT_THAT(valuesOf(store, "mask"), testing::ElementsAre(1, 0, 0, 1, 0, 0, 1, 0, 0, 1));
    EXPECT_THAT(valuesOf(store, "nibbles"),
                testing::ElementsAre(-7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7));
    EXPECT_THAT(valuesOf(store, "weights%q"), testing::ElementsAre(-4, -3.5, -3, -2.5, -5, -4, -3,
                                                                   -2, -4, -2, 0, 2, 4, 8, 12, 16));
    EXPECT_EQ(store.entry(*store.find("nibbles")).info.dtype, DType::Int4);
    EXPECT_EQ(store.entry(*store.find("mask")).info.dtype, DType::Bool);
}

TEST_P(Hdf5DumpTest, RangesAgreeWithTheWhole)
{
    const auto dump = loaded(GetParam());
    ASSERT_TRUE(dump);
    const TensorStore &store = *dump->samples.front();
    const TensorId id = *store.find("/encoder/Conv_output_0");
    const auto whole = valuesOf(store, "/encoder/Conv_output_0");
    for (const std::uint64_t first : {0U, 1U, 49U, 50U, 1999U, 2001U, 5999U, 11999U}) {
        for (const std::uint64_t count : {0U, 1U, 2U, 51U, 2000U, 4001U, 12000U}) {
            if (first + count > whole.size()) {
                EXPECT_FALSE(store.readRange(id, first, count));
                continue;
            }
            const auto range = store.readRange(id, first, count);
            ASSERT_TRUE(range) << range.error().message;
            const auto values = decodeAll(range->view());
            const auto from = whole.begin() + static_cast<std::ptrdiff_t>(first);
            EXPECT_TRUE(std::equal(values->begin(), values->end(), from)) << first << " " << count;
            store.release(id, first, count);
        }
    }
    const auto nibbles = store.readRange(*store.find("nibbles"), 2, 3);
    ASSERT_TRUE(nibbles);
    EXPECT_THAT(*decodeAll(nibbles->view()), testing::ElementsAre(-5, -4, -3));
}

TEST_P(Hdf5DumpTest, GraphAndProfileAreRead)
{
    const auto dump = loaded(GetParam());
    ASSERT_TRUE(dump && dump->graph && dump->profile);
    ASSERT_EQ(dump->graph->nodes().size(), 1U);
    const Node &node = dump->graph->nodes().front();
    EXPECT_EQ(dump->graph->module(node.module).path, "encoder.conv");
    ASSERT_EQ(node.source.size(), 1U);
    EXPECT_EQ(node.source.front(), (SourceFrame{"net.py", 12, 4, "forward"}));
    EXPECT_FALSE(node.inputs[1].isValid());
    EXPECT_EQ(dump->graph->value(node.outputs[0]).shape, (Shape{2, 3, 40, 50}));
    EXPECT_EQ(dump->profile->nodes.at("/encoder/Conv").microseconds, 12.5);
    ASSERT_TRUE(dump->profile->latency);
    EXPECT_EQ(dump->profile->latency->p50, 20.0);
    EXPECT_EQ(dump->profile->latency->p90, 0.0); // Python's bare NaN
    EXPECT_EQ(dump->profile->latency->runs, 3U);
}

TEST_P(Hdf5DumpTest, WrongQuantizationIsReportedAndTheTensorStays)
{
    const auto dump = loaded(GetParam());
    ASSERT_TRUE(dump);
    EXPECT_THAT(dump->diagnostics, Contains(Field(&Diagnostic::where, "bad axis")));
    const TensorStore &store = *dump->samples.front();
    EXPECT_EQ(store.entry(*store.find("bad axis")).info.quantization, nullptr);
}

TEST_P(Hdf5DumpTest, ManyThreadsMayRead)
{
    const auto dump = loaded(GetParam());
    ASSERT_TRUE(dump);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 4; ++t) {
        threads.emplace_back([&dump, t] {
            for (int i = 0; i < 50; ++i) {
                const TensorStore &store = *dump->samples[t % 2];
                EXPECT_TRUE(store.read(TensorId{(t + static_cast<std::size_t>(i)) % 7}));
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
}

TEST(Hdf5LoaderTest, ContiguousDataIsMappedNotCopied)
{
    const auto dump = loaded("contiguous.h5");
    ASSERT_TRUE(dump);
    const TensorStore &store = *dump->samples.front();
    const TensorId id = *store.find("half");
    EXPECT_EQ(store.read(id)->bytes().data(), store.read(id)->bytes().data());
}

TEST(Hdf5LoaderTest, ForeignFilesGiveTheirNumericDatasetsByPath)
{
    const auto dump = loaded("foreign.h5");
    ASSERT_TRUE(dump);
    EXPECT_EQ(dump->format, "hdf5");
    ASSERT_EQ(dump->samples.size(), 1U);
    const TensorStore &store = *dump->samples.front();
    EXPECT_EQ(store.entry(*store.find("model/layer1/kernel")).info.dtype, DType::Float64);
    EXPECT_THAT(valuesOf(store, "model/layer1/big_endian"), testing::ElementsAre(0, 1, 2, 3, 4, 5));
    EXPECT_THAT(valuesOf(store, "model/layer1/shorts"), testing::ElementsAre(0, 1, 2, 3, 4));
    EXPECT_THAT(valuesOf(store, "model/layer1/step"), testing::ElementsAre(17));
}

TEST(Hdf5LoaderTest, NothingOutsideTheFileIsFollowed)
{
    const auto dump = loaded("foreign.h5");
    ASSERT_TRUE(dump);
    const TensorStore &store = *dump->samples.front();
    for (const char *name : {"soft", "outside", "elsewhere", "names", "record"}) {
        EXPECT_FALSE(store.find(name)) << name;
    }
    EXPECT_THAT(dump->diagnostics,
                Contains(testing::AllOf(Field(&Diagnostic::where, "elsewhere"),
                                        Field(&Diagnostic::text, HasSubstr("another file")))));
}

TEST(Hdf5LoaderTest, ADatasetThatClaimsFarMoreThanItHoldsIsRefusedOnReading)
{
    const auto dump = loaded("foreign.h5");
    ASSERT_TRUE(dump);
    const TensorStore &store = *dump->samples.front();
    const auto id = store.find("claims");
    ASSERT_TRUE(id);
    const auto whole = store.read(*id);
    ASSERT_FALSE(whole);
    EXPECT_EQ(whole.error().code, ErrorCode::Limit);
    EXPECT_THAT(whole.error().message, HasSubstr("reading 'claims' from"));
    EXPECT_THAT(whole.error().message, HasSubstr("foreign.h5"));
    EXPECT_FALSE(store.readRange(*id, 0, 10));
}

TEST(Hdf5LoaderTest, RecognisesTheSignature)
{
    const auto loader = makeHdf5Loader();
    FileProbe probe;
    probe.start = {std::byte{0x89}, std::byte{'H'},  std::byte{'D'},  std::byte{'F'},
                   std::byte{'\r'}, std::byte{'\n'}, std::byte{0x1A}, std::byte{'\n'}};
    EXPECT_EQ(loader->probe(probe), ProbeAnswer::Yes);
    probe.start.insert(probe.start.begin(), 512, std::byte{0});
    EXPECT_EQ(loader->probe(probe), ProbeAnswer::Yes);
    probe.start.clear();
    EXPECT_EQ(loader->probe(probe), ProbeAnswer::No);
    probe.extension = ".h5";
    EXPECT_EQ(loader->probe(probe), ProbeAnswer::Maybe);
}

} // namespace
} // namespace syncpoint
