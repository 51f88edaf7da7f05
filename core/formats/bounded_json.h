#pragma once
#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

namespace syncpoint {

/// Guards against text that takes many times its size once it is parsed.
struct JsonLimits
{
    std::size_t bytes = std::size_t{256} << 20U;
    std::size_t values = 8'000'000; ///< members, elements and containers together
    std::size_t depth = 256;        ///< nested containers
};

/// Parses JSON from an untrusted file; numbers that Python wrote as bare NaN or Infinity become
/// strings. The error names the byte where the text is damaged.
Result<nlohmann::json> parseBoundedJson(std::string_view text, const JsonLimits &limits = {});
/// The same of a file, which the error names.
Result<nlohmann::json> readBoundedJson(const std::filesystem::path &path,
                                       const JsonLimits &limits = {});

/// Keys of the object that the top-level `member` holds, in the order of the text, which parsing
/// loses. For text that parses; keys with escapes are left out.
std::vector<std::string_view> membersInOrder(std::string_view text, std::string_view member);

} // namespace syncpoint
