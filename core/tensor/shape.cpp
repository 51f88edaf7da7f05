#include "core/tensor/shape.h"

namespace syncpoint {

std::optional<std::uint64_t> elementCount(std::span<const std::int64_t> shape)
{
    constexpr std::uint64_t kMost = std::uint64_t{1} << 62;
    std::uint64_t count = 1;
    bool overflows = false;
    bool empty = false;
    for (const std::int64_t extent : shape) {
        if (extent < 0) {
            return std::nullopt;
        }
        empty = empty || extent == 0;
        overflows = overflows || __builtin_mul_overflow(count, extent, &count) || count > kMost;
    }
    // A zero extent wins over an overflow of the others, wherever it stands.
    if (empty) {
        return 0;
    }
    return overflows ? std::nullopt : std::optional(count);
}

std::string toText(std::span<const std::int64_t> shape)
{
    if (shape.empty()) {
        return "scalar";
    }
    std::string text;
    for (const std::int64_t extent : shape) {
        if (!text.empty()) {
            text += "×";
        }
        text += std::to_string(extent);
    }
    return text;
}

} // namespace syncpoint
