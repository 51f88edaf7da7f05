#include "core/formats/hdf5/dump_writer.h"

#include "core/base/mapped_file.h"
#include "core/formats/hdf5/child.h"
#include "core/formats/hdf5/dump_json.h"
#include "core/formats/hdf5/hdf5_loader.h"
#include "core/formats/hdf5/lister.h"
#include "core/formats/hdf5/own_lister.h"
#include "core/graph/graph_builder.h"
#include "tests/core/formats/test_files.h"

#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

namespace syncpoint {
namespace {

using testing::HasSubstr;

std::vector<std::byte> patternOf(std::size_t size)
{
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<std::byte>(i * 37 + 1);
    }
    return bytes;
}

/// A tensor of that type whose unused last bits are 0.
Tensor sampleTensor(DType dtype, const Shape &shape)
{
    const std::uint64_t elements = elementCount(shape).value_or(0);
    std::vector<std::byte> bytes = patternOf(storageBytes(dtype, elements).value_or(0));
    const std::uint64_t used = elements * bitWidth(dtype) % 8;
    if (used != 0) {
        bytes.back() &= static_cast<std::byte>((1U << used) - 1U);
    }
    if (dtype == DType::Bool) {
        for (std::byte &byte : bytes) {
            byte &= std::byte{1};
        }
    }
    return *Tensor::fromBytes({dtype, shape, nullptr}, std::move(bytes));
}

TensorEntry entryOf(std::string name, const Tensor &tensor)
{
    TensorEntry entry;
    entry.name = std::move(name);
    entry.info = tensor.info();
    return entry;
}

/// What the HDF5 library finds in the file; dumps without chunks are listed without it as well.
void expectTheLibraryAgrees(const std::filesystem::path &path)
{
    const auto mapping = MappedFile::open(path).value();
    const auto file = mapping->bytes();
    const auto bytes = hdf5::outputOfChild([file] { return toBytes(hdf5::listFile(file)); },
                                           std::chrono::seconds(20), {});
    ASSERT_TRUE(bytes) << bytes.error().message;
    const auto listing = hdf5::listingFromBytes(*bytes);
    ASSERT_TRUE(listing) << listing.error().message;
    const bool hasChunks = std::any_of(
        listing->datasets.begin(), listing->datasets.end(), [](const hdf5::Dataset &each) {
            const auto *chunked = std::get_if<hdf5::Chunked>(&each.data);
            return chunked != nullptr && !chunked->chunks.empty();
        });
    const auto own = hdf5::listOwnDump(file);
    EXPECT_EQ(own.has_value(), !hasChunks);
    if (own) {
        EXPECT_EQ(toBytes(*own), *bytes);
    }
}

std::shared_ptr<const TensorDump> reread(const std::filesystem::path &path)
{
    expectTheLibraryAgrees(path);
    auto dump = makeHdf5Loader()->load(path, {});
    EXPECT_TRUE(dump) << (dump ? "" : dump.error().message);
    return dump ? *dump : nullptr;
}

class DumpWriterTest : public testing::TestWithParam<int>
{
};

INSTANTIATE_TEST_SUITE_P(Gzip, DumpWriterTest, testing::Values(0, 4));

TEST_P(DumpWriterTest, EveryTypeAndShapeRoundTrips)
{
    const test::TemporaryFolder folder;
    auto writer =
        DumpWriter::create(folder / "a.h5", {"test", "m.onnx", "ab", "rt 1"}, {GetParam()});
    ASSERT_TRUE(writer) << writer.error().message;
    const std::vector<Shape> shapes{{3, 5, 7}, {}, {0, 4}, {1}, {300, 500}};
    std::vector<Tensor> tensors;
    for (int i = 1; i < static_cast<int>(DType::String); ++i) {
        for (const Shape &shape : shapes) {
            tensors.push_back(sampleTensor(static_cast<DType>(i), shape));
            const auto done = (*writer)->write(
                1, entryOf(std::to_string(tensors.size()), tensors.back()), tensors.back());
            ASSERT_TRUE(done) << done.error().message;
        }
    }
    ASSERT_TRUE((*writer)->write(0, entryOf("only", tensors.front()), tensors.front()));
    ASSERT_TRUE((*writer)->finish());
    const auto dump = reread(folder / "a.h5");
    ASSERT_TRUE(dump && dump->samples.size() == 2);
    EXPECT_TRUE(dump->diagnostics.empty());
    EXPECT_EQ(dump->modelSha256, "ab");
    const TensorStore &store = *dump->samples[1];
    ASSERT_EQ(store.entries().size(), tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        EXPECT_EQ(store.entries()[i].name, std::to_string(i + 1)); // in the order written
        const auto tensor = store.read(TensorId{i});
        ASSERT_TRUE(tensor) << tensor.error().message;
        EXPECT_EQ(tensor->info().dtype, tensors[i].info().dtype);
        EXPECT_EQ(tensor->info().shape, tensors[i].info().shape);
        EXPECT_TRUE(std::ranges::equal(tensor->bytes(), tensors[i].bytes()))
            << dtypeName(tensors[i].info().dtype) << " " << toText(tensors[i].info().shape);
    }
}

TEST_P(DumpWriterTest, MetadataRoundTrips)
{
    const test::TemporaryFolder folder;
    auto writer = DumpWriter::create(folder / "a.h5", {}, {GetParam()});
    ASSERT_TRUE(writer);
    auto parameters = std::make_shared<Quantization>();
    parameters->axis = 0;
    parameters->blockSize = 2;
    parameters->scales = {0.5, 1.5};
    parameters->zeroPoints = {1, -1};
    const auto tensor =
        Tensor::fromBytes({DType::Int4, {4}, parameters}, {std::byte{1}, std::byte{2}});
    ASSERT_TRUE(tensor);
    std::vector<TensorEntry> entries;
    for (const char *name : {"a/b%c", "..", "%2F", "ünïcode"}) {
        TensorEntry entry = entryOf(name, *tensor);
        entry.kind = TensorEntry::Kind::Output;
        entry.node = "n";
        entry.opType = "Conv";
        entry.module = "m.n";
        entry.layout = "NC";
        entries.push_back(entry);
        ASSERT_TRUE((*writer)->write(0, entry, *tensor));
    }
    ASSERT_TRUE((*writer)->write(0, entryOf("", *tensor), *tensor));
    ASSERT_TRUE((*writer)->finish());
    const auto dump = reread(folder / "a.h5");
    ASSERT_TRUE(dump);
    const TensorStore &store = *dump->samples.front();
    ASSERT_EQ(store.entries().size(), entries.size());
    for (const TensorEntry &entry : entries) {
        const auto id = store.find(entry.name);
        ASSERT_TRUE(id) << entry.name;
        const TensorEntry &read = store.entry(*id);
        EXPECT_EQ(read.kind, entry.kind);
        EXPECT_EQ(read.node + read.opType + read.module + read.layout, "nConvm.nNC");
        ASSERT_TRUE(read.info.quantization);
        EXPECT_EQ(*read.info.quantization, *parameters);
    }
}

TEST(DumpWriterTest, StringsGraphAndProfileRoundTrip)
{
    const test::TemporaryFolder folder;
    auto writer = DumpWriter::create(folder / "a.h5", {}, {});
    ASSERT_TRUE(writer);
    std::vector<std::byte> text;
    for (const char c : std::string_view("one\0\0", 5)) {
        text.push_back(static_cast<std::byte>(c));
    }
    const auto strings = Tensor::fromBytes({DType::String, {2, 1}, nullptr}, text);
    ASSERT_TRUE((*writer)->write(0, entryOf("s", *strings), *strings));
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.localValue(builder.mainScope(), "x"));
    const NodeId node = builder.addNode("conv", "Conv", {"x", "", "x"}, {"y"});
    builder.edit(node).module = builder.module("encoder.conv", "nn.Conv2d");
    builder.edit(node).source = {{"net.py", 3, 1, "forward"}};
    builder.addOutput(builder.mainScope(), builder.localValue(builder.mainScope(), "y"));
    ASSERT_TRUE((*writer)->writeGraph(**builder.build()));
    RunProfile profile;
    profile.nodes["conv"] = {1.5, "CPU", 4};
    profile.latency = LatencySummary{1, 2, 3, 4, 5, 6, 7, 8, 9};
    ASSERT_TRUE((*writer)->writeProfile(profile));
    ASSERT_TRUE((*writer)->finish());

