#include "compare/metric/severity.h"

#include "compare/metric/metric.h"

#include <array>
#include <cmath>

namespace syncpoint {
namespace {

/// A few flipped labels are the usual price of quantization; more is not.
constexpr double kToleratedMismatchRatio = 0.01;

Severity severityOfValue(double value, const ThresholdProfile &profile,
                         const MetricDescriptor &metric)
{
    if (std::isnan(value)) {
        return Severity::Bad;
    }
    if (metric.higherIsBetter) {
        return value >= profile.okFrom    ? Severity::Ok
               : value < profile.badBelow ? Severity::Bad
                                          : Severity::Warn;
    }
    const double error = std::abs(value - metric.ideal);
    return error <= profile.okFrom    ? Severity::Ok
           : error > profile.badBelow ? Severity::Bad
                                      : Severity::Warn;
}

Severity severityOfExactTypes(const Measurement &measurement)
{
    return measurement.value("mismatch_ratio").value_or(1.0) <= kToleratedMismatchRatio
               ? Severity::Warn
               : Severity::Bad;
}

} // namespace

std::string_view severityName(Severity severity)
{
    switch (severity) {
    case Severity::Ok:
        return "ok";
    case Severity::Warn:
        return "warn";
    case Severity::Bad:
        return "bad";
    }
    return "";
}

std::optional<ThresholdProfile> builtinProfile(std::string_view name)
{
    static const std::array profiles{
        ThresholdProfile{"exact", "psnr", 100.0, 70.0},
        ThresholdProfile{"float", "psnr", 80.0, 60.0},
        ThresholdProfile{"half", "psnr", 55.0, 40.0},
        ThresholdProfile{"int8", "psnr", 40.0, 27.0},
        ThresholdProfile{"int4", "psnr", 30.0, 18.0},
    };
    for (const ThresholdProfile &profile : profiles) {
        if (profile.name == name) {
            return profile;
        }
    }
    return std::nullopt;
}

Severity severityOf(const Measurement &measurement, const ThresholdProfile &profile,
                    const MetricSettings &settings)
{
    switch (measurement.state) {
    case PairState::Exact:
    case PairState::Empty: // nothing differs; an empty pair counts nowhere as compared
        return Severity::Ok;
    case PairState::ZeroReference:
        return measurement.statistics.maxAbsE <= settings.atol ? Severity::Ok : Severity::Bad;
    case PairState::NonfiniteMismatch:
    case PairState::RawQuantized:
    case PairState::ShapeMismatch:
    case PairState::NotNumeric:
        return Severity::Bad;
    case PairState::Finite:
    case PairState::ConstantReference:
    case PairState::StatisticsOnly:
        break;
    }
    if (measurement.statistics.exactTypes) {
        return severityOfExactTypes(measurement);
    }
    const auto index = metricIndex(profile.metric);
    const auto value = measurement.value(profile.metric);
    if (!index || !value) {
        return Severity::Bad; // the chosen metric says nothing of a pair that differs
    }
    return severityOfValue(*value, profile, builtinMetrics()[*index]->descriptor());
}

} // namespace syncpoint
