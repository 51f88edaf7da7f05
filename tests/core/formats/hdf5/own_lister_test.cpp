#include "core/formats/hdf5/own_lister.h"

#include "core/formats/hdf5/attribute_list.h"
#include "core/formats/hdf5/checksum.h"
#include "core/formats/hdf5/dump_writer.h"
#include "core/formats/hdf5/group_writer.h"
#include "tests/core/formats/test_files.h"

#include <gtest/gtest.h>

// That the listing is the library's is tested where dumps are written, in dump_writer_test.cpp.

namespace syncpoint::hdf5 {
namespace {

std::span<const std::byte> asBytes(const std::string &text)
{
    return std::as_bytes(std::span(text));
}

std::string smallDump()
{
    const test::TemporaryFolder folder;
    auto writer = DumpWriter::create(folder / "a.h5", {"test", "m.onnx", "ab", "rt 1"}, {}).value();
    auto parameters = std::make_shared<Quantization>();
    parameters->scales = {0.5};
    for (const char *name : {"x", "y", "z"}) {
        const Tensor tensor =
            Tensor::fromBytes({DType::Int8, {2, 3}, parameters}, std::vector<std::byte>(6)).value();
        TensorEntry entry;
        entry.name = name;
        entry.info = tensor.info();
        entry.module = std::string("module.of.") + name;
        EXPECT_TRUE(writer->write(0, entry, tensor));
    }
    EXPECT_TRUE(writer->finish());
    return test::readFile(folder / "a.h5");
}

TEST(OwnListerTest, FilesOfOthersAreLeftToTheLibrary)
{
    for (const char *name : {"foreign.h5", "chunks.h5", "chunks-1.10.h5", "gzip.h5"}) {
        const std::string file = test::readFile(test::dataFile(std::string("dumps/") + name));
        EXPECT_FALSE(listOwnDump(asBytes(file))) << name;
    }
    EXPECT_FALSE(listOwnDump({}));
}

TEST(OwnListerTest, ACutFileIsNone)
{
    const std::string whole = smallDump();
    ASSERT_TRUE(listOwnDump(asBytes(whole)));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(listOwnDump(asBytes(whole.substr(0, size))));
    }
}

TEST(OwnListerTest, DamageChangesNothingOrIsSeen)
{
    const std::string whole = smallDump();
    const std::string listing = toBytes(*listOwnDump(asBytes(whole)));
    const std::size_t heap = whole.find("GCOL");
    const std::size_t heapEnd = heap + 4096;
    ASSERT_NE(heap, std::string::npos);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x11);
        const auto found = listOwnDump(asBytes(damaged));
        if (found && (i < heap || i >= heapEnd)) { // texts have no checksum
            EXPECT_EQ(toBytes(*found), listing) << i;
        }
    }
}

TEST(OwnListerTest, AGroupThatHoldsItselfIsNoEndlessListing)
{
    constexpr std::uint64_t kSuperblockBytes = 48, kAlignment = 8;
    const test::TemporaryFolder folder;
    const auto sink = FileSink::open(folder / "a.h5", kSuperblockBytes).value();
    EncodedTypes types;
    TextHeap texts;
    AttributeList facts(types, texts);
    facts.text("format", "syncpoint-dump");
    ASSERT_TRUE(texts.write(*sink));
    const std::uint64_t address = (sink->end() + kAlignment - 1) / kAlignment * kAlignment;
    GroupWriter group;
    for (int i = 0; i < 100; ++i) {
        group.link(std::to_string(i), address);
    }
    ObjectHeader root = group.header();
    facts.writeTo(root);
    ASSERT_EQ(sink->append(root.encoded(), kAlignment).value(), address);
    ByteWriter head;
    head.put(std::string_view("\x89HDF\r\n\x1a\n\x02\x08\x08\x00", 12)).put(std::uint64_t{0});
    head.put(kNoAddress).put(sink->end()).put(address).put(checksumOf(head.bytes()));
    ASSERT_TRUE(sink->writeHead(head.bytes()));
    ASSERT_TRUE(sink->close());

    EXPECT_FALSE(listOwnDump(asBytes(test::readFile(folder / "a.h5"))));
}

} // namespace
} // namespace syncpoint::hdf5
