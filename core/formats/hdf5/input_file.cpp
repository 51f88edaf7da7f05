#include "core/formats/hdf5/input_file.h"

#include "core/formats/hdf5/child.h"
#include "core/formats/hdf5/chunked_reader.h"
#include "core/formats/hdf5/lister.h"
#include "core/formats/hdf5/own_lister.h"

#include <algorithm>
#include <fmt/format.h>
#include <new>

namespace syncpoint::hdf5 {
namespace {

constexpr std::uint64_t kMostDeclaredBytes = std::uint64_t{64} << 30U;
/// Deflate cannot do better than 1032:1. What goes beyond was never written, or is a bomb.
constexpr std::uint64_t kMostDeclaredRatio = 1100;
constexpr std::uint64_t kAlwaysAllowed = std::uint64_t{64} << 20U;

std::uint64_t elementsOf(const Dataset &dataset)
{
    return elementCount(dataset.shape).value_or(0);
}

std::uint64_t widthOf(const Dataset &dataset)
{
    return bitWidth(dataset.stored) / 8;
}

/// Also when only a part is asked for: nothing of such a dataset is worth showing.
Result<void> checkDeclaredSize(const Dataset &dataset, const Chunked &data, std::uint64_t fileSize)
{
    std::uint64_t held = 0;
    for (const Chunk &chunk : data.chunks) {
        held = std::min(held + chunk.bytes, fileSize); // damaged chunks may overlap
    }
    const std::uint64_t width = widthOf(dataset);
    const std::uint64_t elements = elementsOf(dataset);
    const bool isTooLarge = elements > kMostDeclaredBytes / width;
    if (isTooLarge ||
        (elements * width > kAlwaysAllowed && elements * width / kMostDeclaredRatio > held)) {
        return Error{ErrorCode::Limit,
                     fmt::format("it declares {} elements, but the file holds {} bytes for them",
                                 elements, held)};
    }
    return {};
}

void swapBytes(std::span<std::byte> bytes, std::size_t width)
{
    for (auto element = bytes.begin(); element != bytes.end();) {
        const auto next = element + static_cast<std::ptrdiff_t>(width);
        std::reverse(element, next);
        element = next;
    }
}

/// Reads a part of one dataset.
class PartReader
{
public:
    PartReader(const Dataset &dataset, std::size_t number,
               const std::shared_ptr<const MappedFile> &mapping, ChunkCache &cache,
               ElementRange range)
        : m_dataset(dataset), m_number(number), m_mapping(mapping), m_cache(cache), m_range(range)
    {
    }

    Result<Tensor> operator()(const Unusable &data) const
    {
        return Error{ErrorCode::BadFormat, data.why};
    }
    Result<Tensor> operator()(const Inline &data) const
    {
        if (m_dataset.stored != DType::String) {
            const auto part = std::span(data.bytes).subspan(begin(), size());
            return copied({part.begin(), part.end()});
        }
        const auto all = static_cast<std::int64_t>(elementsOf(m_dataset));
        auto whole = Tensor::fromBytes({DType::String, {all}, nullptr}, data.bytes);
        return whole ? whole->range(m_range.first, count()) : whole;
    }
    Result<Tensor> operator()(const Contiguous &data) const
    {
        const auto part = m_mapping->bytes().subspan(data.offset + begin(), size());
        return m_dataset.bigEndian ? copied({part.begin(), part.end()})
                                   : Tensor::wrap(info(), part, m_mapping);
    }
    Result<Tensor> operator()(const Chunked &data) const
    {
        const auto file = m_mapping->bytes();
        if (auto allowed = checkDeclaredSize(m_dataset, data, file.size()); !allowed) {
            return allowed.error();
        }
        std::vector<std::byte> bytes(size());
        if (auto done = readChunked(m_dataset, m_number, file, m_cache, m_range, bytes); !done) {
            return done.error();
        }
        return copied(std::move(bytes));
    }

private:
    std::uint64_t count() const { return m_range.last - m_range.first; }
    std::uint64_t begin() const { return m_range.first * widthOf(m_dataset); }
    std::uint64_t size() const { return count() * widthOf(m_dataset); }
    TensorInfo info() const
    {
        return {m_dataset.stored, {static_cast<std::int64_t>(count())}, nullptr};
    }
    Result<Tensor> copied(std::vector<std::byte> bytes) const
    {
        if (m_dataset.bigEndian) {
            swapBytes(bytes, widthOf(m_dataset));
        }
        return Tensor::fromBytes(info(), std::move(bytes));
    }

    const Dataset &m_dataset;
    std::size_t m_number;
    const std::shared_ptr<const MappedFile> &m_mapping;
    ChunkCache &m_cache;
    ElementRange m_range;
};

Result<Listing> listInChild(std::span<const std::byte> file, const JobContext &job)
{
    // Listing takes far less than a second per megabyte of file.
    const std::chrono::seconds time(2 + (file.size() >> 20U));
    const auto bytes = outputOfChild([file] { return toBytes(listFile(file)); }, time, job);
    return bytes ? listingFromBytes(*bytes) : bytes.error();
}

} // namespace

Result<std::shared_ptr<const InputFile>> InputFile::open(const std::filesystem::path &path,
                                                         const JobContext &job)
{
    auto mapping = MappedFile::open(path);
    if (!mapping) {
        return mapping.error();
    }
    const auto file = (*mapping)->bytes();
    auto own = listOwnDump(file);
    auto listing = own ? *std::move(own) : listInChild(file, job);
    if (!listing) {
        return listing.error();
    }
    return std::shared_ptr<const InputFile>(
        new InputFile(std::move(mapping).value(), checked(*std::move(listing), file.size())));
}

InputFile::InputFile(std::shared_ptr<const MappedFile> mapping, Listing listing)
    : m_mapping(std::move(mapping)), m_listing(std::move(listing))
{
}

Result<Tensor> InputFile::read(std::size_t dataset, std::uint64_t first, std::uint64_t count) const
{
    const Dataset &source = m_listing.datasets[dataset];
    const std::uint64_t all = elementsOf(source);
    if (first > all || count > all - first) {
        return Error{ErrorCode::BadInput,
                     fmt::format("elements {} to {} of a tensor of {}", first, first + count, all)};
    }
    try {
        return std::visit(PartReader(source, dataset, m_mapping, m_cache, {first, first + count}),
                          source.data);
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit, fmt::format("not enough memory for {} elements", count)};
    }
}

void InputFile::release(std::size_t dataset, std::uint64_t first, std::uint64_t count) const
{
    const Dataset &source = m_listing.datasets[dataset];
    const std::uint64_t all = elementsOf(source);
    const std::uint64_t width = widthOf(source);
    if (first > all || count > all - first) {
        return;
    }
    const auto file = m_mapping->bytes();
    if (const auto *data = std::get_if<Contiguous>(&source.data)) {
        m_mapping->release(file.subspan(data->offset + first * width, count * width));
    } else if (const auto *chunks = std::get_if<Chunked>(&source.data);
               chunks != nullptr && first + count == all) {
        m_cache.drop(dataset);
        for (const Chunk &chunk : chunks->chunks) {
            m_mapping->release(file.subspan(chunk.offset, chunk.bytes));
        }
    }
}

} // namespace syncpoint::hdf5
