#pragma once
#include "core/base/result.h"
#include "core/formats/hdf5/attributes.h"
#include "core/tensor/dtype.h"
#include "core/tensor/shape.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace syncpoint::hdf5 {

/// What keeps an object of the file from being a tensor, as a sentence without a subject's name.
struct Unusable
{
    std::string why;
};

/// Data that came with the listing: compact datasets as in the file, texts each ended by NUL.
struct Inline
{
    std::vector<std::byte> bytes;
};

/// Data in one piece of the file.
struct Contiguous
{
    std::uint64_t offset = 0;
};

/// One step of packing a chunk, in the order of writing.
struct Filter
{
    enum class Kind : std::uint8_t { Deflate, Shuffle, Fletcher32 };
    Kind kind = Kind::Deflate;
    std::uint32_t width = 0; ///< Shuffle: bytes per element
};

/// A chunk that the file holds.
struct Chunk
{
    std::uint64_t index = 0; ///< in the grid of chunks, row-major
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;          ///< as packed
    std::uint32_t skippedFilters = 0; ///< bit i: filter i was not applied to this chunk
};

/// Data in chunks of one shape. Those that are not listed hold the fill value.
struct Chunked
{
    std::vector<std::uint64_t> extents; ///< of a chunk; as many as the dataset has
    std::vector<Filter> filters;
    std::vector<Chunk> chunks; ///< by index
};

/// One chunk of everything, which the file does not hold.
Chunked neverWritten(const Shape &shape);

struct Dataset
{
    std::string path; ///< in the file, from "/"
    Attributes attributes;
    DType stored = DType::Undefined;
    bool bigEndian = false;
    Shape shape;
    std::vector<std::byte> fill; ///< one element as in the file; empty for zero
    std::variant<Unusable, Inline, Contiguous, Chunked> data;
};

/// A group and the datasets in it and below, [firstDataset, lastDataset) of the listing.
struct Group
{
    std::string path; ///< from "/"
    std::uint64_t firstDataset = 0;
    std::uint64_t lastDataset = 0;
};

/// What the HDF5 library knows of a file: all that is needed to read it without the library.
struct Listing
{
    Attributes attributes;         ///< of the file
    std::vector<Group> groups;     ///< without the root
    std::vector<Dataset> datasets; ///< in the order of the file
};

/// Whether the file says that it is a Syncpoint dump.
bool isDump(const Listing &listing);

/// The same, but what would lie outside a file of `fileSize` bytes is Unusable.
Listing checked(Listing listing, std::uint64_t fileSize);

/// The listing as bytes for another process of this program, and back, not checked() yet. Bytes
/// that are no listing are an error.
std::string toBytes(const Result<Listing> &listing);
Result<Listing> listingFromBytes(std::string_view bytes);

} // namespace syncpoint::hdf5
