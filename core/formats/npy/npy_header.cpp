#include "core/formats/npy/npy_header.h"

#include "core/base/byte_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <string>

namespace syncpoint {
namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kMostHeaderBytes = std::size_t{1} << 20U;
constexpr std::size_t kMostRank = 64; // numpy's own limit

Error badHeader(std::string what)
{
    return {ErrorCode::BadFormat, "the .npy header " + std::move(what)};
}

/// The header is a Python dictionary literal; this reads the subset that numpy writes.
class LiteralReader
{
public:
    explicit LiteralReader(std::string_view text) : m_text(text) {}

    bool take(char expected)
    {
        skipSpace();
        if (m_at < m_text.size() && m_text[m_at] == expected) {
            ++m_at;
            return true;
        }
        return false;
    }
    std::optional<std::string_view> string()
    {
        skipSpace();
        if (m_at >= m_text.size() || (m_text[m_at] != '\'' && m_text[m_at] != '"')) {
            return std::nullopt;
        }
        const std::size_t end = m_text.find(m_text[m_at], m_at + 1);
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        const auto text = m_text.substr(m_at + 1, end - m_at - 1);
        m_at = end + 1;
        return text;
    }
    std::optional<bool> boolean()
    {
        skipSpace();
        for (const auto &[word, value] : {std::pair{std::string_view("True"), true},
                                          std::pair{std::string_view("False"), false}}) {
            if (m_text.substr(m_at).starts_with(word)) {
                m_at += word.size();
                return value;
            }
        }
        return std::nullopt;
    }
    std::optional<std::int64_t> integer()
    {
        skipSpace();
        std::int64_t value = 0;
        const auto [end, problem] =
            std::from_chars(m_text.data() + m_at, m_text.data() + m_text.size(), value);
        if (problem != std::errc{}) {
            return std::nullopt;
        }
        m_at = static_cast<std::size_t>(end - m_text.data());
        take('L'); // Python 2 wrote long integers so
        return value;
    }
    std::optional<Shape> shape()
    {
        Shape extents;
        if (!take('(')) {
            return std::nullopt;
        }
        while (!take(')')) {
            const auto extent = integer();
            if (!extent || *extent < 0 || extents.size() == kMostRank) {
                return std::nullopt;
            }
            extents.push_back(*extent);
            if (!take(',')) {
                return take(')') ? std::optional(extents) : std::nullopt;
            }
        }
        return extents;
    }

private:
    void skipSpace()
    {
        while (m_at < m_text.size() &&
               (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\t')) {
            ++m_at;
        }
    }
    std::string_view m_text;
    std::size_t m_at = 0;
};

struct TypeCode
{
    std::string_view code;
    DType dtype;
};

constexpr std::array kTypeCodes{
    TypeCode{"f2", DType::Float16},   TypeCode{"f4", DType::Float32},
    TypeCode{"f8", DType::Float64},   TypeCode{"i1", DType::Int8},
    TypeCode{"i2", DType::Int16},     TypeCode{"i4", DType::Int32},
    TypeCode{"i8", DType::Int64},     TypeCode{"u1", DType::UInt8},
    TypeCode{"u2", DType::UInt16},    TypeCode{"u4", DType::UInt32},
    TypeCode{"u8", DType::UInt64},    TypeCode{"b1", DType::Bool},
    TypeCode{"c8", DType::Complex64}, TypeCode{"c16", DType::Complex128},
};

Result<DType> dtypeOf(std::string_view description)
{
    const std::string_view code =
        description.find_first_of("<>|=") == 0 ? description.substr(1) : description;
    for (const TypeCode &known : kTypeCodes) {
        if (known.code == code) {
            return known.dtype;
        }
    }
    if (code.starts_with('O')) {
        return Error{ErrorCode::Unsupported,
                     "the array holds Python objects, which are pickles and never loaded"};
    }
    if (code.starts_with('V')) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("the array's type '{}' does not say what its bytes mean; save "
                                 "bfloat16 and float8 as a dump or as float32",
                                 description)};
    }
    return Error{ErrorCode::Unsupported,
                 fmt::format("the array's type '{}' is no number", description.substr(0, 32))};
}

Result<void> readField(LiteralReader &reader, std::string_view key, NpyHeader &header, int &fields)
{
    if (key == "descr") {
        const auto description = reader.string();
        if (!description) {
            return Error{ErrorCode::Unsupported, "the array is structured, not of one number type"};
        }
        const auto dtype = dtypeOf(*description);
        if (!dtype) {
            return dtype.error();
        }
        header.dtype = *dtype;
        header.bigEndian = description->starts_with('>');
        fields |= 1;
    } else if (key == "fortran_order") {
        const auto value = reader.boolean();
        if (!value) {
            return badHeader("has a damaged 'fortran_order'");
        }
        header.columnMajor = *value;
        fields |= 2;
    } else if (key == "shape") {
        auto value = reader.shape();
        if (!value) {
            return badHeader("has a damaged 'shape'");
        }
        header.shape = std::move(*value);
        fields |= 4;
    } else {
        return badHeader(fmt::format("has an unknown key '{}'", key.substr(0, 32)));
    }
    return {};
}

} // namespace

Result<std::size_t> npyHeaderSize(std::span<const std::byte> start)
{
    ByteReader reader(start);
    const auto magic = reader.readBytes(kMagic.size());
    if (!magic || asText(*magic) != kMagic) {
        return Error{ErrorCode::BadFormat, "this is no .npy array"};
    }
    const auto major = reader.read<std::uint8_t>();
    const auto minor = reader.read<std::uint8_t>();
    if (!major || !minor) {
        return badHeader("is cut off");
    }
    if (*major < 1 || *major > 3) {
        return Error{ErrorCode::Unsupported, fmt::format("version {} of .npy is unknown", *major)};
    }
    std::optional<std::size_t> length;
    if (*major == 1) {
        length = reader.read<std::uint16_t>();
    } else {
        length = reader.read<std::uint32_t>();
    }
    if (!length) {
        return badHeader("is cut off");
    }
    if (*length > kMostHeaderBytes) {
        return Error{ErrorCode::Limit, fmt::format("the .npy header claims {} bytes", *length)};
    }
    return reader.position() + *length;
}

Result<NpyHeader> readNpyHeader(std::span<const std::byte> start)
{
    const auto size = npyHeaderSize(start);
    if (!size) {
        return size.error();
    }
    if (*size > start.size()) {
        return badHeader("is cut off");
    }
    constexpr std::size_t kVersionAt = 6;
    const std::size_t textAt = start[kVersionAt] == std::byte{1} ? 10 : 12;
    LiteralReader reader(asText(start.subspan(textAt, *size - textAt)));
    NpyHeader header;
    header.dataOffset = *size;
    int fields = 0;
    if (!reader.take('{')) {
        return badHeader("is no dictionary");
    }
    while (!reader.take('}')) {
        const auto key = reader.string();
        if (!key || !reader.take(':')) {
            return badHeader("is damaged");
        }
        if (auto done = readField(reader, *key, header, fields); !done) {
            return done.error();
        }
        reader.take(',');
    }
    constexpr int kAllFields = 7;
    if (fields != kAllFields) {
        return badHeader("lacks 'descr', 'fortran_order' or 'shape'");
    }
    const auto elements = elementCount(header.shape);
    if (!elements || !storageBytes(header.dtype, *elements)) {
        return Error{ErrorCode::Limit, "the array's shape is too large"};
    }
    return header;
}

} // namespace syncpoint
