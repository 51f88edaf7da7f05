#include "core/formats/hdf5/dataset.h"

#include "core/formats/hdf5/selection.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <new>

namespace syncpoint::hdf5 {
namespace {

constexpr std::size_t kMostOpenDatasets = 4;
constexpr std::size_t kChunkCacheBytes = std::size_t{32} << 20U;
constexpr std::size_t kMostChunkCacheBytes = std::size_t{256} << 20U;
constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 30U;
/// Deflate cannot do better than 1032:1. What goes beyond was never written, or is a bomb.
constexpr std::uint64_t kMostRatio = 1100;
constexpr std::uint64_t kAlwaysAllowed = std::uint64_t{64} << 20U;

std::string because(const std::string &problem)
{
    return problem.empty() ? std::string{} : " (" + problem + ")";
}

Result<Shape> shapeOf(hid_t dataset)
{
    const Handle space{H5Dget_space(dataset), H5Sclose};
    const int rank = space ? H5Sget_simple_extent_ndims(space.get()) : -1;
    if (rank < 0 || H5Sget_simple_extent_type(space.get()) == H5S_NULL) {
        return Error{ErrorCode::Unsupported, "it has no shape"};
    }
    std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
    if (H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr) < 0) {
        return Error{ErrorCode::BadFormat, "its shape cannot be read" + because(lastProblem())};
    }
    const Shape shape(extents.begin(), extents.end());
    if (!elementCount(shape)) {
        return Error{ErrorCode::Limit, "its shape is too large"};
    }
    return shape;
}

/// How the data lies; nothing when it is in other files, which a foreign dump could point anywhere.
std::optional<H5D_layout_t> layoutHere(hid_t dataset)
{
    const Handle properties{H5Dget_create_plist(dataset), H5Pclose};
    const H5D_layout_t layout = properties ? H5Pget_layout(properties.get()) : H5D_LAYOUT_ERROR;
    const bool isElsewhere = layout == H5D_LAYOUT_ERROR || layout == H5D_VIRTUAL ||
                             H5Pget_external_count(properties.get()) != 0;
    return isElsewhere ? std::nullopt : std::optional(layout);
}

std::size_t chunkBytes(hid_t dataset, std::size_t elementBytes)
{
    const Handle properties{H5Dget_create_plist(dataset), H5Pclose};
    hsize_t extents[H5S_MAX_RANK] = {};
    const int rank = properties && H5Pget_layout(properties.get()) == H5D_CHUNKED
                         ? H5Pget_chunk(properties.get(), H5S_MAX_RANK, extents)
                         : 0;
    std::size_t bytes = rank > 0 ? elementBytes : 0;
    for (int i = 0; i < rank; ++i) {
        if (__builtin_mul_overflow(bytes, extents[i], &bytes)) {
            return std::numeric_limits<std::size_t>::max();
        }
    }
    return bytes;
}

/// Access with a cache that holds at least one chunk; a larger one would be unpacked per read.
Handle accessWithCache(std::size_t chunk)
{
    constexpr std::size_t kSlots = 12421; // a prime, about 100 times the chunks that fit
    const std::size_t bytes = std::clamp(chunk, kChunkCacheBytes, kMostChunkCacheBytes);
    Handle access{H5Pcreate(H5P_DATASET_ACCESS), H5Pclose};
    static_cast<void>(H5Pset_chunk_cache(access.get(), kSlots, bytes, 1.0));
    return access;
}

Result<void> checkDeclaredSize(std::uint64_t bytes, std::uint64_t bytesInFile)
{
    const bool implausible = bytes > kAlwaysAllowed && bytes / kMostRatio > bytesInFile;
    if (bytes > kMostBytes || implausible) {
        return Error{
            ErrorCode::Limit,
            fmt::format("it declares {} bytes, but the file holds {} for it", bytes, bytesInFile)};
    }
    return {};
}

/// Text of variable or fixed length as NUL-terminated strings one after another.
Result<std::vector<std::byte>> joinStrings(hid_t dataset, const ElementType &type,
                                           std::uint64_t count)
{
    std::vector<std::byte> joined;
    const auto append = [&joined](const char *text, std::size_t length) {
        const auto bytes = std::as_bytes(std::span(text, length));
        joined.insert(joined.end(), bytes.begin(), bytes.end());
        joined.push_back(std::byte{0});
    };
    if (type.variableLength) {
        std::vector<char *> texts(count, nullptr);
        if (H5Dread(dataset, type.memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()) < 0) {
            return Error{ErrorCode::BadFormat, "it cannot be read" + because(lastProblem())};
        }
        for (char *text : texts) {
            append(text == nullptr ? "" : text, text == nullptr ? 0 : std::strlen(text));
            static_cast<void>(H5free_memory(text));
        }
        return joined;
    }
    const std::size_t width = H5Tget_size(type.memory.get());
    std::vector<char> texts(count * width);
    if (H5Dread(dataset, type.memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()) < 0) {
        return Error{ErrorCode::BadFormat, "it cannot be read" + because(lastProblem())};
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        append(texts.data() + i * width, ::strnlen(texts.data() + i * width, width));
    }
    return joined;
}

} // namespace

