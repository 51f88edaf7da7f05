#pragma once
#include "compare/metric/measurement.h"
#include "core/tensor/dtype.h"

#include <optional>
#include <string>
#include <string_view>

namespace syncpoint {

enum class Severity : std::uint8_t { Ok, Warn, Bad };
std::string_view severityName(Severity severity); ///< "ok", "warn", "bad"

/// Two limits on one metric. The built-in ones are on psnr in dB. On a metric of which less is
/// better they bound its distance from the ideal value, so okFrom ≤ badBelow there.
struct ThresholdProfile
{
    std::string name = "float"; ///< "exact", "float", "half", "int8", "int4" or "custom"
    std::string metric = "psnr";
    double okFrom = 80.0;   ///< at least this good is ok
    double badBelow = 60.0; ///< worse than this is bad
    bool operator==(const ThresholdProfile &) const = default;
};

std::optional<ThresholdProfile> builtinProfile(std::string_view name);

/// Exact is ok, a non-finite mismatch is bad, whatever the metric says; a zero reference is bad
/// unless max_abs ≤ atol.
Severity severityOf(const Measurement &measurement, const ThresholdProfile &profile,
                    const MetricSettings &settings);

} // namespace syncpoint
