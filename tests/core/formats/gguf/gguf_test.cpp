#include "core/formats/registry.h"
#include "core/tensor/decode.h"
#include "core/tensor/encode.h"
#include "tests/core/formats/test_files.h"

#include <array>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

// No small public file has these formats: files are made here, after the format's description.
namespace syncpoint::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {
template <typename Number>
std::string bytesOf(Number value)
{
    return {reinterpret_cast<const char *>(&value), sizeof value};
}
std::string text(const std::string &value)
{
    return bytesOf(std::uint64_t{value.size()}) + value;
}
std::string half(double value)
{
    const auto bytes = encodedReals(DType::Float16, std::array{value});
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

struct Entry
{
    std::string name;
    std::vector<std::uint64_t> extents; ///< innermost first, as the file has them
    std::uint32_t type;
    std::string data;
};

std::string gguf(const std::vector<Entry> &entries)
{
    constexpr std::size_t kAlignment = 64;
    std::string header =
        "GGUF" + bytesOf(std::uint32_t{3}) + bytesOf(std::uint64_t{entries.size()}) +
        bytesOf(std::uint64_t{4}) + text("general.name") + bytesOf(std::uint32_t{8}) +
        text("tiny") + text("general.alignment") + bytesOf(std::uint32_t{4}) +
        bytesOf(std::uint32_t{kAlignment}) + text("tokens") + bytesOf(std::uint32_t{9}) +
        bytesOf(std::uint32_t{8}) + bytesOf(std::uint64_t{2}) + text("a") + text("b") +
        text("rope") + bytesOf(std::uint32_t{6}) + bytesOf(1.5F);
    std::string data;
    for (const Entry &entry : entries) {
        header += text(entry.name) + bytesOf(static_cast<std::uint32_t>(entry.extents.size()));
        for (const std::uint64_t extent : entry.extents) {
            header += bytesOf(extent);
        }
        header += bytesOf(entry.type) + bytesOf(std::uint64_t{data.size()});
        data += entry.data;
        data.resize((data.size() + kAlignment - 1) / kAlignment * kAlignment);
    }
    header.resize((header.size() + kAlignment - 1) / kAlignment * kAlignment);
    return header + data;
}

Result<std::shared_ptr<const TensorDump>> loadFrom(const std::filesystem::path &path,
                                                   const std::string &content)
{
    std::filesystem::remove(path); // a new file is written faster than an old one anew
    writeFile(path, content);
    return loadDump(path, JobContext());
}

Result<std::shared_ptr<const TensorDump>> load(const std::string &content)
{
    const TemporaryFolder folder;
    return loadFrom(folder / "m.gguf", content);
}

std::vector<float> decoded(std::uint32_t type, std::uint64_t elements, const std::string &block)
{
    const auto dump = load(gguf({{"w", {elements}, type, block}}));
    if (!dump) {
        ADD_FAILURE() << dump.error().message;
        return {};
    }
    const auto tensor = (*dump)->samples.front()->read(TensorId{0});
    EXPECT_EQ(tensor->storedBytes(), block.size());
    return *decodeAll(tensor->view());
}

/// Bytes that differ from one another, for codes.
std::string pattern(std::size_t count)
{
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += static_cast<char>(i * 37 + 11);
    }
    return out;
}
unsigned at(const std::string &bytes, std::size_t i)
{
    return static_cast<unsigned char>(bytes[i]);
}

/// 0.5, 0.25; scales 1 … 8 and minima 11 … 18, of which the last four are cut in two.
std::string groupHeader()
{
    std::string packed(12, '\0');
    for (unsigned i = 0; i < 4; ++i) {
        packed[i] = static_cast<char>(i + 1);
        packed[i + 4] = static_cast<char>((i + 11) | (i + 15) >> 4U << 6U);
        packed[i + 8] = static_cast<char>((i + 5) | ((i + 15) & 15U) << 4U);
    }
    return half(0.5) + half(0.25) + packed;
}
float groupValue(std::size_t group, unsigned code)
{
    return 0.5F * static_cast<float>(group + 1) * static_cast<float>(code) -
           0.25F * static_cast<float>(group + 11);
}
} // namespace

TEST(GgufTest, PlainTensorsAndFactsAreRead)
{
    std::string numbers;
    for (int i = 0; i < 6; ++i) {
        numbers += bytesOf(static_cast<float>(i));
    }
    const auto dump = load(gguf({{"a.weight", {3, 2}, 0, numbers}, {"odd", {256}, 10, "x"}}));
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->model, "tiny");
    ASSERT_EQ((*dump)->samples.front()->entries().size(), 1U);
    EXPECT_THAT((*dump)->samples.front()->entries()[0].info.shape, ElementsAre(2, 3));
    const auto tensor = (*dump)->samples.front()->read(TensorId{0});
    EXPECT_THAT(*decodeAll(tensor->view()), ElementsAre(0, 1, 2, 3, 4, 5));
    ASSERT_EQ((*dump)->diagnostics.size(), 1U);
    EXPECT_EQ((*dump)->diagnostics.front().where, "odd");
}

