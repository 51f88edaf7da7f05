#include "core/formats/hdf5/hdf5_store.h"

#include "core/tensor/packed_elements.h"

#include <fmt/format.h>
#include <new>

namespace syncpoint::hdf5 {
namespace {

/// Elements stored one per byte, packed again.
Result<Tensor> packed(const Tensor &bytes, TensorInfo info)
{
    const std::size_t bits = bitWidth(info.dtype);
    const unsigned mask = (1U << bits) - 1U;
    const auto size = storageBytes(info.dtype, bytes.elements());
    try {
        std::vector<std::byte> result(size.value_or(0));
        const auto from = bytes.bytes();
        for (std::size_t i = 0; i < from.size(); ++i) {
            const unsigned element = std::to_integer<unsigned>(from[i]) & mask;
            addPackedElement(result.data(), i, bits, element);
        }
        return Tensor::fromBytes(std::move(info), std::move(result));
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit, "not enough memory"};
    }
}

/// Stored elements seen as what the dump says they are.
Result<Tensor> presented(Tensor stored, TensorInfo info)
{
    if (bitWidth(info.dtype) < 8 && info.dtype != DType::String) {
        return packed(stored, std::move(info));
    }
    const auto bytes = stored.bytes();
    return Tensor::wrap(std::move(info), bytes, std::make_shared<const Tensor>(std::move(stored)));
}

} // namespace

Hdf5TensorStore::Hdf5TensorStore(std::shared_ptr<const InputFile> file, std::vector<Item> items)
    : m_file(std::move(file))
{
    m_entries.reserve(items.size());
    m_datasets.reserve(items.size());
    for (Item &item : items) {
        m_entries.push_back(std::move(item.entry));
        m_datasets.push_back(item.dataset);
    }
    buildIndex();
}

Result<Tensor> Hdf5TensorStore::read(TensorId id) const
{
    const TensorInfo &info = m_entries[id.index()].info;
    auto stored = m_file->read(m_datasets[id.index()], 0, info.elements());
    if (!stored) {
        return named(stored.error(), id);
    }
    auto tensor = presented(std::move(stored).value(), info);
    return tensor ? tensor : named(tensor.error(), id);
}

Result<Tensor> Hdf5TensorStore::readRange(TensorId id, std::uint64_t first,
                                          std::uint64_t count) const
{
    auto stored = m_file->read(m_datasets[id.index()], first, count);
    if (!stored) {
        return named(stored.error(), id);
    }
    TensorInfo info{m_entries[id.index()].info.dtype, {static_cast<std::int64_t>(count)}, nullptr};
    auto tensor = presented(std::move(stored).value(), std::move(info));
    return tensor ? tensor : named(tensor.error(), id);
}

void Hdf5TensorStore::release(TensorId id, std::uint64_t first, std::uint64_t count) const
{
    m_file->release(m_datasets[id.index()], first, count);
}

Error Hdf5TensorStore::named(const Error &error, TensorId id) const
{
    return error.withContext(
        fmt::format("reading '{}' from {}", m_entries[id.index()].name, m_file->path().string()));
}

} // namespace syncpoint::hdf5
