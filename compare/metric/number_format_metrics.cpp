#include "compare/metric/metric_groups.h"

#include <cmath>

namespace syncpoint {

void addNumberFormatMetrics(MetricList &metrics)
{
    const auto add = [&metrics](const MetricDescriptor &descriptor, FormulaMetric::Formula value) {
        metrics.push_back(std::make_unique<FormulaMetric>(descriptor, value));
    };
    using Statistics = const PairStatistics &;
    using Settings = const MetricSettings &;
    add({"ulp_max", "Largest distance in steps", "ulp",
         "max distance of the ordered encodings in the coarser float type of the two",
         "1 is a rounding difference; floats only"},
        [](Statistics s, Settings) {
            return hasNumbers(s) && s.hasUlp ? std::optional(s.ulpMax) : std::nullopt;
        });
    add({"lsb_rmse", "Error in quantization steps", "LSB", "√(Σ(e/scale)²/N)",
         "an ideal quantizer has 0.289; more is clipping, a wrong range or inherited error"},
        [](Statistics s, Settings) {
            return hasNumbers(s) && s.meanScale > 0.0
                       ? std::optional(std::sqrt(s.sumLsb2 / countOf(s)))
                       : std::nullopt;
        });
    add({"sat_ratio", "Saturated share", "", "share of candidate integers at qmin or qmax",
         "a high share says that the range was taken too small"},
        [](Statistics s, Settings) {
            return s.hasSaturation && s.total > 0 ? std::optional(static_cast<double>(s.saturated) /
                                                                  static_cast<double>(s.total))
                                                  : std::nullopt;
        });
}

} // namespace syncpoint
