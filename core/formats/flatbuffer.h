#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <flatbuffers/flatbuffers.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// Checks a flatbuffer as a whole before its first use: every table, string and list lies inside
/// the file; nesting and the number of tables are bounded.
inline flatbuffers::Verifier flatbufferVerifier(std::span<const std::byte> bytes)
{
    constexpr flatbuffers::uoffset_t kDeepestTable = 32;
    constexpr flatbuffers::uoffset_t kMostTables = 500'000;
    // Offsets have 31 bits: what lies beyond is reached by the format's own means.
    const std::size_t size = std::min<std::size_t>(bytes.size(), FLATBUFFERS_MAX_BUFFER_SIZE - 1);
    return {reinterpret_cast<const std::uint8_t *>(bytes.data()), size, kDeepestTable, kMostTables};
}

/// The root of the flatbuffer at the start of `bytes` (which are 8-byte aligned); null when it does
/// not pass the check. `identifier` has four letters or is null for formats that have none.
template <typename Root>
const Root *checkedFlatbuffer(std::span<const std::byte> bytes, const char *identifier)
{
    return flatbufferVerifier(bytes).VerifyBuffer<Root>(identifier)
               ? flatbuffers::GetRoot<Root>(bytes.data())
               : nullptr;
}

/// An optional string; empty when it is absent.
inline std::string_view textOf(const flatbuffers::String *text)
{
    return text == nullptr ? std::string_view{} : std::string_view(text->c_str(), text->size());
}

/// Its start as a text of its own, for names that a damaged file may stretch.
inline std::string shortText(const flatbuffers::String *text, std::size_t mostBytes = 200)
{
    return std::string(textOf(text).substr(0, mostBytes));
}

template <typename T>
std::size_t countOf(const flatbuffers::Vector<T> *list)
{
    return list == nullptr ? 0 : list->size();
}

/// An optional list of numbers as `Out`. Byte by byte, for the check leaves open whether elements
/// of eight bytes are aligned.
template <typename Out, typename T>
std::vector<Out> numbersOf(const flatbuffers::Vector<T> *list)
{
    std::vector<Out> numbers(countOf(list));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        T number;
        std::memcpy(&number, list->Data() + i * sizeof(T), sizeof(T));
        numbers[i] = static_cast<Out>(number);
    }
    return numbers;
}

inline std::span<const std::byte> bytesOf(const flatbuffers::Vector<std::uint8_t> *list)
{
    return list == nullptr ? std::span<const std::byte>{}
                           : std::as_bytes(std::span(list->Data(), list->size()));
}

} // namespace syncpoint