    const auto dump = reread(folder / "a.h5");
    ASSERT_TRUE(dump && dump->graph && dump->profile);
    EXPECT_THAT(dump->samples[0]->read(TensorId{0})->strings(), testing::ElementsAre("one", ""));
    EXPECT_THAT(dump->samples[0]->readRange(TensorId{0}, 1, 1)->strings(),
                testing::ElementsAre(""));
    ASSERT_EQ(dump->graph->nodes().size(), 1U);
    EXPECT_EQ(dump->graph->nodes()[0].inputs.size(), 3U);
    EXPECT_EQ(dump->graph->nodes()[0].source[0].line, 3U);
    EXPECT_EQ(dump->graph->module(dump->graph->nodes()[0].module).className, "nn.Conv2d");
    EXPECT_EQ(dump->profile->nodes.at("conv").provider, "CPU");
    EXPECT_EQ(dump->profile->nodes.at("conv").runs, 4U);
    EXPECT_EQ(dump->profile->latency->max, 8.0);
    EXPECT_EQ(dump->profile->latency->runs, 9U);
}

TEST(DumpWriterTest, ParametersOfTheGraphAreConstantsWithTheirNumbers)
{
    const test::TemporaryFolder folder;
    auto writer = DumpWriter::create(folder / "a.h5", {}, {});
    ASSERT_TRUE(writer);
    const Tensor numbers = sampleTensor(DType::Float32, {2, 3});
    for (const char *name : {"weight", "y"}) { // what an op makes is none, whatever it is called
        TensorEntry entry = entryOf(name, numbers);
        entry.kind = TensorEntry::Kind::Parameter;
        ASSERT_TRUE((*writer)->write(0, entry, numbers));
    }
    GraphBuilder builder;
    builder.addNode("mul", "aten.mul.Tensor", {"x", "weight"}, {"y"});
    ASSERT_TRUE((*writer)->writeGraph(**builder.build()));
    ASSERT_TRUE((*writer)->finish());

    const auto dump = reread(folder / "a.h5");
    ASSERT_TRUE(dump && dump->graph);
    const Value &weight = dump->graph->value(*dump->graph->findValue("weight"));
    ASSERT_TRUE(weight.isConstant && weight.constant);
    EXPECT_TRUE(std::equal(weight.constant->bytes().begin(), weight.constant->bytes().end(),
                           numbers.bytes().begin(), numbers.bytes().end()));
    EXPECT_FALSE(dump->graph->value(*dump->graph->findValue("y")).isConstant);
}

