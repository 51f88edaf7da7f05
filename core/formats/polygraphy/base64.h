#pragma once
#include "core/base/result.h"

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace syncpoint::polygraphy {

/// The bytes of base64 text (RFC 4648, section 4), padded or not. Fails at other characters.
Result<std::vector<std::byte>> decodeBase64(std::string_view text);

/// The base64 text of bytes that come in pieces, padded at its end; handed on piece by piece.
class Base64Encoder
{
public:
    explicit Base64Encoder(std::function<void(std::string_view)> out) : m_out(std::move(out)) {}
    void add(std::span<const std::byte> bytes);
    void finish();

private:
    std::function<void(std::string_view)> m_out;
    std::vector<std::byte> m_rest; ///< fewer than 3
};

} // namespace syncpoint::polygraphy
