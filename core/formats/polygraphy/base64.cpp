#include "core/formats/polygraphy/base64.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <string>

namespace syncpoint::polygraphy {

namespace {
constexpr std::uint8_t kNoDigit = 0xFF;
constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::uint8_t, 256> digitValues()
{
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoDigit);
    for (std::size_t i = 0; i < kDigits.size(); ++i) {
        values[static_cast<std::uint8_t>(kDigits[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

/// Four digits of three bytes.
void appendDigits(std::string &text, std::byte first, std::byte second, std::byte third)
{
    const std::uint32_t bits = std::to_integer<std::uint32_t>(first) << 16U |
                               std::to_integer<std::uint32_t>(second) << 8U |
                               std::to_integer<std::uint32_t>(third);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) {
        text += kDigits[bits >> shift & 63U];
    }
}
} // namespace

Result<std::vector<std::byte>> decodeBase64(std::string_view text)
{
    static constexpr auto kValues = digitValues();
    while (text.ends_with('=')) {
        text.remove_suffix(1);
    }
    std::vector<std::byte> bytes;
    bytes.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t bits = 0;
    unsigned count = 0; // of bits that are not written yet
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::uint8_t value = kValues[static_cast<std::uint8_t>(text[at])];
        if (value == kNoDigit) {
            return Error{ErrorCode::BadFormat,
                         fmt::format("the base64 text is damaged at character {}", at)};
        }
        bits = (bits << 6U | value) & 0xFFFFU;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<std::byte>(bits >> count & 0xFFU));
        }
    }
    return bytes;
}

void Base64Encoder::add(std::span<const std::byte> bytes)
{
    constexpr std::size_t kPiece = std::size_t{3} << 14U;
    while (!m_rest.empty() && m_rest.size() < 3 && !bytes.empty()) {
        m_rest.push_back(bytes.front());
        bytes = bytes.subspan(1);
    }
    std::string text;
    if (m_rest.size() == 3) {
        appendDigits(text, m_rest[0], m_rest[1], m_rest[2]);
        m_rest.clear();
    }
    while (bytes.size() >= 3) {
        const auto piece = bytes.first(std::min(kPiece, bytes.size() - bytes.size() % 3));
        for (std::size_t i = 0; i < piece.size(); i += 3) {
            appendDigits(text, piece[i], piece[i + 1], piece[i + 2]);
        }
        bytes = bytes.subspan(piece.size());
        m_out(text);
        text.clear();
    }
    m_out(text);
    m_rest.insert(m_rest.end(), bytes.begin(), bytes.end());
}

void Base64Encoder::finish()
{
    if (m_rest.empty()) {
        return;
    }
    const std::size_t missing = 3 - m_rest.size();
    m_rest.resize(3);
    std::string text;
    appendDigits(text, m_rest[0], m_rest[1], m_rest[2]);
    text.replace(4 - missing, missing, missing, '=');
    m_rest.clear();
    m_out(text);
}

} // namespace syncpoint::polygraphy