TEST(DumpWriterTest, WeightsThatAreOnlyInTheModelStayConstants)
{
    const test::TemporaryFolder folder;
    auto writer = DumpWriter::create(folder / "a.h5", {}, {});
    ASSERT_TRUE(writer);
    const Tensor numbers = sampleTensor(DType::Float32, {2, 3});
    ASSERT_TRUE((*writer)->write(0, entryOf("y", numbers), numbers));
    GraphBuilder builder;
    builder.addInput(builder.mainScope(), builder.localValue(builder.mainScope(), "x"));
    builder.setConstant(builder.localValue(builder.mainScope(), "weight"), numbers);
    builder.addNode("mul", "Mul", {"x", "weight"}, {"y"});
    ASSERT_TRUE((*writer)->writeGraph(**builder.build()));
    ASSERT_TRUE((*writer)->finish());

    const auto dump = reread(folder / "a.h5");
    ASSERT_TRUE(dump && dump->graph);
    const Value &weight = dump->graph->value(*dump->graph->findValue("weight"));
    EXPECT_TRUE(weight.isConstant);
    EXPECT_FALSE(weight.constant);
    EXPECT_EQ(weight.dtype, DType::Float32);
    EXPECT_EQ(weight.shape, numbers.info().shape);
    EXPECT_TRUE(dump->graph->diagnostics().empty());
}

TEST(DumpWriterTest, WhatAnOpMakesIsNoConstantWhateverTheGraphSays)
{
    constexpr std::string_view kGraph = R"({
        "nodes": [{"name": "n", "op_type": "Relu", "inputs": ["x"], "outputs": ["y"]}],
        "inputs": ["x"], "outputs": ["y"], "modules": {"a..b": 5, "": "c"},
        "constants": {"x": {"dtype": "float32", "shape": [3]}, "y": {}, "z": {"shape": [-1]}}})";
    const auto graph = hdf5::graphFromJson(kGraph, {}, nullptr);
    ASSERT_TRUE(graph) << graph.error().message;
    for (const Value &value : (*graph)->values()) {
        EXPECT_FALSE(value.isConstant) << value.name;
    }
    EXPECT_EQ((*graph)->values().size(), 2U);
}

