#include "core/formats/npy/npy_folder_loader.h"
#include "core/formats/npy/npy_loader.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/npy/npy_bytes.h"
#include "tests/core/formats/test_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using test::npyBytes;
using test::npyHeaderText;
using test::rawBytes;
using testing::ElementsAre;
using testing::HasSubstr;

Result<Tensor> parsed(const std::string &bytes)
{
    const auto owner = std::make_shared<const std::string>(bytes);
    return parseNpy(std::as_bytes(std::span(*owner)), owner);
}

std::vector<float> valuesOf(const std::string &bytes)
{
    const auto tensor = parsed(bytes);
    EXPECT_TRUE(tensor) << (tensor ? "" : tensor.error().message);
    const auto values = tensor ? decodeAll(tensor->view()) : Result<std::vector<float>>(Error{});
    return values ? *values : std::vector<float>{};
}

std::string errorOf(const std::string &bytes)
{
    const auto tensor = parsed(bytes);
    EXPECT_FALSE(tensor);
    return tensor ? std::string{} : tensor.error().message;
}

TEST(NpyTest, ReadsEveryVersion)
{
    const std::string data = rawBytes<float>({1.0F, 2.0F, 3.0F});
    for (const int version : {1, 2, 3}) {
        EXPECT_THAT(valuesOf(npyBytes(npyHeaderText("<f4", "(3,)"), data, version)),
                    ElementsAre(1, 2, 3));
    }
    EXPECT_THAT(errorOf(npyBytes(npyHeaderText("<f4", "(3,)"), data, 4)), HasSubstr("version 4"));
}

TEST(NpyTest, ReadsEveryNumericType)
{
    EXPECT_THAT(valuesOf(npyBytes(npyHeaderText("|b1", "(2,)"), rawBytes<std::uint8_t>({1, 0}))),
                ElementsAre(1, 0));
    EXPECT_THAT(valuesOf(npyBytes(npyHeaderText("<f2", "(1,)"), rawBytes<std::uint16_t>({0x3C00}))),
                ElementsAre(1));
    EXPECT_THAT(valuesOf(npyBytes(npyHeaderText("|i1", "(1,)"), rawBytes<std::int8_t>({-3}))),
                ElementsAre(-3));
    EXPECT_THAT(valuesOf(npyBytes(npyHeaderText("<u4", "(1,)"), rawBytes<std::uint32_t>({7}))),
                ElementsAre(7));
    EXPECT_THAT(valuesOf(npyBytes(npyHeaderText("<i8", "()"), rawBytes<std::int64_t>({-9}))),
                ElementsAre(-9));
    const auto complex =
        parsed(npyBytes(npyHeaderText("<c8", "(1,)"), rawBytes<float>({1.0F, 2.0F})));
    ASSERT_TRUE(complex);
    EXPECT_EQ(complex->info().dtype, DType::Complex64);
}

TEST(NpyTest, BigEndianAndColumnMajorBecomeNative)
{
    EXPECT_THAT(
        valuesOf(npyBytes(npyHeaderText(">i2", "(2,)"), std::string("\x01\x02\x00\x05", 4))),
        ElementsAre(258, 5));
    const auto columns =
        npyBytes(npyHeaderText("<f4", "(2, 3)", true), rawBytes<float>({1, 4, 2, 5, 3, 6}));
    EXPECT_THAT(valuesOf(columns), ElementsAre(1, 2, 3, 4, 5, 6));
    EXPECT_EQ(parsed(columns)->info().shape, (Shape{2, 3}));
}

TEST(NpyTest, RefusesWhatIsNoPlainNumber)
{
    EXPECT_THAT(errorOf(npyBytes(npyHeaderText("|O", "(1,)"), "pickle")), HasSubstr("pickles"));
    EXPECT_THAT(errorOf(npyBytes(npyHeaderText("<V2", "(1,)"), "ab")),
                HasSubstr("does not say what its bytes mean"));
    EXPECT_THAT(errorOf(npyBytes(npyHeaderText("<U4", "(1,)"), "ab")), HasSubstr("no number"));
    EXPECT_THAT(errorOf(npyBytes("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
                                 "abcd")),
                HasSubstr("structured"));
}

