#pragma once
#include "core/formats/hdf5/byte_writer.h"
#include "core/tensor/shape.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace syncpoint::hdf5 {

/// Kinds of messages, of chapter IV.A of the specification.
namespace message {
constexpr std::uint8_t kDataspace = 0x01, kLinkInfo = 0x02, kDatatype = 0x03, kFillValue = 0x05,
                       kLink = 0x06, kLayout = 0x08, kGroupInfo = 0x0A, kFilters = 0x0B,
                       kAttribute = 0x0C, kAttributeInfo = 0x15;
} // namespace message

/// Where a dataset's elements lie.
struct DataPlace
{
    std::uint64_t address = kNoAddress; ///< of the elements, or of the index of the chunks
    std::uint64_t bytes = 0;
    std::vector<std::uint32_t> chunk; ///< extents of a chunk; empty: the elements lie in one piece
    int gzip = 0;                     ///< level, for chunks
};

/// The header of a group or dataset (HDF5 file format specification 3.0, version 2 object header).
class ObjectHeader
{
public:
    /// A group's link to an object; readers list links in the order in which they are added.
    void link(std::string_view name, std::uint64_t address);
    /// Makes it the header of a group.
    void group();
    /// Makes it the header of a dataset; `type` is an encoded datatype of `elementBytes`.
    void dataset(std::span<const std::int64_t> shape, std::span<const std::byte> type,
                 std::size_t elementBytes, const DataPlace &place);
    /// A scalar, or a vector of `count`. What it all takes must be less than 64 KiB.
    void attribute(std::string_view name, std::span<const std::byte> type,
                   std::span<const std::byte> value, std::size_t count = 1);

    std::vector<std::byte> encoded() const;

private:
    void add(std::uint8_t kind, const ByteWriter &content);
    ByteWriter m_messages;
    std::uint64_t m_links = 0;
    bool m_hasAttributes = false;
};

} // namespace syncpoint::hdf5