TEST(DumpWriterTest, PlainOutputsStandApartFromTheCapturedTensors)
{
    const test::TemporaryFolder folder;
    auto writer = DumpWriter::create(folder / "a.h5", {}, {});
    ASSERT_TRUE(writer);
    const Tensor captured = Tensor::fromFloats({2}, std::vector{1.0F, 2.0F});
    const Tensor plain = Tensor::fromFloats({2}, std::vector{1.0F, 2.5F});
    for (std::size_t sample = 0; sample < 2; ++sample) {
        ASSERT_TRUE((*writer)->write(sample, entryOf("y", captured), captured));
        ASSERT_TRUE((*writer)->writePlainOutput(sample, entryOf("y", plain), plain));
    }
    ASSERT_TRUE((*writer)->finish());

    const auto dump = reread(folder / "a.h5");
    ASSERT_TRUE(dump);
    ASSERT_EQ(dump->samples.size(), 2U);
    ASSERT_EQ(dump->plainOutputs.size(), 2U);
    EXPECT_EQ(dump->samples[1]->entries().size(), 1U);
    EXPECT_THAT(dump->samples[1]->read(TensorId{0})->bytes(),
                testing::ElementsAreArray(captured.bytes()));
    EXPECT_THAT(dump->plainOutputs[1]->read(*dump->plainOutputs[1]->find("y"))->bytes(),
                testing::ElementsAreArray(plain.bytes()));
}

TEST(DumpWriterTest, PlainOutputsOfOtherSamplesAreReportedAndNotUsed)
{
    const test::TemporaryFolder folder;
    auto writer = DumpWriter::create(folder / "a.h5", {}, {});
    ASSERT_TRUE(writer);
    const Tensor tensor = Tensor::fromFloats({1}, std::vector{1.0F});
    ASSERT_TRUE((*writer)->write(0, entryOf("y", tensor), tensor));
    ASSERT_TRUE((*writer)->write(1, entryOf("y", tensor), tensor));
    ASSERT_TRUE((*writer)->writePlainOutput(0, entryOf("y", tensor), tensor));
    ASSERT_TRUE((*writer)->finish());

    const auto dump = reread(folder / "a.h5");
    ASSERT_TRUE(dump);
    EXPECT_TRUE(dump->plainOutputs.empty());
    ASSERT_EQ(dump->diagnostics.size(), 1U);
    EXPECT_EQ(dump->diagnostics[0].where, "/outputs");
}

TEST(DumpWriterTest, WhatATerseDumpLeavesOutIsInferred)
{
    const test::TemporaryFolder folder;
    auto writer = DumpWriter::create(folder / "a.h5", {}, {0, true});
    ASSERT_TRUE(writer);
    for (int i = 1; i < static_cast<int>(DType::String); ++i) {
        const Tensor tensor = sampleTensor(static_cast<DType>(i), {3, 5});
        TensorEntry entry = entryOf("a/b%2F." + std::to_string(i), tensor);
        entry.kind = i % 2 == 0 ? TensorEntry::Kind::Input : TensorEntry::Kind::Intermediate;
        ASSERT_TRUE((*writer)->write(0, entry, tensor));
    }
    ASSERT_TRUE((*writer)->finish());

    const auto dump = reread(folder / "a.h5");
    ASSERT_TRUE(dump);
    for (int i = 1; i < static_cast<int>(DType::String); ++i) {
        const auto id = dump->samples[0]->find("a/b%2F." + std::to_string(i));
        ASSERT_TRUE(id) << i;
        const TensorEntry &entry = dump->samples[0]->entry(*id);
        EXPECT_EQ(entry.info.dtype, static_cast<DType>(i));
        EXPECT_EQ(entry.kind == TensorEntry::Kind::Input, i % 2 == 0);
    }
}

