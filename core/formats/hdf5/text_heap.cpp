#include "core/formats/hdf5/text_heap.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace syncpoint::hdf5 {

void TextHeap::add(std::string_view bytes)
{
    if (bytes.empty() || m_places.find(bytes) != m_places.end()) {
        return;
    }
    m_new.push_back(m_places.try_emplace(std::string(bytes)).first);
}

Result<void> TextHeap::write(FileSink &sink)
{
    constexpr std::size_t kMostObjects = 1U << 15U; // their numbers have 16 bits
    const auto objects = std::exchange(m_new, {});
    for (std::size_t first = 0; first < objects.size(); first += kMostObjects) {
        const std::size_t count = std::min(kMostObjects, objects.size() - first);
        if (auto done = writeCollection(std::span(objects).subspan(first, count), sink); !done) {
            return done;
        }
    }
    return {};
}

/// Specification, III.E.
Result<void> TextHeap::writeCollection(std::span<const Places::iterator> objects, FileSink &sink)
{
    constexpr std::uint8_t kVersion = 1;
    constexpr std::uint16_t kReferences = 1, kFreeSpace = 0;
    constexpr std::uint64_t kHeader = 16, kSmallest = 4096, kUnit = 8;
    ByteWriter content;
    std::uint32_t number = 0;
    for (const auto &object : objects) {
        const std::string &bytes = object->first;
        object->second.number = ++number;
        content.put(static_cast<std::uint16_t>(number)).put(kReferences).put(std::uint32_t{0});
        content.put(std::uint64_t{bytes.size()}).put(std::string_view(bytes)).pad(kUnit);
    }
    const std::uint64_t used = kHeader + content.size();
    const std::uint64_t size = std::max(kSmallest, used + kHeader);
    ByteWriter out;
    out.put(std::string_view("GCOL")).put(kVersion).pad(kUnit).put(size).put(content.bytes());
    out.put(kFreeSpace).put(std::uint16_t{0}).put(std::uint32_t{0}).put(size - used);
    out.put(std::vector<std::byte>(size - out.size()));
    const auto place = sink.append(out.bytes(), kUnit);
    if (!place) {
        return place.error();
    }
    for (const auto &object : objects) {
        object->second.collection = *place;
    }
    return {};
}

std::vector<std::byte> TextHeap::reference(std::string_view bytes, std::size_t items) const
{
    ByteWriter out;
    if (bytes.empty()) {
        constexpr std::uint64_t kNothing = 0;
        out.put(std::uint32_t{0}).put(kNothing).put(std::uint32_t{0});
        return {out.bytes().begin(), out.bytes().end()};
    }
    const auto found = m_places.find(bytes);
    assert(found != m_places.end() && found->second.collection != kNoAddress);
    out.put(static_cast<std::uint32_t>(items));
    out.put(found->second.collection).put(found->second.number);
    return {out.bytes().begin(), out.bytes().end()};
}

} // namespace syncpoint::hdf5
