#include "core/formats/pytorch/unpickler.h"
#include "tests/core/formats/pytorch/pickle_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

namespace syncpoint::test {
namespace {

using pytorch::PickleValue;
using pytorch::readPickle;
using testing::HasSubstr;

std::span<const std::byte> bytesOf(const std::string &text)
{
    return std::as_bytes(std::span(text));
}

TEST(UnpicklerTest, ReadsNumbersTextAndContainers)
{
    const std::string text = pickle(
        pickleTuple("NK\x07" + pickleNumber(0xFFFFFFFEU) + std::string("\x8A\x02\x00\x80", 4) +
                    std::string("G\x3F\xF8\0\0\0\0\0\0", 9) + pickleText("ab") +
                    "]\x88"
                    "a"));
    const auto read = readPickle(bytesOf(text));
    ASSERT_TRUE(read) << read.error().message;
    const PickleValue &root = (*read)[read->root];
    ASSERT_EQ(root.kind, PickleValue::Kind::Tuple);
    ASSERT_EQ(root.items.size(), 7U);
    EXPECT_EQ((*read)[root.items[0]].kind, PickleValue::Kind::None);
    EXPECT_EQ((*read)[root.items[1]].integer, 7);
    EXPECT_EQ((*read)[root.items[2]].integer, -2);
    EXPECT_EQ((*read)[root.items[3]].integer, -32768);
    EXPECT_EQ((*read)[root.items[4]].real, 1.5);
    EXPECT_EQ((*read)[root.items[5]].text, "ab");
    const PickleValue &list = (*read)[root.items[6]];
    ASSERT_EQ(list.items.size(), 1U);
    EXPECT_EQ((*read)[list.items[0]].kind, PickleValue::Kind::Bool);
}

TEST(UnpicklerTest, RefusesWhateverIsNotATensorOrAContainer)
{
    for (const auto &[module, name] : {std::pair{"os", "system"},
                                       {"builtins", "eval"},
                                       {"__main__", "Net"},
                                       {"torch.nn.modules.linear", "Linear"},
                                       {"torch", "load"},
                                       {"collections", "Counter"},
                                       {"torch._utils", "_rebuild_tensor_v2.x"}}) {
        const std::string text =
            pickle(pickleCall(pickleGlobal(module, name), pickleText("rm -rf /")));
        const auto read = readPickle(bytesOf(text));
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code, ErrorCode::Unsupported);
        EXPECT_THAT(read.error().message, HasSubstr(std::string(module) + "." + name));
        EXPECT_THAT(read.error().message, HasSubstr("no code is run"));
    }
    const std::string byStack = pickle(pickleText("os") + pickleText("system") + "\x93");
    EXPECT_EQ(readPickle(bytesOf(byStack)).error().code, ErrorCode::Unsupported);
}

TEST(UnpicklerTest, AllowedGlobalsAreOnlyNoted)
{
    const std::string text =
        pickle(pickleCall(pickleGlobal("torch._utils", "_rebuild_tensor_v2"), "N"));
    const auto read = readPickle(bytesOf(text));
    ASSERT_TRUE(read);
    const PickleValue &root = (*read)[read->root];
    EXPECT_EQ(root.kind, PickleValue::Kind::Call);
    EXPECT_EQ((*read)[root.items[0]].text, "torch._utils._rebuild_tensor_v2");
}

TEST(UnpicklerTest, DamageNamesTheByte)
{
    for (const std::string &body :
         {std::string("t"), std::string("a"), std::string("R"), std::string("h\x05"),
          std::string("q\x01"), std::string("Q"), std::string("Na"), std::string("NNa"),
          std::string("}(Nu"), std::string("b"), std::string("1"), std::string("0"),
          std::string("2"), std::string("i"), std::string("\x85"), std::string("(N\x86"),
          std::string("(a"), std::string("N(a")}) {
        const std::string text = pickle(body);
        const auto read = readPickle(bytesOf(text));
        ASSERT_FALSE(read) << body;
        EXPECT_THAT(read.error().message, HasSubstr("at byte ")) << body;
    }
    for (const std::string &text :
         {std::string(), std::string("\x80"), std::string("\x80\x02X\xFF"),
          std::string("\x80\x02X\xFF\xFF\xFF\xFF"
                      "a"),
          std::string("\x80\x02\x8D\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), std::string("ctorch"),
          std::string(".")}) {
        EXPECT_FALSE(readPickle(bytesOf(text)));
    }
}

TEST(UnpicklerTest, MemoryIsBounded)
{
    const std::string values(3'000'000, 'N');
    const auto tooMany = readPickle(bytesOf(values));
    ASSERT_FALSE(tooMany);
    EXPECT_EQ(tooMany.error().code, ErrorCode::Limit);
    const auto copies = readPickle(bytesOf("N" + std::string(10'000'000, '2')));
    ASSERT_FALSE(copies);
    EXPECT_EQ(copies.error().code, ErrorCode::Limit);
    const auto marks = readPickle(bytesOf(std::string(10'000'000, '(')));
    ASSERT_FALSE(marks);
    EXPECT_EQ(marks.error().code, ErrorCode::Limit);
}

TEST(UnpicklerTest, RandomInstructionsAreReadOrRefused)
{
    std::mt19937 random(3);
    const std::string known = "(.0N]}){}abcehjqrstuQRXKMJ\x85\x86\x87\x88\x89\x94\x93\x8C";
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (int k = 0; k < 40; ++k) {
            text += random() % 8 == 0 ? static_cast<char>(random() % 256)
                                      : known[random() % known.size()];
        }
        const auto read = readPickle(bytesOf(text));
        EXPECT_TRUE(read || !read.error().message.empty());
    }
}

} // namespace
} // namespace syncpoint::test
