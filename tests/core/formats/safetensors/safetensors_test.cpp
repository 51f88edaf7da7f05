#include "core/formats/safetensors/safetensors_loader.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/test_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path)
{
    return makeSafetensorsLoader()->load(path, {});
}

std::string fileOf(const std::string &header, const std::string &data)
{
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) {
        bytes[i] = static_cast<char>(header.size() >> (8 * i));
    }
    return bytes + header + data;
}

Result<std::shared_ptr<const TensorDump>> loadBytes(const std::string &header,
                                                    const std::string &data)
{
    const TemporaryFolder folder;
    writeFile(folder / "a.safetensors", fileOf(header, data));
    return load(folder / "a.safetensors");
}

/// "name": {…}
std::string tensor(const std::string &name, const std::string &type, const std::string &shape,
                   int begin, int end)
{
    return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape +
           ",\"data_offsets\":[" + std::to_string(begin) + "," + std::to_string(end) + "]}";
}

/// A file with every kind of member, small enough to be damaged thousands of times.
std::string richFile()
{
    return fileOf(
        "{\"__metadata__\":{\"format\":\"pt\"}," + tensor("encoder.weight", "F32", "[2,3]", 0, 24) +
            "," + tensor("brain", "BF16", "[4]", 24, 32) + "," +
            tensor("small", "I8", "[2,2]", 32, 36) + "," + tensor("packed", "F4", "[8]", 36, 40) +
            "," + tensor("none", "F16", "[0]", 40, 40) + "," +
            tensor("scalar", "F64", "[]", 40, 48) + "}   ",
        std::string(48, '\x3F'));
}

TEST(SafetensorsTest, ReadsNamesTypesAndShapesInTheOrderOfTheFile)
{
    const TemporaryFolder folder;
    writeFile(folder / "a.safetensors", richFile());
    const auto dump = load(folder / "a.safetensors");
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->producer, "pt");
    const TensorStore &store = *(*dump)->samples.front();
    std::vector<std::string> seen;
    for (const TensorEntry &entry : store.entries()) {
        seen.push_back(entry.name + " " + std::string(dtypeName(entry.info.dtype)) + " " +
                       toText(entry.info.shape));
    }
    EXPECT_THAT(seen,
                ElementsAre("encoder.weight float32 2×3", "brain bfloat16 4", "small int8 2×2",
                            "packed float4_e2m1 8", "none float16 0", "scalar float64 scalar"));
    EXPECT_THAT(*decodeAll(store.read(*store.find("small"))->view()), ElementsAre(63, 63, 63, 63));
}

TEST(SafetensorsTest, TensorsAreViewsOfTheFile)
{
    const TemporaryFolder folder;
    writeFile(folder / "a.safetensors", richFile());
    const auto dump = load(folder / "a.safetensors");
    ASSERT_TRUE(dump);
    const TensorStore &store = *(*dump)->samples.front();
    const auto first = store.read(TensorId{0});
    const auto second = store.read(TensorId{1});
    EXPECT_EQ(first->bytes().data() + 24, second->bytes().data());
    store.release(TensorId{0}, 0, 6);
    EXPECT_EQ(store.readRange(TensorId{0}, 4, 2)->bytes().data(), first->bytes().data() + 16);
}

TEST(SafetensorsTest, UnknownTypesAreLeftOutAndNamed)
{
    const auto dump = loadBytes("{" + tensor("a", "F6_E2M3", "[4]", 0, 3) + "," +
                                    tensor("b", "U8", "[3]", 3, 6) + "}",
                                "abcdef");
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->samples.front()->entries().size(), 1U);
    ASSERT_EQ((*dump)->diagnostics.size(), 1U);
    EXPECT_EQ((*dump)->diagnostics[0].where, "a");
}

TEST(SafetensorsTest, OffsetsAndSizesThatDoNotFitAreErrorsThatNameTheTensor)
{
    for (const auto &[members, what] :
         {std::pair{tensor("a", "F32", "[2]", 0, 12), "do not fit F32 2"},
          {tensor("a", "F32", "[4]", 0, 16), "lies at bytes 0 to 16 of 12"},
          {tensor("a", "U8", "[4]", 8, 4), "lies at bytes 8 to 4"},
          {tensor("a", "U8", "[-4]", 0, 4), "lacks a shape"},
          {tensor("a", "U8", "[4294967296,4294967296]", 0, 4), "do not fit"},
          {tensor("b", "U8", "[8]", 0, 8) + "," + tensor("a", "U8", "[8]", 4, 12),
           "overlaps with 'b'"},
          {std::string("\"a\":{}"), "lacks a shape"},
          {std::string("\"a\":3"), "lacks a shape"}}) {
        const auto dump = loadBytes("{" + members + "}", std::string(12, 'x'));
        ASSERT_FALSE(dump);
        EXPECT_EQ(dump.error().code, ErrorCode::BadFormat);
        EXPECT_THAT(dump.error().message, HasSubstr("tensor 'a'"));
        EXPECT_THAT(dump.error().message, HasSubstr(what));
    }
}

TEST(SafetensorsTest, OtherFilesAreNamed)
{
    const TemporaryFolder folder;
    for (const std::string &content :
         {std::string(), std::string("abc"), std::string(100, '\xFF'), std::string(100, '\0'),
          fileOf("[]", ""), fileOf("{", ""), fileOf("{}", "")}) {
        writeFile(folder / "a.safetensors", content);
        const auto dump = load(folder / "a.safetensors");
        ASSERT_FALSE(dump);
        EXPECT_FALSE(dump.error().message.empty());
    }
}

TEST(SafetensorsTest, ProbesByContentAndByName)
{
    const TemporaryFolder folder;
    writeFile(folder / "a.safetensors", richFile());
    writeFile(folder / "a.bin", richFile());
    writeFile(folder / "b.bin", "text that is long enough");
    const auto loader = makeSafetensorsLoader();
    EXPECT_EQ(loader->probe(*FileProbe::of(folder / "a.safetensors")), ProbeAnswer::Yes);
    EXPECT_EQ(loader->probe(*FileProbe::of(folder / "a.bin")), ProbeAnswer::Maybe);
    EXPECT_EQ(loader->probe(*FileProbe::of(folder / "b.bin")), ProbeAnswer::No);
}

TEST(SafetensorsTest, DamagedFilesAreReadOrRefused)
{
    std::mt19937 random(5);
    const TemporaryFolder folder;
    const std::string whole = richFile();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        std::filesystem::remove(folder / "a.safetensors"); // writing over it waits for the disk
        writeFile(folder / "a.safetensors", whole.substr(0, length));
        EXPECT_FALSE(load(folder / "a.safetensors"));
    }
    int loaded = 0;
    for (int i = 0; i < 2000; ++i) {
        std::filesystem::remove(folder / "a.safetensors"); // writing over it waits for the disk
        writeFile(folder / "a.safetensors", damaged(whole, random, 1 + i % 5));
        const auto dump = load(folder / "a.safetensors");
        for (std::size_t id = 0; dump && id < (*dump)->samples.front()->entries().size(); ++id) {
            const auto tensor = (*dump)->samples.front()->read(TensorId{id});
            EXPECT_TRUE(tensor && decodeAll(tensor->view()));
        }
        loaded += dump ? 1 : 0;
    }
    EXPECT_GT(loaded, 50); // most of so small a file is its header
}

} // namespace
} // namespace syncpoint::test