TEST(GgufTest, BlocksOf32HaveOneScale)
{
    const std::string nibbles = pattern(16);
    const auto four = decoded(2, 32, half(0.5) + nibbles);
    const std::string codes = pattern(32);
    const auto eight = decoded(8, 32, half(-2) + codes);
    for (std::size_t i = 0; i < 32; ++i) {
        const unsigned code = i < 16 ? at(nibbles, i) & 15U : at(nibbles, i - 16) >> 4U;
        EXPECT_EQ(four[i], 0.5F * (static_cast<float>(code) - 8)) << i;
        EXPECT_EQ(eight[i], -2.0F * static_cast<float>(static_cast<std::int8_t>(codes[i]))) << i;
    }
}

TEST(GgufTest, BlocksOf256HaveScalesAndMinimaPerGroup)
{
    const std::string low = pattern(128), high = pattern(32);
    const auto four = decoded(12, 256, groupHeader() + low);
    const auto five = decoded(13, 256, groupHeader() + high + low);
    for (std::size_t pair = 0; pair < 4; ++pair) { // two groups share 32 bytes
        for (std::size_t i = 0; i < 32; ++i) {
            for (std::size_t side = 0; side < 2; ++side) {
                const std::size_t group = 2 * pair + side;
                const unsigned code = at(low, 32 * pair + i) >> (4 * side) & 15U;
                const unsigned fifth = at(high, i) >> group & 1U;
                EXPECT_EQ(four[32 * group + i], groupValue(group, code));
                EXPECT_EQ(five[32 * group + i], groupValue(group, code + 16 * fifth));
            }
        }
    }
}

TEST(GgufTest, SixBitCodesAreJoined)
{
    // Written from the codes, so that the packing is stated the other way round.
    std::string low(128, '\0'), high(64, '\0'), scales;
    std::vector<float> wanted(256);
    for (unsigned i = 0; i < 16; ++i) {
        scales += static_cast<char>(static_cast<int>(i) - 5);
    }
    for (unsigned i = 0; i < 256; ++i) {
        const unsigned code = i * 29 % 64, half128 = i / 128, run = i % 128 / 32, place = i % 32;
        low[64 * half128 + 32 * (run % 2) + place] |=
            static_cast<char>((code & 15U) << (run < 2 ? 0 : 4));
        high[32 * half128 + place] |= static_cast<char>(code >> 4U << (2 * run));
        wanted[i] = 0.25F * static_cast<float>(static_cast<int>(i / 16) - 5) *
                    (static_cast<float>(code) - 32);
    }
    EXPECT_EQ(decoded(14, 256, low + high + scales + half(0.25)), wanted);
}

TEST(GgufTest, RangesDecodeOnlyWhatIsAskedFor)
{
    const auto dump =
        load(gguf({{"w", {32, 2}, 8, half(1) + pattern(32) + half(2) + pattern(32)}}));
    ASSERT_TRUE(dump) << dump.error().message;
    const auto part = (*dump)->samples.front()->readRange(TensorId{0}, 31, 2);
    ASSERT_TRUE(part);
    const auto numbers = *decodeAll(part->view());
    EXPECT_EQ(numbers[0], static_cast<float>(static_cast<std::int8_t>(pattern(32)[31])));
    EXPECT_EQ(numbers[1], 2 * 11.0F);
    (*dump)->samples.front()->release(TensorId{0}, 0, 64);
}

TEST(GgufTest, RowsThatAreNoWholeBlocksAreRefused)
{
    const auto dump = load(gguf({{"w", {16, 2}, 2, half(1) + pattern(16)}}));
    ASSERT_FALSE(dump);
    EXPECT_THAT(dump.error().message, HasSubstr("tensor 'w': 18 bytes of Q4_0 do not fit"));
}

TEST(GgufTest, DamagedFilesAreReadOrRefused)
{
    const std::string whole =
        gguf({{"a", {32}, 2, half(1) + pattern(16)}, {"b", {2, 2}, 0, pattern(16)}});
    const TemporaryFolder folder;
    const auto survives = [&folder](const std::string &content) {
        const auto dump = loadFrom(folder / "m.gguf", content);
        if (!dump) {
            EXPECT_FALSE(dump.error().message.empty());
            return false;
        }
        const auto &store = *(*dump)->samples.front();
        for (std::size_t i = 0; i < store.entries().size(); ++i) {
            EXPECT_TRUE(decodeAll(store.read(TensorId{i})->view()));
        }
        return true;
    };
    for (std::size_t i = 0; i < 200; ++i) {
        survives(whole.substr(0, whole.size() * i / 200));
    }
    std::mt19937 random(1);
    int loaded = 0;
    for (int i = 0; i < 2000; ++i) {
        loaded += survives(damaged(whole, random, 1 + i % 3)) ? 1 : 0;
    }
    EXPECT_GT(loaded, 100);
    EXPECT_THAT(load("GGUF" + bytesOf(std::uint32_t{9}) + std::string(16, '\0')).error().message,
                HasSubstr("version 9"));
}

} // namespace syncpoint::test
