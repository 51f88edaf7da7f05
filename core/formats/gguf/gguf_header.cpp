#include "core/formats/gguf/gguf_header.h"

#include "core/base/byte_reader.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::uint32_t kText = 8, kList = 9; // types of facts
constexpr std::uint32_t kUInt32 = 4;
constexpr std::size_t kLongestName = 4096;

Error truncated()
{
    return {ErrorCode::BadFormat, "the file ends inside its header"};
}

std::optional<std::string_view> readText(ByteReader &reader)
{
    const auto length = reader.read<std::uint64_t>();
    const auto bytes = length ? reader.readBytes(*length) : std::nullopt;
    return bytes ? std::optional(asText(*bytes)) : std::nullopt;
}

/// Bytes of a fact of this type; 0 for texts, lists and unknown types.
std::uint64_t sizeOfFact(std::uint32_t type)
{
    constexpr std::array<std::uint64_t, 13> kSizes{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    return type < kSizes.size() ? kSizes[type] : 0;
}

bool skipList(ByteReader &reader)
{
    const auto type = reader.read<std::uint32_t>();
    const auto count = reader.read<std::uint64_t>();
    if (!type || !count || *count > reader.remaining()) {
        return false;
    }
    if (*type == kText) {
        for (std::uint64_t i = 0; i < *count; ++i) {
            if (!readText(reader)) {
                return false;
            }
        }
        return true;
    }
    const std::uint64_t size = sizeOfFact(*type);
    return size != 0 && reader.readBytes(*count * size).has_value();
}

class HeaderReader
{
public:
    explicit HeaderReader(std::span<const std::byte> file) : m_file(file), m_reader(file) {}

    Result<GgufHeader> read()
    {
        constexpr std::uint32_t kMagic = 0x46554747; // "GGUF"
        const auto magic = m_reader.read<std::uint32_t>();
        const auto version = m_reader.read<std::uint32_t>();
        const auto tensors = m_reader.read<std::uint64_t>();
        const auto facts = m_reader.read<std::uint64_t>();
        if (!magic || *magic != kMagic) {
            return Error{ErrorCode::BadFormat, "not a GGUF file"};
        }
        if (!version || !tensors || !facts) {
            return truncated();
        }
        if (*version != 2 && *version != 3) {
            return Error{ErrorCode::Unsupported,
                         fmt::format("GGUF version {} is not read", *version)};
        }
        for (std::uint64_t i = 0; i < *facts; ++i) {
            if (auto done = readFact(); !done) {
                return done.error().withContext(fmt::format("fact {}", i));
            }
        }
        for (std::uint64_t i = 0; i < *tensors; ++i) {
            if (auto done = readTensor(); !done) {
                return done.error().withContext(fmt::format("tensor {}", i));
            }
        }
        return place();
    }

private:
    Result<void> readFact()
    {
        const auto key = readText(m_reader);
        const auto type = m_reader.read<std::uint32_t>();
        if (!key || !type) {
            return truncated();
        }
        if (*type == kText) {
            const auto text = readText(m_reader);
            if (!text) {
                return truncated();
            }
            if (*key == "general.name") {
                m_header.model = text->substr(0, kLongestName);
            }
            return {};
        }
        if (*type == kList) {
            return skipList(m_reader) ? Result<void>{} : truncated();
        }
        if (*type == kUInt32 && *key == "general.alignment") {
            const auto alignment = m_reader.read<std::uint32_t>();
            if (!alignment || *alignment == 0) {
                return Error{ErrorCode::BadFormat, "its alignment is no number above zero"};
            }
            m_alignment = *alignment;
            return {};
        }
        const std::uint64_t size = sizeOfFact(*type);
        if (size == 0) {
            return Error{ErrorCode::BadFormat, fmt::format("facts of type {} are unknown", *type)};
        }
        return m_reader.readBytes(size) ? Result<void>{} : truncated();
    }

    Result<void> readTensor()
    {
        constexpr std::uint32_t kMostAxes = 8;
        GgufTensor tensor;
        const auto name = readText(m_reader);
        const auto rank = m_reader.read<std::uint32_t>();
        if (!name || !rank) {
            return truncated();
        }
        if (*rank > kMostAxes) {
            return Error{ErrorCode::BadFormat, fmt::format("it has {} axes", *rank)};
        }
        tensor.name = *name;
        for (std::uint32_t i = 0; i < *rank; ++i) {
            const auto extent = m_reader.read<std::int64_t>();
            if (!extent) {
                return truncated();
            }
            tensor.shape.push_back(*extent);
        }
        std::reverse(tensor.shape.begin(), tensor.shape.end());
        const auto type = m_reader.read<std::uint32_t>();
        const auto offset = m_reader.read<std::uint64_t>();
        if (!type || !offset) {
            return truncated();
        }
        tensor.type = *type;
        tensor.begin = *offset;
        m_header.tensors.push_back(std::move(tensor));
        return {};
    }

    /// Offsets count from the first aligned byte behind the header.
    Result<GgufHeader> place()
    {
        const std::uint64_t end = m_reader.position();
        const std::uint64_t start = (end + m_alignment - 1) / m_alignment * m_alignment;
        for (GgufTensor &tensor : m_header.tensors) {
            if (start > m_file.size() || tensor.begin > m_file.size() - start) {
                return Error{ErrorCode::BadFormat,
                             fmt::format("tensor '{}' lies behind the end of the file",
                                         tensor.name.substr(0, 80))};
            }
            tensor.begin += start;
        }
        return std::move(m_header);
    }

    std::span<const std::byte> m_file;
    ByteReader m_reader;
    GgufHeader m_header;
    std::uint64_t m_alignment = 32;
};
} // namespace

Result<GgufHeader> readGgufHeader(std::span<const std::byte> file)
{
    return HeaderReader(file).read();
}

} // namespace syncpoint