Result<std::shared_ptr<const InputFile>> InputFile::open(const std::filesystem::path &path)
{
    auto mapping = MappedFile::open(path);
    if (!mapping) {
        return mapping.error();
    }
    const LibraryLock lock;
    const Handle access{H5Pcreate(H5P_FILE_ACCESS), H5Pclose};
    // Dumps are replaced by rename, so locks protect nothing and fail on read-only mounts.
    static_cast<void>(H5Pset_file_locking(access.get(), false, true));
    static_cast<void>(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG));
    Handle file{H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose};
    if (!file) {
        const std::string problem = lastProblem();
        const bool truncated = problem.find("truncated file") != std::string::npos;
        return Error{ErrorCode::BadFormat,
                     (truncated ? "the HDF5 file is cut off" : "the HDF5 file is damaged") +
                         because(problem)};
    }
    return std::shared_ptr<const InputFile>(
        new InputFile(std::move(mapping).value(), std::move(file)));
}

InputFile::InputFile(std::shared_ptr<const MappedFile> mapping, Handle file)
    : m_mapping(std::move(mapping)), m_file(std::move(file))
{
}

InputFile::~InputFile()
{
    const LibraryLock lock;
    m_open.clear();
    static_cast<void>(m_file.close());
}

Result<DatasetInfo> InputFile::describe(hid_t dataset, std::string pathInFile) const
{
    auto shape = shapeOf(dataset);
    if (!shape) {
        return shape.error();
    }
    const auto layout = layoutHere(dataset);
    if (!layout) {
        return Error{ErrorCode::Unsupported, "its data is in another file, which is not followed"};
    }
    const Handle fileType{H5Dget_type(dataset), H5Tclose};
    const auto type = fileType ? elementTypeOf(fileType.get()) : std::nullopt;
    if (!type) {
        return Error{ErrorCode::Unsupported, "its elements are not numbers"};
    }
    DatasetInfo info{std::move(pathInFile), type->dtype, std::move(shape).value(),
                     H5Dget_storage_size(dataset), std::nullopt};
    const auto bytes = storageBytes(info.stored, elementCount(info.shape).value_or(0));
    if (type->sameInFile && bytes && layout == H5D_CONTIGUOUS) {
        const haddr_t offset = H5Dget_offset(dataset);
        if (offset != HADDR_UNDEF && (offset > size() || *bytes > size() - offset)) {
            return Error{ErrorCode::BadFormat,
                         fmt::format("its {} bytes at offset {} reach beyond the end of the file",
                                     *bytes, offset)};
        }
        if (offset != HADDR_UNDEF) {
            info.mapped = offset;
        }
    }
    return info;
}

Result<Tensor> InputFile::read(const DatasetInfo &dataset, std::uint64_t first,
                               std::uint64_t count) const
{
    const std::uint64_t all = elementCount(dataset.shape).value_or(0);
    if (first > all || count > all - first) {
        return Error{ErrorCode::BadInput,
                     fmt::format("elements {} to {} of a tensor of {}", first, first + count, all)};
    }
    return dataset.mapped ? readMapped(dataset, first, count)
                          : readThroughLibrary(dataset, first, count);
}

