#include "core/tensor/tensor_store.h"

namespace syncpoint {

std::optional<TensorId> TensorStore::find(std::string_view name) const
{
    const auto found = m_index.find(name);
    return found == m_index.end() ? std::nullopt : std::optional(found->second);
}

void TensorStore::buildIndex()
{
    const auto all = entries();
    m_index.reserve(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        m_index.emplace(all[i].name, TensorId{i});
    }
}

MemoryTensorStore::MemoryTensorStore(std::vector<Item> items,
                                     std::shared_ptr<const MappedFile> mapping)
    : m_mapping(std::move(mapping))
{
    m_entries.reserve(items.size());
    m_tensors.reserve(items.size());
    for (Item &item : items) {
        item.entry.info = item.tensor.info();
        m_entries.push_back(std::move(item.entry));
        m_tensors.push_back(std::move(item.tensor));
    }
    buildIndex();
}

Result<Tensor> MemoryTensorStore::read(TensorId id) const
{
    return m_tensors[id.index()];
}

Result<Tensor> MemoryTensorStore::readRange(TensorId id, std::uint64_t first,
                                            std::uint64_t count) const
{
    auto part = m_tensors[id.index()].range(first, count);
    return part ? part : part.error().withContext("tensor '" + m_entries[id.index()].name + "'");
}

void MemoryTensorStore::release(TensorId id, std::uint64_t first, std::uint64_t count) const
{
    if (!m_mapping || m_tensors[id.index()].view().deferred != nullptr) {
        return;
    }
    if (const auto part = m_tensors[id.index()].range(first, count)) {
        m_mapping->release(part->bytes());
    }
}

} // namespace syncpoint
