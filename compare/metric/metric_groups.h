#pragma once
#include "compare/metric/metric.h"

namespace syncpoint {

using MetricList = std::vector<std::unique_ptr<Metric>>;

// One function per theme; metric_list.cpp puts them in display order.
void addRatioMetrics(MetricList &metrics);        ///< psnr, sqnr, rel_l2, cosine, pcc, gain
void addErrorMetrics(MetricList &metrics);        ///< mse … mean_rel
void addCountMetrics(MetricList &metrics);        ///< viol_ratio, mismatch_ratio, nonfinite, …
void addNumberFormatMetrics(MetricList &metrics); ///< ulp_max, lsb_rmse, sat_ratio

/// A metric that is a plain function of the sums.
class FormulaMetric final : public Metric
{
public:
    using Formula = std::optional<double> (*)(const PairStatistics &, const MetricSettings &);
    FormulaMetric(MetricDescriptor descriptor, Formula formula)
        : m_descriptor(descriptor), m_formula(formula)
    {
    }
    MetricDescriptor descriptor() const override { return m_descriptor; }
    std::optional<double> value(const PairStatistics &statistics,
                                const MetricSettings &settings) const override
    {
        return m_formula(statistics, settings);
    }

private:
    MetricDescriptor m_descriptor;
    Formula m_formula;
};

/// For metrics of real numbers: absent for exact types and where nothing finite is compared.
inline bool hasNumbers(const PairStatistics &s)
{
    return s.count > 0 && !s.exactTypes;
}
inline double countOf(const PairStatistics &s)
{
    return static_cast<double>(s.count);
}

} // namespace syncpoint
