#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace syncpoint {

/// One stack frame. Lines and columns count from 1; 0 is unknown.
struct SourceFrame
{
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string function;

    bool operator==(const SourceFrame &) const = default;
};

/// False for frames of the framework or the exporter ("torch/nn/modules", "site-packages",
/// "<eval…>"), which the window folds away.
bool isUserFrame(const SourceFrame &frame);

} // namespace syncpoint
