#include "core/formats/dump_selection.h"
#include "core/formats/registry.h"
#include "core/graph/graph_builder.h"
#include "core/tensor/decode.h"
#include "core/tensor/encode.h"
#include "core/tensor/summary_store.h"
#include "tests/core/formats/test_files.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

namespace syncpoint::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Item = MemoryTensorStore::Item;
using Kind = TensorEntry::Kind;

Item itemOf(const std::string &name, Tensor tensor, Kind kind = Kind::Output)
{
    Item item;
    item.entry.name = name;
    item.entry.kind = kind;
    item.tensor = std::move(tensor);
    return item;
}

/// A tensor of any type that holds the bytes 1, 2, 3, ….
Tensor countingBytes(DType dtype, const Shape &shape)
{
    std::vector<std::byte> bytes(*storageBytes(dtype, *elementCount(shape)));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::byte>(dtype == DType::Bool ? i % 2 : i + 1);
    }
    return Tensor::fromBytes({dtype, shape, nullptr}, std::move(bytes)).value();
}

TensorDump dumpOf(std::vector<std::vector<Item>> samples)
{
    TensorDump dump;
    dump.path = "memory";
    dump.runtime = "rt 1";
    for (auto &items : samples) {
        dump.samples.push_back(std::make_shared<const MemoryTensorStore>(std::move(items)));
    }
    return dump;
}

constexpr std::array kDTypes{
    DType::Float64,      DType::Float32,    DType::Float16,        DType::BFloat16,
    DType::Float8E4M3FN, DType::Float8E5M2, DType::Float8E4M3FNUZ, DType::Float8E8M0,
    DType::Float4E2M1,   DType::Int64,      DType::Int32,          DType::Int16,
    DType::Int8,         DType::Int4,       DType::Int2,           DType::UInt64,
    DType::UInt32,       DType::UInt16,     DType::UInt8,          DType::UInt6,
    DType::UInt4,        DType::UInt3,      DType::UInt2,          DType::UInt1,
    DType::Bool};

/// Every type, once with an odd number of elements, and shapes that are easily lost.
std::vector<Item> manyTensors()
{
    std::vector<Item> items;
    for (const DType dtype : kDTypes) {
        items.push_back(
            itemOf(fmt::format("/block.0/{}", dtypeName(dtype)), countingBytes(dtype, {1, 5, 3})));
    }
    items.push_back(itemOf("scalar", countingBytes(DType::Float32, {})));
    items.push_back(itemOf("empty", countingBytes(DType::Float32, {2, 0})));
    items.push_back(itemOf("größe \"1\"", countingBytes(DType::Int16, {2})));
    return items;
}

std::vector<double> numbersOf(const Tensor &tensor)
{
    std::vector<double> numbers(tensor.elements());
    decode(tensor.view(), 0, numbers);
    return numbers;
}

void expectSameNumbers(const TensorStore &before, const TensorStore &after)
{
    for (std::size_t i = 0; i < before.entries().size(); ++i) {
        const std::string &name = before.entries()[i].name;
        const auto id = after.find(name);
        ASSERT_TRUE(id) << name;
        const Tensor reference = before.read(TensorId{i}).value();
        const auto read = after.read(*id);
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(read->info().shape, reference.info().shape) << name;
        const auto expected = numbersOf(reference);
        const auto numbers = numbersOf(*read);
        EXPECT_TRUE(std::equal(
            expected.begin(), expected.end(), numbers.begin(), numbers.end(),
            [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }))
            << name;
    }
}

std::string targetOf(const DumpExporter &exporter)
{
    const std::string_view extensions = exporter.format().extensions;
    return "out" +
           std::string(extensions.empty() ? "" : extensions.substr(1, extensions.find(' ') - 1));
}

std::size_t entriesIn(const TemporaryFolder &folder)
{
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder.path()), {}));
}

