#pragma once
#include "core/base/result.h"

#include <cstddef>

namespace syncpoint {

/// Bounds what is copied out of a file: any number of tables may share one long list or name, so
/// that a small file could ask for any amount of memory.
class CopyBudget
{
public:
    /// Before or right after copying that much; fails when all copies together are implausible.
    Result<void> take(std::size_t numbers, std::size_t textBytes)
    {
        constexpr std::size_t kMostNumbers = std::size_t{16} << 20U;
        constexpr std::size_t kMostTextBytes = std::size_t{64} << 20U;
        m_numbers += numbers;
        m_textBytes += textBytes;
        if (m_numbers > kMostNumbers || m_textBytes > kMostTextBytes) {
            return Error{ErrorCode::Limit, "the model lists more numbers or text than plausible"};
        }
        return {};
    }

private:
    std::size_t m_numbers = 0;
    std::size_t m_textBytes = 0;
};

} // namespace syncpoint
