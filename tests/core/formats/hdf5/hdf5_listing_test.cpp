#include "core/formats/hdf5/listing.h"

#include "core/formats/hdf5/chunked_reader.h"
#include "tests/core/formats/test_files.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

using namespace hdf5;

constexpr std::uint64_t kFileSize = 4096;

Dataset datasetWith(decltype(Dataset::data) data)
{
    Dataset dataset;
    dataset.path = "/x";
    dataset.attributes.values = {{"scale", std::vector{0.5}}, {"name", std::string("x")}};
    dataset.stored = DType::Float32;
    dataset.shape = {4, 10};
    dataset.data = std::move(data);
    return dataset;
}

Chunked smallChunks()
{
    return {{2, 5}, {{Filter::Kind::Shuffle, 4}}, {{0, 100, 40, 0}, {3, 200, 40, 1}}};
}

Listing sampleListing()
{
    Listing listing;
    listing.attributes.values = {{"format", std::string("syncpoint-dump")},
                                 {"version", std::vector<std::int64_t>{1}}};
    listing.groups = {{"/samples", 0, 3}};
    listing.datasets = {datasetWith(smallChunks()), datasetWith(Contiguous{kFileSize - 160}),
                        datasetWith(Inline{std::vector<std::byte>(160)}),
                        datasetWith(Unusable{"no shape"})};
    listing.datasets[0].fill = std::vector<std::byte>(4, std::byte{1});
    listing.datasets[1].bigEndian = true;
    return listing;
}

/// Whether a listing with only this dataset still has it after the check.
bool isUsable(const Dataset &dataset)
{
    Listing listing;
    listing.datasets.push_back(dataset);
    const auto read = listingFromBytes(toBytes(listing));
    EXPECT_TRUE(read);
    return read && !std::holds_alternative<Unusable>(checked(*read, kFileSize).datasets.at(0).data);
}

TEST(Hdf5ListingTest, RoundTrips)
{
    const std::string bytes = toBytes(sampleListing());
    const auto read = listingFromBytes(bytes);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(isDump(*read));
    EXPECT_EQ(toBytes(*read), bytes); // every field is sent
    EXPECT_EQ(read->datasets[0].attributes.numbers("scale"), std::vector{0.5});
    EXPECT_EQ(std::get<Chunked>(read->datasets[0].data).chunks[1].offset, 200U);
    EXPECT_EQ(std::get<Unusable>(read->datasets[3].data).why, "no shape");

    const auto error = listingFromBytes(toBytes(Error{ErrorCode::Limit, "too much"}));
    ASSERT_FALSE(error);
    EXPECT_EQ(error.error().code, ErrorCode::Limit);
    EXPECT_EQ(error.error().message, "too much");
}

TEST(Hdf5ListingTest, WhatIsCutOffIsNoListing)
{
    const std::string bytes = toBytes(sampleListing());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(listingFromBytes(std::string_view(bytes).substr(0, size)));
    }
    EXPECT_FALSE(listingFromBytes(bytes + "x"));
}

TEST(Hdf5ListingTest, NothingOutsideTheFileIsBelieved)
{
    EXPECT_TRUE(isUsable(datasetWith(Contiguous{kFileSize - 160})));
    EXPECT_FALSE(isUsable(datasetWith(Contiguous{kFileSize - 159})));
    EXPECT_FALSE(isUsable(datasetWith(Contiguous{~std::uint64_t{0}})));
    EXPECT_FALSE(isUsable(datasetWith(Inline{std::vector<std::byte>(159)})));

    EXPECT_TRUE(isUsable(datasetWith(smallChunks())));
    for (const Chunk &wrong : {Chunk{4, kFileSize - 39, 40, 0}, Chunk{4, 0, kFileSize + 1, 0},
                               Chunk{4, ~std::uint64_t{0}, 2, 0}, Chunk{3, 0, 40, 0}}) {
        Chunked chunks = smallChunks();
        chunks.chunks.push_back(wrong);
        EXPECT_FALSE(isUsable(datasetWith(chunks))) << wrong.offset;
    }
    for (const std::vector<std::uint64_t> &wrong : std::vector<std::vector<std::uint64_t>>{
             {2, 0}, {2}, {2, 5, 1}, {std::uint64_t{1} << 40U, std::uint64_t{1} << 40U}}) {
        Chunked chunks = smallChunks();
        chunks.extents = wrong;
        EXPECT_FALSE(isUsable(datasetWith(chunks)));
    }
}

TEST(Hdf5ListingTest, TypesAndShapesThatDoNotFitAreNotUsed)
{
    const auto wrongAfter = [](auto change) {
        Dataset dataset = datasetWith(smallChunks());
        change(dataset);
        return !isUsable(dataset);
    };
    EXPECT_TRUE(wrongAfter([](Dataset &d) { d.stored = DType::Undefined; }));
    EXPECT_TRUE(wrongAfter([](Dataset &d) { d.stored = DType::Int4; }));
    EXPECT_TRUE(wrongAfter([](Dataset &d) { d.stored = DType::String; }));
    EXPECT_TRUE(wrongAfter([](Dataset &d) { d.stored = static_cast<DType>(200); }));
    EXPECT_TRUE(wrongAfter([](Dataset &d) { d.shape = {-4, 10}; }));
    EXPECT_TRUE(wrongAfter([](Dataset &d) { d.shape.assign(40, 1); }));
    EXPECT_TRUE(wrongAfter([](Dataset &d) { d.fill.resize(3); }));
}

TEST(Hdf5ListingTest, ReadingWhatADamagedListingSaysStaysInTheFile)
{
    const std::vector<std::byte> file(kFileSize);
    const std::string whole = toBytes(sampleListing());
    std::mt19937 random(3); // NOLINT: the same damage every time
    for (int i = 0; i < 20000; ++i) {
        const auto damaged = listingFromBytes(test::damaged(whole, random, 1 + i % 3));
        if (!damaged) {
            continue;
        }
        const Listing listing = checked(*damaged, kFileSize);
        const Dataset &dataset = listing.datasets.at(0);
        const std::uint64_t elements = elementCount(dataset.shape).value_or(0);
        if (std::holds_alternative<Chunked>(dataset.data) && elements < 100'000) {
            ChunkCache cache;
            std::vector<std::byte> out(elements * bitWidth(dataset.stored) / 8);
            static_cast<void>(readChunked(dataset, 0, file, cache, {0, elements}, out));
        }
    }
}

} // namespace
} // namespace syncpoint
