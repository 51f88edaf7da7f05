#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// Extents, outermost first. A scalar is the empty shape. All extents are ≥ 0.
using Shape = std::vector<std::int64_t>;

/// Number of elements; nothing when an extent is negative or the product exceeds 2^62.
std::optional<std::uint64_t> elementCount(std::span<const std::int64_t> shape);

/// "1×64×128"; "scalar" for the empty shape.
std::string toText(std::span<const std::int64_t> shape);

} // namespace syncpoint