Result<Tensor> InputFile::readMapped(const DatasetInfo &dataset, std::uint64_t first,
                                     std::uint64_t count) const
{
    const std::size_t width = bitWidth(dataset.stored) / 8;
    return Tensor::wrap({dataset.stored, {static_cast<std::int64_t>(count)}, nullptr},
                        m_mapping->bytes().subspan(*dataset.mapped + first * width, count * width),
                        m_mapping);
}

Result<Tensor> InputFile::readThroughLibrary(const DatasetInfo &dataset, std::uint64_t first,
                                             std::uint64_t count) const
{
    const std::uint64_t all = elementCount(dataset.shape).value_or(0);
    const bool isText = dataset.stored == DType::String;
    // A string takes at least its reference; its text is bounded by the library's own heap.
    const std::uint64_t width = isText ? sizeof(char *) : bitWidth(dataset.stored) / 8;
    if (auto allowed = checkDeclaredSize(all * width, dataset.bytesInFile); !allowed) {
        return allowed.error();
    }
    TensorInfo info{dataset.stored, {static_cast<std::int64_t>(count)}, nullptr};
    try {
        const LibraryLock lock;
        const auto source = opened(dataset);
        if (!source) {
            return source.error();
        }
        const OpenDataset &open = **source;
        if (isText) {
            auto joined = joinStrings(open.dataset.get(), open.type, all);
            if (!joined) {
                return joined.error();
            }
            info.shape = {static_cast<std::int64_t>(all)};
            auto whole = Tensor::fromBytes(std::move(info), std::move(joined).value());
            return whole ? whole->range(first, count) : whole;
        }
        std::vector<std::byte> bytes(count * width);
        if (!readRange(open.dataset.get(), open.type.memory.get(), dataset.shape, first, count,
                       bytes.data(), width)) {
            return Error{ErrorCode::BadFormat, "it cannot be read" + because(lastProblem())};
        }
        return Tensor::fromBytes(std::move(info), std::move(bytes));
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit, fmt::format("not enough memory for {} elements", count)};
    }
}

Result<const InputFile::OpenDataset *> InputFile::opened(const DatasetInfo &dataset) const
{
    const auto found = std::find_if(m_open.begin(), m_open.end(), [&](const OpenDataset &open) {
        return open.path == dataset.path;
    });
    if (found != m_open.end()) {
        m_open.splice(m_open.begin(), m_open, found);
        return &m_open.front();
    }
    Handle plain{H5Dopen2(m_file.get(), dataset.path.c_str(), H5P_DEFAULT), H5Dclose};
    const Handle fileType{plain ? H5Dget_type(plain.get()) : H5I_INVALID_HID, H5Tclose};
    auto type = fileType ? elementTypeOf(fileType.get()) : std::nullopt;
    if (!type) {
        return Error{ErrorCode::BadFormat, "it cannot be opened" + because(lastProblem())};
    }
    const std::size_t chunk = chunkBytes(plain.get(), H5Tget_size(fileType.get()));
    if (auto allowed = checkDeclaredSize(chunk, dataset.bytesInFile); !allowed) {
        return allowed.error();
    }
    if (chunk > 0) {
        const Handle access = accessWithCache(chunk);
        static_cast<void>(plain.close()); // the cache's size is fixed by the first opening
        plain = Handle{H5Dopen2(m_file.get(), dataset.path.c_str(), access.get()), H5Dclose};
        if (!plain) {
            return Error{ErrorCode::BadFormat, "it cannot be opened" + because(lastProblem())};
        }
    }
    m_open.push_front({dataset.path, std::move(plain), std::move(*type)});
    if (m_open.size() > kMostOpenDatasets) {
        m_open.pop_back();
    }
    return &m_open.front();
}

void InputFile::release(const DatasetInfo &dataset, std::uint64_t first, std::uint64_t count) const
{
    const std::uint64_t all = elementCount(dataset.shape).value_or(0);
    if (first > all || count > all - first) {
        return;
    }
    if (dataset.mapped) {
        const std::size_t width = bitWidth(dataset.stored) / 8;
        m_mapping->release(
            m_mapping->bytes().subspan(*dataset.mapped + first * width, count * width));
        return;
    }
    if (first + count == all) {
        const LibraryLock lock;
        m_open.remove_if([&](const OpenDataset &open) { return open.path == dataset.path; });
    }
}

} // namespace syncpoint::hdf5