TEST(DumpExporterTest, EveryFormatReadsBackToTheSameNumbers)
{
    const TensorDump dump = dumpOf({manyTensors()});
    for (const auto &exporter : builtinDumpExporters()) {
        SCOPED_TRACE(exporter->format().id);
        const TemporaryFolder folder;
        const auto target = folder / targetOf(*exporter);
        const auto written = exportDump(dump, target, exporter->format().id, {});
        ASSERT_TRUE(written) << written.error().message;
        EXPECT_EQ(written->tensors, dump.samples[0]->entries().size());
        EXPECT_EQ(entriesIn(folder), 1U);

        const auto read = loadDump(target, {});
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_TRUE((*read)->diagnostics.empty());
        ASSERT_EQ((*read)->samples.size(), 1U);
        expectSameNumbers(*dump.samples[0], *(*read)->samples[0]);
    }
}

TEST(DumpExporterTest, FormatsOfSeveralSamplesKeepThemApart)
{
    const auto sample = [](float number) {
        return std::vector<Item>{itemOf("y", Tensor::fromFloats({1}, {&number, 1}))};
    };
    const TensorDump dump = dumpOf({sample(1), sample(2), sample(3)});
    for (const char *id : {"hdf5", "polygraphy", "onnx-test-data"}) {
        SCOPED_TRACE(id);
        const TemporaryFolder folder;
        ASSERT_TRUE(exportDump(dump, folder / "out", id, {}));
        const auto read = loadDump(folder / "out", {});
        ASSERT_TRUE(read) << read.error().message;
        ASSERT_EQ((*read)->samples.size(), 3U);
        expectSameNumbers(*dump.samples[2], *(*read)->samples[2]);
    }
    for (const char *id : {"npz", "safetensors"}) {
        const TemporaryFolder folder;
        const auto written = exportDump(dump, folder / "out", id, {});
        ASSERT_FALSE(written);
        EXPECT_THAT(written.error().message, HasSubstr("has 3 samples"));
        EXPECT_EQ(entriesIn(folder), 0U);
    }
}

TEST(DumpExporterTest, TypesThatTheFormatHasStayAsTheyAre)
{
    const TemporaryFolder folder;
    const TensorDump dump = dumpOf({{itemOf("b", countingBytes(DType::BFloat16, {4})),
                                     itemOf("f4", countingBytes(DType::Float4E2M1, {4})),
                                     itemOf("i4", countingBytes(DType::Int4, {4}))}});
    const auto typesOf = [&](const std::string &name, const char *id) {
        EXPECT_TRUE(exportDump(dump, folder / name, id, {}));
        std::map<std::string, DType> types;
        const auto read = loadDump(folder / name, {}).value();
        for (const TensorEntry &entry : read->samples[0]->entries()) {
            types[entry.name] = entry.info.dtype;
        }
        return std::vector{types["b"], types["f4"], types["i4"]};
    };
    EXPECT_THAT(typesOf("a.h5", "hdf5"),
                ElementsAre(DType::BFloat16, DType::Float4E2M1, DType::Int4));
    EXPECT_THAT(typesOf("a", "onnx-test-data"),
                ElementsAre(DType::BFloat16, DType::Float4E2M1, DType::Int4));
    EXPECT_THAT(typesOf("a.safetensors", "safetensors"),
                ElementsAre(DType::BFloat16, DType::Float4E2M1, DType::Int8));
    EXPECT_THAT(typesOf("a.npz", "npz"), ElementsAre(DType::Float32, DType::Float32, DType::Int8));
}

TEST(DumpExporterTest, WhatAFormatCannotKeepIsSaidOncePerReason)
{
    const TemporaryFolder folder;
    auto scales = std::make_shared<Quantization>();
    scales->scales = {0.5};
    scales->zeroPoints = {3};
    const Tensor integers =
        countingBytes(DType::UInt8, {2}).withQuantization(std::move(scales)).value();
    const TensorDump dump =
        dumpOf({{itemOf("a", countingBytes(DType::BFloat16, {2})),
                 itemOf("b", countingBytes(DType::BFloat16, {2})), itemOf("q", integers)}});
    const auto written = exportDump(dump, folder / "a.npz", "", {});
    ASSERT_TRUE(written);
    ASSERT_EQ(written->notes.size(), 2U);
    EXPECT_EQ(written->notes[0].where, "a");
    EXPECT_EQ(written->notes[0].text, "written as float32, which holds every value: .npz has no "
                                      "bfloat16 (and 1 more tensor)");
    EXPECT_EQ(written->notes[1].text,
              "written as stored: .npz has no place for scale and zero point");

    const auto kept = exportDump(dump, folder / "a.h5", "", {});
    ASSERT_TRUE(kept);
    EXPECT_TRUE(kept->notes.empty());
    const auto read = loadDump(folder / "a.h5", {}).value();
    expectSameNumbers(*dump.samples[0], *read->samples[0]); // dequantized
}