TEST(DumpWriterTest, MoreScalesThanAHeaderHoldsRoundTrip)
{
    const test::TemporaryFolder folder;
    auto parameters = std::make_shared<Quantization>();
    parameters->axis = 0;
    for (int i = 0; i < 20'000; ++i) {
        parameters->scales.push_back(i / 64.0);
        parameters->zeroPoints.push_back(i % 7);
    }
    const auto tensor =
        Tensor::fromBytes({DType::Int8, {20'000}, parameters}, std::vector<std::byte>(20'000));
    ASSERT_TRUE(tensor) << tensor.error().message;
    auto writer = DumpWriter::create(folder / "a.h5", {}, {});
    ASSERT_TRUE((*writer)->write(0, entryOf("x", *tensor), *tensor));
    ASSERT_TRUE((*writer)->finish());

    const auto dump = reread(folder / "a.h5");
    ASSERT_TRUE(dump && dump->samples[0]->entry(TensorId{0}).info.quantization);
    EXPECT_EQ(*dump->samples[0]->entry(TensorId{0}).info.quantization, *parameters);
}

TEST(DumpWriterTest, ATensorOfManyChunksIsPackedInLargerOnes)
{
    const test::TemporaryFolder folder;
    const Tensor tensor = sampleTensor(DType::Float64, {5, 100, 20'001}); // 80 MB
    auto writer = DumpWriter::create(folder / "a.h5", {}, {1});
    ASSERT_TRUE((*writer)->write(0, entryOf("x", tensor), tensor));
    ASSERT_TRUE((*writer)->finish());

    const auto dump = reread(folder / "a.h5");
    ASSERT_TRUE(dump);
    const auto read = dump->samples[0]->read(TensorId{0});
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(std::ranges::equal(read->bytes(), tensor.bytes()));
}

TEST(DumpWriterTest, WhatIsWrittenUntilACheckpointCanBeReadAndIsMarked)
{
    const test::TemporaryFolder folder;
    auto writer = DumpWriter::create(folder / "a.h5", {}, {});
    const Tensor tensor = sampleTensor(DType::Float32, {10});
    ASSERT_TRUE((*writer)->write(0, entryOf("x", tensor), tensor));
    ASSERT_TRUE((*writer)->checkpoint());
    ASSERT_TRUE((*writer)->write(0, entryOf("y", tensor), tensor));
    ASSERT_TRUE((*writer)->write(1, entryOf("x", tensor), tensor));

    const auto unfinished = std::filesystem::directory_iterator(folder.path())->path();
    const auto partial = reread(unfinished);
    ASSERT_TRUE(partial);
    ASSERT_EQ(partial->samples.size(), 1U);
    EXPECT_EQ(partial->samples[0]->entries().size(), 1U);
    ASSERT_EQ(partial->diagnostics.size(), 1U);
    EXPECT_THAT(partial->diagnostics[0].text, HasSubstr("partial"));

    ASSERT_TRUE((*writer)->checkpoint());
    ASSERT_TRUE((*writer)->finish());
    const auto whole = reread(folder / "a.h5");
    ASSERT_TRUE(whole && whole->samples.size() == 2);
    EXPECT_EQ(whole->samples[0]->entries().size(), 2U);
    EXPECT_TRUE(whole->diagnostics.empty());
}

TEST(DumpWriterTest, WhatHdf5CannotHoldIsAnErrorThatNamesTheTensor)
{
    const test::TemporaryFolder folder;
    auto writer = DumpWriter::create(folder / "a.h5", {}, {});
    const Tensor flat = sampleTensor(DType::Float32, {1});
    const Tensor deep = sampleTensor(DType::Float32, Shape(33, 1));
    const auto named = (*writer)->write(0, entryOf(std::string(70'000, 'n'), flat), flat);
    const auto shaped = (*writer)->write(0, entryOf("deep", deep), deep);

    ASSERT_FALSE(named);
    EXPECT_THAT(named.error().message, HasSubstr("nnn…', is too long"));
    ASSERT_FALSE(shaped);
    EXPECT_THAT(shaped.error().message, HasSubstr("'deep' has 33 axes"));
    ASSERT_TRUE((*writer)->write(0, entryOf(std::string(60'000, 'n'), flat), flat));
    ASSERT_TRUE((*writer)->finish());
    EXPECT_TRUE(reread(folder / "a.h5"));
}

TEST(DumpWriterTest, WithoutFinishNothingIsLeft)
{
    const test::TemporaryFolder folder;
    {
        auto writer = DumpWriter::create(folder / "a.h5", {}, {});
        ASSERT_TRUE(writer);
        const Tensor tensor = sampleTensor(DType::Float32, {10});
        ASSERT_TRUE((*writer)->write(0, entryOf("x", tensor), tensor));
        EXPECT_FALSE((*writer)->write(0, entryOf("x", tensor), tensor)); // twice
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    EXPECT_FALSE(DumpWriter::create(folder / "no/such/folder/a.h5", {}, {}));
}

TEST(DumpWriterTest, AFullDiskIsAnErrorAndLeavesNothing)
{
    const test::TemporaryFolder folder;
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{std::size_t{1} << 20U, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    bool failed = false;
    std::string message;
    {
        auto writer = DumpWriter::create(folder / "a.h5", {}, {});
        ASSERT_TRUE(writer);
        const Tensor tensor = sampleTensor(DType::Float32, {1000, 1000});
        auto done = (*writer)->write(0, entryOf("big", tensor), tensor);
        if (done) {
            done = (*writer)->finish();
        }
        failed = !done;
        message = done ? "" : done.error().message;
    }
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    static_cast<void>(std::signal(SIGXFSZ, oldHandler));
    EXPECT_TRUE(failed);
    EXPECT_THAT(message, HasSubstr("cannot be written"));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

} // namespace
} // namespace syncpoint
