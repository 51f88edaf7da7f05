#include "core/formats/hdf5/check_dataset.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace syncpoint::hdf5 {
namespace {

constexpr std::size_t kMostRank = 32;    // HDF5's own
constexpr std::size_t kMostFilters = 32; // what a chunk's mask has bits for
constexpr std::uint64_t kMostChunkBytes = std::numeric_limits<std::uint32_t>::max(); // HDF5's own

Error badFormat(std::string message)
{
    return {ErrorCode::BadFormat, std::move(message)};
}

/// nullopt on overflow.
std::optional<std::uint64_t> product(std::uint64_t a, std::uint64_t b)
{
    std::uint64_t result = 0;
    return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}

bool isInside(std::uint64_t offset, std::uint64_t bytes, std::uint64_t fileSize)
{
    return bytes <= fileSize && offset <= fileSize - bytes;
}

class DataCheck
{
public:
    DataCheck(const Dataset &dataset, std::uint64_t fileSize)
        : m_dataset(dataset), m_fileSize(fileSize),
          m_elements(elementCount(dataset.shape).value_or(0)), m_width(bitWidth(dataset.stored) / 8)
    {
    }

    Result<void> operator()(const Unusable & /*data*/) const { return {}; }

    Result<void> operator()(const Inline &data) const
    {
        const bool isText = m_dataset.stored == DType::String;
        const auto needed = isText ? m_elements : product(m_elements, m_width);
        const auto have = isText ? static_cast<std::uint64_t>(std::count(
                                       data.bytes.begin(), data.bytes.end(), std::byte{0}))
                                 : data.bytes.size();
        if (have != needed) {
            return badFormat("its data does not fit its shape");
        }
        return {};
    }

    Result<void> operator()(const Contiguous &data) const
    {
        const auto bytes = product(m_elements, m_width);
        if (m_width == 0 || !bytes || !isInside(data.offset, *bytes, m_fileSize)) {
            return badFormat(
                fmt::format("its {} bytes at offset {} reach beyond the end of the file",
                            bytes.value_or(0), data.offset));
        }
        return {};
    }

    Result<void> operator()(const Chunked &data) const
    {
        if (auto done = checkGrid(data); !done) {
            return done;
        }
        for (const Filter &filter : data.filters) {
            if (filter.kind > Filter::Kind::Fletcher32) {
                return badFormat("it is packed in an unknown way");
            }
        }
        for (std::size_t i = 0; i < data.chunks.size(); ++i) {
            const Chunk &chunk = data.chunks[i];
            if (chunk.bytes > kMostChunkBytes || !isInside(chunk.offset, chunk.bytes, m_fileSize)) {
                return badFormat(
                    fmt::format("its chunk of {} bytes at offset {} reaches beyond the end of the "
                                "file",
                                chunk.bytes, chunk.offset));
            }
            if (i > 0 && chunk.index <= data.chunks[i - 1].index) {
                return badFormat("its chunks are out of order");
            }
        }
        return {};
    }

private:
    Result<void> checkGrid(const Chunked &data) const
    {
        std::optional<std::uint64_t> bytes = m_width;
        bool fits = m_width > 0 && data.extents.size() == m_dataset.shape.size() &&
                    data.filters.size() <= kMostFilters;
        for (const std::uint64_t extent : data.extents) {
            bytes = bytes ? product(*bytes, extent) : bytes;
            fits = fits && extent > 0;
        }
        // What is never unpacked may be of any size: a dataset without data is one such chunk.
        const bool isUnpacked = !data.chunks.empty();
        if (!fits || (isUnpacked && bytes.value_or(kMostChunkBytes + 1) > kMostChunkBytes)) {
            return badFormat("the shape of its chunks is damaged");
        }
        return {};
    }

    const Dataset &m_dataset;
    std::uint64_t m_fileSize;
    std::uint64_t m_elements;
    std::uint64_t m_width;
};

} // namespace

Result<void> checkDataset(const Dataset &dataset, std::uint64_t fileSize)
{
    if (std::holds_alternative<Unusable>(dataset.data)) {
        return {};
    }
    const bool isText = dataset.stored == DType::String;
    const std::size_t width = dataset.stored <= DType::String ? bitWidth(dataset.stored) / 8 : 0;
    if (isText != (width == 0) || (isText && !std::holds_alternative<Inline>(dataset.data))) {
        return badFormat("its element type is damaged");
    }
    if (dataset.shape.size() > kMostRank || !elementCount(dataset.shape)) {
        return Error{ErrorCode::Limit, "its shape is too large"};
    }
    if (!dataset.fill.empty() && dataset.fill.size() != width) {
        return badFormat("its fill value is damaged");
    }
    return std::visit(DataCheck(dataset, fileSize), dataset.data);
}

} // namespace syncpoint::hdf5
