#include "core/formats/pytorch/state_dict_loader.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/pytorch/pickle_writer.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/formats/zip_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

namespace syncpoint::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path)
{
    return makeStateDictLoader()->load(path, {});
}

std::string ramp(std::size_t count)
{
    std::vector<float> values(count);
    std::iota(values.begin(), values.end(), 0.0F);
    return {reinterpret_cast<const char *>(values.data()), count * sizeof(float)};
}

std::string n(std::uint32_t value)
{
    return pickleNumber(value);
}

/// Loads a synthetic archive whose storage '0' holds 0, 1, 2, … 23 as float32.
Result<std::shared_ptr<const TensorDump>> loadPickle(const std::string &value)
{
    const TemporaryFolder folder;
    writeZip(folder / "a.pt", {{"a/data.pkl", pickle(value)},
                               {"a/byteorder", "little"},
                               {"a/data/0", ramp(24)},
                               {"a/version", "3\n"}});
    return load(folder / "a.pt");
}

std::vector<float> numbers(const TensorDump &dump, std::string_view name)
{
    const TensorStore &store = *dump.samples.front();
    const auto id = store.find(name);
    const auto tensor = id ? store.read(*id) : Result<Tensor>(Error{});
    return tensor ? *decodeAll(tensor->view()) : std::vector<float>{};
}

const std::string kStorage = pickleStorage("FloatStorage", "0", 24);

TEST(StateDictTest, ReadsWhatPyTorchWrote)
{
    const auto dump = load(dataFile("pytorch/promptseg_decoder.pt"));
    ASSERT_TRUE(dump) << dump.error().message;
    const TensorStore &store = *(*dump)->samples.front();
    ASSERT_EQ(store.entries().size(), 5U);
    EXPECT_EQ(store.entries()[0].name, "detector.decoder.bn1.weight");
    EXPECT_EQ(store.entries()[0].info.dtype, DType::Float32);
    EXPECT_EQ(store.entries()[0].info.shape, (Shape{24}));
    EXPECT_EQ(store.entries()[0].kind, TensorEntry::Kind::Parameter);
    EXPECT_EQ(store.entries()[4].name, "detector.decoder.bn1.num_batches_tracked");
    EXPECT_EQ(store.entries()[4].info.dtype, DType::Int64);
    EXPECT_EQ(store.entries()[4].info.shape, (Shape{}));
    EXPECT_TRUE((*dump)->diagnostics.empty());
}

TEST(StateDictTest, ViewsOfOneStorageAreNotCopied)
{
    const auto dump = loadPickle(
        pickleDict(pickleText("whole") + pickleTensor(kStorage, 0, n(4) + n(6), n(6) + n(1)) +
                   pickleText("row") + pickleTensor(kStorage, 6, n(6), n(1))));
    ASSERT_TRUE(dump) << dump.error().message;
    const TensorStore &store = *(*dump)->samples.front();
    const auto whole = store.read(*store.find("whole"));
    const auto row = store.read(*store.find("row"));
    EXPECT_EQ(row->bytes().data(), whole->bytes().data() + 6 * sizeof(float));
    EXPECT_THAT(numbers(**dump, "row"), ElementsAre(6, 7, 8, 9, 10, 11));
    store.release(*store.find("whole"), 0, 24);
    EXPECT_EQ(numbers(**dump, "whole")[23], 23.0F);
}

TEST(StateDictTest, ElementsOutOfOrderArePutInOrder)
{
    const auto dump = loadPickle(
        pickleDict(pickleText("t") + pickleTensor(kStorage, 1, n(3) + n(2), n(1) + n(4)) +
                   pickleText("same") + pickleTensor(kStorage, 2, n(3), n(0))));
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_THAT(numbers(**dump, "t"), ElementsAre(1, 5, 2, 6, 3, 7));
    EXPECT_THAT(numbers(**dump, "same"), ElementsAre(2, 2, 2));
}

TEST(StateDictTest, NestedNamesAreJoinedAndCheckpointsUnwrapped)
{
    const std::string tensor = pickleTensor(kStorage, 0, n(1), n(1));
    const auto nested = loadPickle(pickleDict(
        pickleText("a") + pickleDict(pickleText("b") + "](" + tensor + "N" + tensor + "e")));
    ASSERT_TRUE(nested) << nested.error().message;
    EXPECT_TRUE((*nested)->samples.front()->find("a.b.0"));
    EXPECT_TRUE((*nested)->samples.front()->find("a.b.2"));

    const auto checkpoint = loadPickle(pickleDict(
        pickleText("optimizer") + pickleDict(pickleText("m") + tensor) + pickleText("epoch") +
        n(3) + pickleText("state_dict") + pickleDict(pickleText("fc.weight") + tensor)));
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    ASSERT_EQ((*checkpoint)->samples.front()->entries().size(), 1U);
    EXPECT_EQ((*checkpoint)->samples.front()->entries()[0].name, "fc.weight");
}

