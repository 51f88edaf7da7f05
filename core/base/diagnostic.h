#pragma once
#include <string>
#include <vector>

namespace syncpoint {

/// Something the user should know that did not stop the work.
struct Diagnostic
{
    enum class Severity { Info, Warning, Error };

    Severity severity = Severity::Warning;
    std::string where; ///< file, tensor or op; empty when it concerns the whole comparison
    std::string text;  ///< one sentence

    bool operator==(const Diagnostic &) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

} // namespace syncpoint
