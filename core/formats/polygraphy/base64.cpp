#include "core/formats/polygraphy/base64.h"

#include <array>
#include <cstdint>
#include <fmt/format.h>

namespace syncpoint::polygraphy {

namespace {
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> digitValues()
{
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoDigit);
    for (std::size_t i = 0; i < kDigits.size(); ++i) {
        values[static_cast<std::uint8_t>(kDigits[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
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

} // namespace syncpoint::polygraphy
