#include "core/formats/hdf5/own_text_heap.h"

#include "core/formats/hdf5/encoded_types.h"

namespace syncpoint::hdf5 {

std::optional<Bytes> OwnTextHeap::referencedBy(Bytes reference, std::uint64_t width)
{
    FieldReader fields(reference);
    const std::uint64_t bytes = fields.take<std::uint32_t>() * width;
    const auto collection = fields.take<std::uint64_t>();
    const auto number = fields.take<std::uint32_t>();
    if (!fields.isWhole() || !m_copies.take(bytes)) {
        return std::nullopt;
    }
    if (bytes == 0) {
        return Bytes{};
    }
    const auto known = m_collections.find(collection);
    const auto objects = known == m_collections.end() ? collectionAt(collection) : &known->second;
    return objects != nullptr && number > 0 && number <= objects->size() &&
                   bytes <= (*objects)[number - 1].size()
               ? std::optional((*objects)[number - 1].first(bytes))
               : std::nullopt;
}

std::optional<std::vector<std::byte>> OwnTextHeap::textsAt(std::uint64_t address,
                                                           std::uint64_t count)
{
    std::vector<std::byte> texts;
    if (count == 0) {
        return texts;
    }
    if (address > m_file.size() || count > (m_file.size() - address) / kReferenceBytes) {
        return std::nullopt;
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto text =
            referencedBy(m_file.subspan(address + i * kReferenceBytes, kReferenceBytes), 1);
        if (!text) {
            return std::nullopt;
        }
        const auto bytes = std::as_bytes(std::span(cText(*text)));
        texts.insert(texts.end(), bytes.begin(), bytes.end());
        texts.push_back(std::byte{0});
    }
    return texts;
}

/// The objects of a collection as TextHeap writes it, by number from 1; null when it is another.
const std::vector<Bytes> *OwnTextHeap::collectionAt(std::uint64_t address)
{
    constexpr std::uint64_t kUnit = 8;
    if (address >= m_file.size()) {
        return nullptr;
    }
    FieldReader head(m_file.subspan(address));
    head.expect(std::string_view("GCOL\x01\0\0\0", 8));
    const auto size = head.take<std::uint64_t>();
    if (!head.isWhole() || size > m_file.size() - address || !m_budget.take(size)) {
        return nullptr;
    }
    std::vector<Bytes> objects;
    FieldReader fields(m_file.subspan(address, size).subspan(head.position()));
    while (const auto number = fields.take<std::uint16_t>()) { // 0: the free space, at the end
        fields.takeBytes(sizeof(std::uint16_t) + sizeof(std::uint32_t));
        const auto bytes = fields.take<std::uint64_t>();
        if (number != objects.size() + 1 || bytes > fields.remaining()) {
            return nullptr;
        }
        objects.push_back(fields.takeBytes(bytes));
        fields.takeBytes((kUnit - bytes % kUnit) % kUnit);
    }
    return fields.isWhole() ? &(m_collections[address] = std::move(objects)) : nullptr;
}

std::string_view cText(Bytes bytes)
{
    const std::string_view text = asText(bytes);
    return text.substr(0, text.find('\0'));
}

} // namespace syncpoint::hdf5
