#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace syncpoint {

/// "1 sample", "2 samples": a number of things whose plural only takes an s.
inline std::string countText(std::uint64_t count, std::string_view thing)
{
    return std::to_string(count).append(" ").append(thing).append(count == 1 ? "" : "s");
}

} // namespace syncpoint
