#include "core/formats/protobuf_cursor.h"

#include <cstring>
#include <fmt/format.h>
#include <protozero/exception.hpp>
#include <protozero/varint.hpp>

namespace syncpoint {

template <typename Read>
auto ProtobufCursor::guarded(Read read) -> decltype(read())
{
    if (m_failed) {
        return {};
    }
    try {
        return read();
    } catch (const protozero::exception &) {
        m_failed = true;
        return {};
    }
}

bool ProtobufCursor::next()
{
    return guarded([this] {
        if (!m_isRead) {
            m_reader.skip();
        }
        m_isRead = !m_reader.next();
        return !m_isRead;
    });
}

std::string_view ProtobufCursor::bytes()
{
    return guarded([this] {
        const auto view = m_reader.get_view();
        m_isRead = true;
        return std::string_view(view.data(), view.size());
    });
}

std::uint64_t ProtobufCursor::varint()
{
    return guarded([this] {
        const std::uint64_t value = m_reader.get_uint64();
        m_isRead = true;
        return value;
    });
}

float ProtobufCursor::float32()
{
    return guarded([this] {
        const float value = m_reader.get_float();
        m_isRead = true;
        return value;
    });
}

double ProtobufCursor::float64()
{
    return guarded([this] {
        const double value = m_reader.get_double();
        m_isRead = true;
        return value;
    });
}

void ProtobufCursor::packedVarints(std::vector<std::int64_t> &out)
{
    m_failed = !decodeVarints(bytes(), out) || m_failed;
}

template <typename Real>
void ProtobufCursor::packedReals(std::vector<double> &out)
{
    const std::string_view packed = bytes();
    if (packed.size() % sizeof(Real) != 0) {
        m_failed = true;
    }
    for (std::size_t at = 0; !m_failed && at < packed.size(); at += sizeof(Real)) {
        Real value = 0;
        std::memcpy(&value, packed.data() + at, sizeof(Real));
        out.push_back(static_cast<double>(value));
    }
}
template void ProtobufCursor::packedReals<float>(std::vector<double> &out);
template void ProtobufCursor::packedReals<double>(std::vector<double> &out);

Error ProtobufFile::damage(std::string_view message, std::size_t position) const
{
    const auto offset = static_cast<std::size_t>(message.data() - m_bytes.data()) + position;
    return {ErrorCode::BadFormat,
            fmt::format("damaged or cut off at byte {} of {}", offset, m_bytes.size())};
}

bool decodeVarints(std::string_view packed, std::vector<std::int64_t> &out)
{
    try {
        const char *at = packed.data();
        const char *const end = packed.data() + packed.size();
        while (at != end) {
            out.push_back(static_cast<std::int64_t>(protozero::decode_varint(&at, end)));
        }
        return true;
    } catch (const protozero::exception &) {
        return false;
    }
}

} // namespace syncpoint