TEST(DumpExporterTest, StringsGoWhereTheFormatHasThem)
{
    const TemporaryFolder folder;
    const std::string text("hi\0x\0", 5);
    const auto bytes = std::as_bytes(std::span(text));
    const Tensor strings =
        Tensor::fromBytes({DType::String, {2}, nullptr}, {bytes.begin(), bytes.end()}).value();
    const TensorDump dump = dumpOf({{itemOf("s", strings)}});
    ASSERT_TRUE(exportDump(dump, folder / "set", "onnx-test-data", {}));
    EXPECT_EQ(readFile(folder / "set/test_data_set_0/output_0.pb"),
              std::string("\x08\x02\x10\x08\x32\x02hi\x32\x01x\x42\x01s", 14));

    const auto refused = exportDump(dump, folder / "a.npz", "", {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "there is no tensor to write; 's' is left out: .npz has no string");
    EXPECT_FALSE(std::filesystem::exists(folder / "a.npz"));
}

/// A store that fails where a dump of a damaged file would.
class DamagedStore final : public TensorStore
{
public:
    DamagedStore()
    {
        m_entries[0].name = "whole";
        m_entries[1].name = "torn";
        for (TensorEntry &entry : m_entries) {
            entry.kind = Kind::Output;
            entry.info = {DType::Float32, {2}, nullptr};
        }
        buildIndex();
    }
    std::span<const TensorEntry> entries() const override { return m_entries; }
    Result<Tensor> read(TensorId id) const override
    {
        return id.index() == 0 ? Result<Tensor>(countingBytes(DType::Float32, {2}))
                               : Error{ErrorCode::BadFormat, "reading 'torn': it is cut off"};
    }
    Result<Tensor> readRange(TensorId id, std::uint64_t, std::uint64_t) const override
    {
        return read(id);
    }

private:
    std::array<TensorEntry, 2> m_entries;
};

TEST(DumpExporterTest, ATensorThatCannotBeReadLeavesNothingHalfWritten)
{
    TensorDump dump;
    dump.samples = {std::make_shared<const DamagedStore>()};
    for (const auto &exporter : builtinDumpExporters()) {
        SCOPED_TRACE(exporter->format().id);
        const TemporaryFolder folder;
        const auto written = exportDump(dump, folder / "out", exporter->format().id, {});
        ASSERT_FALSE(written);
        EXPECT_THAT(written.error().message, HasSubstr("'torn'"));
        EXPECT_EQ(entriesIn(folder), 0U);
    }
}

TEST(DumpExporterTest, StopsWhenItIsCancelled)
{
    const CancelToken token;
    token.cancel();
    const TensorDump dump = dumpOf({manyTensors()});
    for (const auto &exporter : builtinDumpExporters()) {
        SCOPED_TRACE(exporter->format().id);
        const TemporaryFolder folder;
        const auto written =
            exportDump(dump, folder / "out", exporter->format().id, JobContext(token));
        ASSERT_FALSE(written);
        EXPECT_EQ(written.error().code, ErrorCode::Cancelled);
        EXPECT_EQ(entriesIn(folder), 0U);
    }
}

TEST(DumpExporterTest, ExtensionsAndIdsThatNothingWritesAreAnsweredWithTheList)
{
    const TemporaryFolder folder;
    const TensorDump dump = dumpOf({manyTensors()});
    const auto extension = exportDump(dump, folder / "a.gguf", "", {});
    ASSERT_FALSE(extension);
    EXPECT_THAT(extension.error().message, HasSubstr("hdf5, npz, safetensors"));
    const auto id = exportDump(dump, folder / "a.npz", "tflite", {});
    ASSERT_FALSE(id);
    EXPECT_THAT(id.error().message, HasSubstr("no format 'tflite'"));
    EXPECT_TRUE(exportDump(dump, folder / "A.NPZ", "", {}));
}

TEST(NpzExporterTest, MembersAreWhatNumpySaves)
{
    const TemporaryFolder folder;
    const TensorDump dump = dumpOf({{itemOf("x", countingBytes(DType::UInt8, {1, 3}))}});
    ASSERT_TRUE(exportDump(dump, folder / "a.npz", "", {}));
    const std::string file = readFile(folder / "a.npz");
    std::string array("\x93NUMPY\x01\x00v\x00", 10);
    array += "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 3), }";
    array.append(127 - array.size(), ' ');
    array += "\n\x01\x02\x03";
    EXPECT_EQ(file.substr(0, 4), "PK\x03\x04");
    EXPECT_THAT(file, HasSubstr("x.npy" + array)); // stored: no byte of it is changed

    ASSERT_TRUE(exportDump(dump, folder / "b.npz", "", {}));
    EXPECT_EQ(readFile(folder / "b.npz"), file); // no time of day in it
}

TEST(SafetensorsExporterTest, LiesAsTheFormatsLibraryLaysItOut)
{
    const TemporaryFolder folder;
    const TensorDump dump = dumpOf({{itemOf("b", countingBytes(DType::UInt8, {3})),
                                     itemOf("a", countingBytes(DType::UInt8, {})),
                                     itemOf("w", countingBytes(DType::Int16, {1, 2}))}});
    ASSERT_TRUE(exportDump(dump, folder / "a.safetensors", "", {}));
    std::string header = R"({"w":{"dtype":"I16","shape":[1,2],"data_offsets":[0,4]},)"
                         R"("a":{"dtype":"U8","shape":[],"data_offsets":[4,5]},)"
                         R"("b":{"dtype":"U8","shape":[3],"data_offsets":[5,8]}})";
    header.append((8 - header.size() % 8) % 8, ' ');
    std::string file(8, '\0');
    file[0] = static_cast<char>(header.size());
    EXPECT_EQ(readFile(folder / "a.safetensors"),
              file + header + "\x01\x02\x03\x04\x01\x01\x02\x03");
}

TEST(PolygraphyExporterTest, HasTheFieldsThatPolygraphyReads)
{
    const TemporaryFolder folder;
    TensorDump dump = dumpOf({{itemOf("x", countingBytes(DType::UInt8, {1}), Kind::Input),
                               itemOf("y", countingBytes(DType::UInt8, {1, 3}))}});
    const auto written = exportDump(dump, folder / "a.json", "", {});
    ASSERT_TRUE(written);
    ASSERT_EQ(written->notes.size(), 1U);
    EXPECT_EQ(written->notes[0].where, "x");
    const auto json = nlohmann::json::parse(readFile(folder / "a.json"));
    EXPECT_EQ(json["polygraphy_class"], "RunResults");
    EXPECT_EQ(json["lst"][0][0], "rt 1");
    const auto &iteration = json["lst"][0][1][0];
    EXPECT_EQ(iteration["polygraphy_class"], "IterationResult");
    EXPECT_EQ(iteration["runner_name"], "rt 1");
    EXPECT_TRUE(iteration["runtime"].is_null());
    ASSERT_EQ(iteration["outputs"].size(), 1U);
    const auto &output = iteration["outputs"]["y"];
    EXPECT_EQ(output["polygraphy_class"], "LazyArray");
    EXPECT_EQ(output["values"]["polygraphy_class"], "ndarray");
    const std::string text = output["values"]["array"];
    EXPECT_EQ(text.size(), 176U); // of 131 bytes
    EXPECT_EQ(text.substr(0, 8), "k05VTVBZ");
    EXPECT_EQ(text.substr(168), "IAoBAgM="); // " \n\x01", "\x02\x03"
}

TEST(PolygraphyExporterTest, InputsAloneBecomeAFileOfInputs)
{
    const TemporaryFolder folder;
    const TensorDump dump =
        dumpOf({{itemOf("x", countingBytes(DType::Float32, {2}), Kind::Input)}});
    ASSERT_TRUE(exportDump(dump, folder / "a.json", "", {}));
    const auto json = nlohmann::json::parse(readFile(folder / "a.json"));
    EXPECT_EQ(json[0]["x"]["polygraphy_class"], "ndarray");
    const auto read = loadDump(folder / "a.json", {});
    ASSERT_TRUE(read);
    EXPECT_EQ((*read)->samples[0]->entries()[0].kind, Kind::Input);
}

TEST(OnnxTestDataExporterTest, MessagesAreWhatOnnxSerializes)
{
    const TemporaryFolder folder;
    const std::array<std::int64_t, 3> numbers{1, -2, 3};
    const TensorDump dump =
        dumpOf({{itemOf("a/b", encodeIntegers(DType::Int16, {1, 3}, numbers).value())}});
    ASSERT_TRUE(exportDump(dump, folder / "data/", "onnx-test-data", {}));
    EXPECT_EQ(readFile(folder / "data/test_data_set_0/output_0.pb"),
              std::string("\x08\x01\x08\x03\x10\x05\x42\x03"
                          "a/b\x4a\x06\x01\x00\xfe\xff\x03\x00",
                          19));
}

TEST(OnnxTestDataExporterTest, FilesFollowTheOrderOfTheModel)
{
    const TemporaryFolder folder;
    GraphBuilder builder;
    const ScopeId main = builder.mainScope();
    builder.addInput(main, builder.localValue(main, "z"));
    builder.addInput(main, builder.localValue(main, "a"));
    builder.addNode("add", "Add", {"z", "a"}, {"y"});
    builder.addOutput(main, builder.value(main, "y"));
    TensorDump dump = dumpOf({{itemOf("a", countingBytes(DType::Float32, {1}), Kind::Input),
                               itemOf("t", countingBytes(DType::Float32, {1}), Kind::Intermediate),
                               itemOf("y", countingBytes(DType::Float32, {1})),
                               itemOf("z", countingBytes(DType::Float32, {1}), Kind::Input)}});
    dump.graph = builder.build().value();
    const auto written = exportDump(dump, folder / "data", "onnx-test-data", {});
    ASSERT_TRUE(written);
    ASSERT_EQ(written->notes.size(), 1U);
    EXPECT_EQ(written->notes[0].where, "t");
    EXPECT_THAT(readFile(folder / "data/test_data_set_0/input_0.pb"), HasSubstr("z"));
    EXPECT_THAT(readFile(folder / "data/test_data_set_0/input_1.pb"), HasSubstr("a"));

    const auto again = exportDump(dump, folder / "data", "onnx-test-data", {});
    ASSERT_FALSE(again); // nobody's files are mixed or replaced
    EXPECT_THAT(again.error().message, HasSubstr("cannot write"));
}

std::shared_ptr<const TensorDump> someSamples()
{
    const auto sample = [] {
        return std::vector<Item>{itemOf("x", countingBytes(DType::Float32, {1}), Kind::Input),
                                 itemOf("conv1", countingBytes(DType::Float32, {1})),
                                 itemOf("conv2", countingBytes(DType::Float32, {1}))};
    };
    return std::make_shared<const TensorDump>(dumpOf({sample(), sample(), sample()}));
}

TEST(DumpSelectionTest, TakesTensorsByNameAndKindAndSamples)
{
    const auto part = selectTensors(someSamples(), {"1$", {Kind::Output}, {2, 0}});
    ASSERT_TRUE(part) << part.error().message;
    ASSERT_EQ((*part)->samples.size(), 2U);
    ASSERT_EQ((*part)->samples[0]->entries().size(), 1U);
    EXPECT_EQ((*part)->samples[0]->entries()[0].name, "conv1");
    EXPECT_TRUE((*part)->samples[0]->read(TensorId{0}));
}

TEST(DumpSelectionTest, SaysWhatCannotBeChosen)
{
    EXPECT_THAT(selectTensors(someSamples(), {"", {}, {3}}).error().message,
                HasSubstr("no sample 3: the dump has 3"));
    EXPECT_THAT(selectTensors(someSamples(), {"(", {}, {}}).error().message,
                HasSubstr("no regular expression"));
    EXPECT_THAT(selectTensors(someSamples(), {"lstm", {}, {}}).error().message,
                HasSubstr("no tensor of memory is chosen"));
}

} // namespace
} // namespace syncpoint::test
