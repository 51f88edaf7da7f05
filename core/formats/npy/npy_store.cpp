#include "core/formats/npy/npy_store.h"

#include "core/formats/npy/npy_loader.h"

#include <fmt/format.h>
#include <fstream>

namespace syncpoint {
NpyTensorStore::NpyTensorStore(std::filesystem::path path, std::vector<NpyItem> items)
    : m_path(std::move(path)), m_items(std::move(items))
{
    m_entries.reserve(m_items.size());
    for (NpyItem &item : m_items) {
        m_entries.push_back(std::move(item.entry));
    }
    buildIndex();
}

Result<Tensor> NpyTensorStore::read(TensorId id) const
{
    if (auto tensor = m_kept.find(id)) {
        return std::move(*tensor);
    }
    auto bytes = m_items[id.index()].open();
    if (!bytes) {
        return named(bytes.error(), id);
    }
    auto tensor = parseNpy(bytes->bytes, bytes->owner);
    if (!tensor) {
        return named(tensor.error(), id);
    }
    const TensorInfo &expected = m_entries[id.index()].info;
    if (tensor->info().dtype != expected.dtype || tensor->info().shape != expected.shape) {
        return named({ErrorCode::BadFormat, "the array changed while it was in use"}, id);
    }
    return tensor;
}

Result<Tensor> NpyTensorStore::readRange(TensorId id, std::uint64_t first,
                                         std::uint64_t count) const
{
    auto whole = read(id);
    if (!whole) {
        return whole;
    }
    if (!m_items[id.index()].mapping) {
        m_kept.keep(id, *whole);
    }
    auto part = whole->range(first, count);
    return part ? part : named(part.error(), id);
}

void NpyTensorStore::release(TensorId id, std::uint64_t first, std::uint64_t count) const
{
    const std::uint64_t all = m_entries[id.index()].info.elements();
    if (first > all || count > all - first) {
        return;
    }
    if (const auto &mapping = m_items[id.index()].mapping) {
        if (const auto part = readRange(id, first, count)) {
            mapping->release(part->bytes());
        }
        return;
    }
    if (first + count == all) {
        m_kept.forget(id);
    }
}

Error NpyTensorStore::named(const Error &error, TensorId id) const
{
    return error.withContext(
        fmt::format("reading '{}' from {}", m_entries[id.index()].name, m_path.string()));
}

TensorEntry npyEntry(std::string name, const NpyHeader &header)
{
    TensorEntry entry;
    entry.name = std::move(name);
    entry.info = {header.dtype, header.shape, nullptr};
    return entry;
}

bool isUsableInPlace(const NpyHeader &header)
{
    return !header.bigEndian && !header.columnMajor;
}

Result<NpyHeader> readNpyHeaderOfFile(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::vector<std::byte> start(kNpyPreambleSize);
    const auto fill = [&file, &start](std::size_t from) {
        file.read(reinterpret_cast<char *>(start.data()) + from,
                  static_cast<std::streamsize>(start.size() - from));
        start.resize(from + static_cast<std::size_t>(file.gcount()));
    };
    if (!file) {
        return Error{ErrorCode::Io, fmt::format("cannot open {}", path.string())};
    }
    fill(0);
    const auto size = npyHeaderSize(start);
    if (!size) {
        return size.error();
    }
    const std::size_t have = start.size();
    if (*size > have) {
        start.resize(*size);
        fill(have);
    }
    auto header = readNpyHeader(start);
    if (!header) {
        return header;
    }
    std::error_code problem;
    const std::uintmax_t fileSize = std::filesystem::file_size(path, problem);
    const auto needed = storageBytes(header->dtype, elementCount(header->shape).value_or(0));
    if (problem || fileSize - header->dataOffset < needed.value_or(0)) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("the array is cut off: {} {} needs {} bytes, {} are there",
                                 dtypeName(header->dtype), toText(header->shape),
                                 needed.value_or(0), problem ? 0 : fileSize - header->dataOffset)};
    }
    return header;
}

NpyItem npyFileItem(std::string name, const std::filesystem::path &path, const NpyHeader &header)
{
    NpyItem item;
    item.entry = npyEntry(std::move(name), header);
    item.open = [path]() -> Result<OwnedBytes> {
        const auto file = MappedFile::open(path);
        if (!file) {
            return file.error();
        }
        return OwnedBytes{(*file)->bytes(), *file};
    };
    return item;
}

} // namespace syncpoint