TEST(StateDictTest, KeepsHalfTypesAndQuantization)
{
    const std::string half = pickleTensor(pickleStorage("HalfStorage", "0", 48), 0, n(48), n(1));
    const std::string brain =
        pickleTensor(pickleStorage("BFloat16Storage", "0", 48), 0, n(48), n(1));
    const std::string scale = std::string("G\x3F\xE0\0\0\0\0\0\0", 9); // 0.5
    const std::string quantized = pickleCall(
        pickleGlobal("torch._utils", "_rebuild_qtensor"),
        pickleStorage("QInt8Storage", "0", 96) + n(0) + pickleTuple(n(4)) + pickleTuple(n(1)) +
            pickleTuple(pickleGlobal("torch", "per_tensor_affine") + scale + n(3)) + "\x89}");
    const auto dump = loadPickle(
        pickleDict(pickleText("h") + half + pickleText("b") + brain + pickleText("q") + quantized));
    ASSERT_TRUE(dump) << dump.error().message;
    const auto entries = (*dump)->samples.front()->entries();
    EXPECT_EQ(entries[0].info.dtype, DType::Float16);
    EXPECT_EQ(entries[1].info.dtype, DType::BFloat16);
    EXPECT_EQ(entries[2].info.dtype, DType::Int8);
    ASSERT_TRUE(entries[2].info.quantization);
    EXPECT_THAT(entries[2].info.quantization->scales, ElementsAre(0.5));
    EXPECT_THAT(entries[2].info.quantization->zeroPoints, ElementsAre(3));
}

TEST(StateDictTest, ATensorThatLeavesItsStorageIsLeftOutAndNamed)
{
    for (const std::string &bad :
         {pickleTensor(kStorage, 20, n(6), n(1)), pickleTensor(kStorage, 0, n(0x7FFFFFFF), n(1)),
          pickleTensor(kStorage, 0, n(2), n(0x7FFFFFFF)), pickleTensor(kStorage, 0, n(2), n(-1U)),
          pickleTensor(kStorage, -1U, n(2), n(1)), pickleTensor(kStorage, 0, n(-1U), n(1)),
          pickleTensor(kStorage, 0, n(2), n(1) + n(1)),
          pickleTensor(kStorage, 0, n(0x7FFFFFFF), n(0)),
          pickleTensor(pickleStorage("FloatStorage", "1", 24), 0, n(2), n(1))}) {
        const auto dump = loadPickle(pickleDict(
            pickleText("good") + pickleTensor(kStorage, 0, n(24), n(1)) + pickleText("bad") + bad));
        ASSERT_TRUE(dump) << dump.error().message;
        EXPECT_EQ((*dump)->samples.front()->entries().size(), 1U);
        ASSERT_EQ((*dump)->diagnostics.size(), 1U);
        EXPECT_EQ((*dump)->diagnostics[0].where, "bad");
    }
}

TEST(StateDictTest, MalformedTensorsAndEndlessNestingAreErrors)
{
    const auto malformed = loadPickle(pickleDict(
        pickleText("x") + pickleCall(pickleGlobal("torch._utils", "_rebuild_tensor_v2"), n(1))));
    ASSERT_FALSE(malformed);
    EXPECT_THAT(malformed.error().message, HasSubstr("tensor 'x'"));

    const auto endless = loadPickle("]q\x01h\x01"
                                    "a"); // a list that contains itself
    ASSERT_FALSE(endless);
    EXPECT_EQ(endless.error().code, ErrorCode::Limit);

    std::string laughs = "]q" + std::string(1, '\0'); // each list holds the one before ten times
    for (char i = 1; i < 20; ++i) {
        laughs += "](";
        for (int k = 0; k < 10; ++k) {
            laughs += "h" + std::string(1, static_cast<char>(i - 1));
        }
        laughs += "eq" + std::string(1, i);
    }
    const auto bomb = loadPickle(laughs);
    ASSERT_FALSE(bomb);
    EXPECT_EQ(bomb.error().code, ErrorCode::Limit);
}

TEST(StateDictTest, NamesKindsOfFilesItCannotRead)
{
    const TemporaryFolder folder;
    writeZip(folder / "script.pt", {{"m/data.pkl", pickle("N")}, {"m/constants.pkl", pickle("N")}});
    EXPECT_THAT(load(folder / "script.pt").error().message, HasSubstr("TorchScript"));
    writeFile(folder / "old.pt",
              "\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.\x80\x02");
    EXPECT_THAT(load(folder / "old.pt").error().message, HasSubstr("before version 1.6"));
    writeZip(folder / "big.pt", {{"m/data.pkl", pickle("}")}, {"m/byteorder", "big"}});
    EXPECT_THAT(load(folder / "big.pt").error().message, HasSubstr("big-endian"));
    writeZip(folder / "none.pt", {{"m/data.pkl", pickle("}")}});
    EXPECT_THAT(load(folder / "none.pt").error().message, HasSubstr("no tensors"));
    writeZip(folder / "other.pt", {{"x.txt", "text"}});
    EXPECT_THAT(load(folder / "other.pt").error().message, HasSubstr("data.pkl"));
    writeZip(folder / "code.pt",
             {{"m/data.pkl", pickle(pickleCall(pickleGlobal("os", "system"), pickleText("x")))}});
    EXPECT_THAT(load(folder / "code.pt").error().message, HasSubstr("no code is run"));
}

TEST(StateDictTest, ProbesByContentAndByName)
{
    const TemporaryFolder folder;
    writeZip(folder / "a.bin", {{"archive/data.pkl", pickle("}")}});
    writeZip(folder / "b.zip", {{"x.npy", "text"}});
    writeFile(folder / "c.pth", "text");
    const auto loader = makeStateDictLoader();
    EXPECT_EQ(loader->probe(*FileProbe::of(folder / "a.bin")), ProbeAnswer::Yes);
    EXPECT_EQ(loader->probe(*FileProbe::of(folder / "b.zip")), ProbeAnswer::No);
    EXPECT_EQ(loader->probe(*FileProbe::of(folder / "c.pth")), ProbeAnswer::Maybe);
}

} // namespace
} // namespace syncpoint::test