TEST(NpyTest, DamagedHeadersAreErrors)
{
    const std::string data = rawBytes<float>({1, 2, 3});
    for (const char *shape :
         {"(3", "(-3,)", "(3,", "3", "(99999999999999999999,)", "(3,,)", "(a,)"}) {
        EXPECT_NE(errorOf(npyBytes(npyHeaderText("<f4", shape), data)), "") << shape;
    }
    EXPECT_THAT(errorOf(npyBytes("{'descr': '<f4'}", data)), HasSubstr("lacks"));
    EXPECT_THAT(errorOf(npyBytes("{'descr': '<f4", data)), HasSubstr("structured"));
    EXPECT_THAT(errorOf(npyBytes("", data)), HasSubstr("no dictionary"));
    EXPECT_THAT(errorOf(npyBytes(npyHeaderText("<f4", "(4611686018427387904, 4)"), data)),
                HasSubstr("too large"));
    EXPECT_THAT(errorOf(npyBytes(npyHeaderText("<f4", "(4,)"), data)), HasSubstr("cut off"));
    std::string huge = npyBytes("", "", 2);
    huge.replace(8, 4, "\xFF\xFF\xFF\x7F");
    EXPECT_THAT(errorOf(huge), HasSubstr("claims"));
}

TEST(NpyTest, CutAndDamagedFilesNeverCrash)
{
    const std::string whole =
        npyBytes(npyHeaderText(">f8", "(2, 3)", true), rawBytes<double>({1, 2, 3, 4, 5, 6}));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(parsed(whole.substr(0, size))) << size;
    }
    std::mt19937 random(1); // NOLINT: the same damage every time
    for (int i = 0; i < 500; ++i) {
        static_cast<void>(parsed(test::damaged(whole, random, 1 + i % 5)));
    }
}

TEST(NpyLoaderTest, TheTensorHasTheStemAsName)
{
    const test::TemporaryFolder folder;
    test::writeFile(folder / "image.npy",
                    npyBytes(npyHeaderText("<f4", "(2,)"), rawBytes<float>({1, 2})));
    const auto dump = makeNpyLoader()->load(folder / "image.npy", {});
    ASSERT_TRUE(dump);
    const TensorStore &store = *(*dump)->samples.front();
    const auto id = store.find("image");
    ASSERT_TRUE(id);
    EXPECT_THAT(*decodeAll(store.read(*id)->view()), ElementsAre(1, 2));
    EXPECT_THAT(*decodeAll(store.readRange(*id, 1, 1)->view()), ElementsAre(2));
    EXPECT_FALSE(store.readRange(*id, 1, 2));
    test::writeFile(folder / "cut.npy", npyBytes(npyHeaderText("<f4", "(2,)"), "abc"));
    const auto cut = makeNpyLoader()->load(folder / "cut.npy", {});
    ASSERT_FALSE(cut);
    EXPECT_THAT(cut.error().message, HasSubstr("needs 8 bytes, 3 are there"));
}

TEST(NpyFolderLoaderTest, NamesAreRelativePathsInOrderAndLinksAreNotFollowed)
{
    const test::TemporaryFolder folder;
    const std::string array = npyBytes(npyHeaderText("<f4", "(1,)"), rawBytes<float>({1}));
    std::filesystem::create_directories(folder / "b/c");
    test::writeFile(folder / "b/c/x.npy", array);
    test::writeFile(folder / "a.npy", array);
    test::writeFile(folder / "broken.npy", "no array");
    test::writeFile(folder / "notes.txt", "other files do not matter");
    std::filesystem::create_directory_symlink(folder.path(), folder / "b/loop");
    std::filesystem::create_symlink("/etc/passwd", folder / "link.npy");
    const auto dump = makeNpyFolderLoader()->load(folder.path(), {});
    ASSERT_TRUE(dump) << dump.error().message;
    const auto entries = (*dump)->samples.front()->entries();
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].name, "a");
    EXPECT_EQ(entries[1].name, "b/c/x");
    ASSERT_EQ((*dump)->diagnostics.size(), 1U);
    EXPECT_EQ((*dump)->diagnostics.front().where, "broken");
    EXPECT_FALSE(makeNpyFolderLoader()->load(folder / "missing", {}));
}

} // namespace
} // namespace syncpoint
