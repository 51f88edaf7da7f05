#include "core/formats/polygraphy/base64.h"
#include "core/formats/polygraphy/polygraphy_loader.h"
#include "core/formats/polygraphy/text_skeleton.h"
#include "core/formats/registry.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/npy/npy_bytes.h"
#include "tests/core/formats/test_files.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

// No file that Polygraphy wrote is at hand: all are synthetic.
namespace syncpoint::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string base64(const std::string &bytes)
{
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = bits << 8U | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6) {
            out += kDigits[bits >> (count - 6) & 63U];
        }
    }
    if (count > 0) {
        out += kDigits[bits << (6 - count) & 63U];
    }
    return out.append((4 - out.size() % 4) % 4, '=');
}

std::string array(const std::vector<float> &numbers)
{
    const std::string npy =
        npyBytes(npyHeaderText("<f4", fmt::format("({},)", numbers.size())), rawBytes(numbers));
    return R"({"array":")" + base64(npy) + R"(","polygraphy_class":"ndarray"})";
}

std::string iteration(const std::string &outputs)
{
    return R"({"outputs":{)" + outputs +
           R"(},"runtime":0.1,"runner_name":"trt","polygraphy_class":"IterationResult"})";
}

std::string results(const std::string &iterations)
{
    return R"({"lst":[["trt-runner",[)" + iterations + R"(]]],"polygraphy_class":"RunResults"})";
}

std::string lazy(const std::string &values)
{
    return R"({"values":)" + values + R"(,"polygraphy_class":"LazyArray"})";
}

Result<std::shared_ptr<const TensorDump>> load(const std::string &text)
{
    const TemporaryFolder folder;
    writeFile(folder / "results.json", text);
    return loadDump(folder / "results.json", {});
}

TEST(PolygraphyTest, Base64IsDecodedWithAndWithoutPadding)
{
    for (const std::string text : {"", "a", "ab", "abc", "\xFF\x80 abc"}) {
        std::string encoded = base64(text);
        for (int round = 0; round < 2; ++round) {
            const auto bytes = polygraphy::decodeBase64(encoded);
            ASSERT_TRUE(bytes);
            EXPECT_EQ(std::string(reinterpret_cast<const char *>(bytes->data()), bytes->size()),
                      text);
            encoded.erase(std::min(encoded.find('='), encoded.size()));
        }
    }
    EXPECT_THAT(polygraphy::decodeBase64("ab-c").error().message, HasSubstr("character 2"));
}

TEST(PolygraphyTest, LongStringsAreReferredToAndShortOnesStay)
{
    const std::string text = R"({"a":"short \" one","b":")" + std::string(1000, 'x') + R"("})";
    const auto skeleton = polygraphy::skeletonOf(text);
    ASSERT_TRUE(skeleton);
    EXPECT_LT(skeleton->size(), 60U);
    EXPECT_THAT(*skeleton, HasSubstr(R"(short \" one)"));
    const std::size_t at = skeleton->find('@');
    const auto reference = std::string_view(*skeleton).substr(at, skeleton->rfind('"') - at);
    EXPECT_EQ(polygraphy::referredText(reference, text), std::string(1000, 'x'));
    EXPECT_EQ(polygraphy::referredText("plain", text), "plain");
}

TEST(PolygraphyTest, EveryIterationIsASample)
{
    const std::vector<float> many(500, 2.0F);
    const auto dump = load(results(iteration("\"y\":" + lazy(array({1, 2}))) + "," +
                                   iteration("\"y\":" + array(many))));
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->format, "polygraphy");
    EXPECT_EQ((*dump)->runtime, "trt-runner");
    ASSERT_EQ((*dump)->samples.size(), 2U);
    const auto first = (*dump)->samples[0]->read(TensorId{0});
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_THAT(*decodeAll(first->view()), ElementsAre(1, 2));
    EXPECT_EQ(*decodeAll((*dump)->samples[1]->read(TensorId{0})->view()), many);
}

TEST(PolygraphyTest, SavedInputsAreSamplesOfInputs)
{
    const auto dump = load("[{\"x\":" + array({1}) + "},{\"x\":" + array({2}) + "}]");
    ASSERT_TRUE(dump) << dump.error().message;
    ASSERT_EQ((*dump)->samples.size(), 2U);
    EXPECT_EQ((*dump)->samples[0]->entry(TensorId{0}).kind, TensorEntry::Kind::Input);
}

TEST(PolygraphyTest, PickledTensorsAreRefusedByName)
{
    const auto dump = load(results(iteration(
        R"("t":{"values":{"tensor":"abcd","polygraphy_class":"Tensor"}},"y":)" + array({1}))));
    ASSERT_TRUE(dump) << dump.error().message;
    ASSERT_EQ((*dump)->diagnostics.size(), 1U);
    EXPECT_EQ((*dump)->diagnostics[0].where, "t");
    EXPECT_THAT((*dump)->diagnostics[0].text, HasSubstr("pickled PyTorch tensor"));
}

TEST(PolygraphyTest, SamplesThatAreNoObjectsAreSkipped)
{
    const auto dump = load("[3,[1],null,{\"x\":" + array({1}) + "}]");
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->samples.size(), 1U);
}

TEST(PolygraphyTest, DamagedFilesAreReadOrRefused)
{
    std::mt19937 random(17);
    const TemporaryFolder folder;
    const std::string whole = results(iteration("\"y\":" + lazy(array({1, 2})) +
                                                ",\"z\":" + array(std::vector<float>(100, 3.0F))));
    int files = 0;
    // Writing one file over and over makes some file systems wait for the disk.
    const auto loads = [&](const std::string &text) {
        const auto path = folder / std::to_string(++files);
        writeFile(path, text);
        const auto dump = makePolygraphyLoader()->load(path, {});
        for (std::size_t id = 0; dump && id < (*dump)->samples[0]->entries().size(); ++id) {
            (void)(*dump)->samples[0]->read(TensorId{id}); // damaged data is an error, no crash
        }
        std::filesystem::remove(path);
        return static_cast<bool>(dump);
    };
    for (std::size_t at = 0; at < 200; ++at) {
        EXPECT_FALSE(loads(whole.substr(0, at * whole.size() / 200)));
    }
    int loaded = 0;
    for (int i = 0; i < 2000; ++i) {
        loaded += loads(damaged(whole, random, 1 + i % 5)) ? 1 : 0;
    }
    EXPECT_GT(loaded, 100);
}

} // namespace
} // namespace syncpoint::test
