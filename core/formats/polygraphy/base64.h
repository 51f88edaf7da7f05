#pragma once
#include "core/base/result.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace syncpoint::polygraphy {

/// The bytes of base64 text (RFC 4648, section 4), padded or not. Fails at other characters.
Result<std::vector<std::byte>> decodeBase64(std::string_view text);

} // namespace syncpoint::polygraphy
