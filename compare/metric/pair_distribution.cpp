#include "compare/metric/pair_distribution.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace syncpoint {
namespace {

constexpr std::uint64_t kMaxRow = std::uint64_t{1} << 20;
constexpr std::uint64_t kStepElements = std::uint64_t{1} << 16;
constexpr std::size_t kTop = 5;
constexpr std::size_t kKlBins = 256;

bool isLarger(double a, double b)
{
    return std::isnan(b) ? !std::isnan(a) : a > b;
}

using TopIndices = std::array<std::size_t, kTop>;

/// Indices of the largest elements, largest first; the row has more than kTop.
TopIndices largest(std::span<const double> row)
{
    TopIndices top{};
    std::size_t filled = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (filled == kTop && !isLarger(row[i], row[top[kTop - 1]])) {
            continue;
        }
        std::size_t at = filled < kTop ? filled++ : kTop - 1;
        for (; at > 0 && isLarger(row[i], row[top[at - 1]]); --at) {
            top[at] = top[at - 1];
        }
        top[at] = i;
    }
    return top;
}

std::size_t argmax(std::span<const double> row)
{
    return static_cast<std::size_t>(
        std::max_element(row.begin(), row.end(),
                         [](double a, double b) { return isLarger(b, a); }) -
        row.begin());
}

struct Hits
{
    std::uint64_t rows = 0, top1 = 0, top5 = 0;
};

void addRow(std::span<const double> r, std::span<const double> c, Hits &hits)
{
    ++hits.rows;
    if (r.size() <= kTop) {
        hits.top1 += argmax(r) == argmax(c);
        return;
    }
    const TopIndices topR = largest(r);
    const TopIndices topC = largest(c);
    hits.top1 += topR[0] == topC[0];
    for (const std::size_t index : topR) {
        hits.top5 += std::find(topC.begin(), topC.end(), index) != topC.end();
    }
}

using Counts = std::array<std::uint64_t, kKlBins>;

void addCounts(std::span<const double> values, double least, double scale, Counts &counts)
{
    for (const double value : values) {
        if (std::isfinite(value)) {
            const double bin = std::clamp((value - least) * scale, 0.0, kKlBins - 1.0);
            ++counts[static_cast<std::size_t>(bin)];
        }
    }
}

double divergence(const Counts &p, const Counts &q)
{
    const auto totalP = static_cast<double>(std::accumulate(p.begin(), p.end(), std::uint64_t{0}));
    const auto totalQ = static_cast<double>(std::accumulate(q.begin(), q.end(), std::uint64_t{0}));
    double sum = 0.0;
    for (std::size_t bin = 0; bin < kKlBins; ++bin) {
        if (p[bin] > 0) {
            const double pShare = static_cast<double>(p[bin]) / totalP;
            const double qShare = std::max(static_cast<double>(q[bin]), 0.5) / totalQ;
            sum += pShare * std::log(pShare / qShare);
        }
    }
    return sum;
}

} // namespace

Result<TopAgreement> topAgreement(const TensorPairPlan &plan, const JobContext &job)
{
    const Shape &shape = plan.reference->info().shape;
    if (shape.empty() || shape.back() < 2 || plan.elements == 0) {
        return TopAgreement{};
    }
    const auto row = static_cast<std::uint64_t>(shape.back());
    if (row > kMaxRow) {
        return TopAgreement{};
    }
    Hits hits;
    // Whole rows, and a multiple of four so that packed types start on a byte.
    const std::uint64_t step = row * 4 * std::max<std::uint64_t>(1, kStepElements / (row * 4));
    const auto done =
        forEachDouble(plan, step, job, [&](std::span<const double> r, std::span<const double> c) {
            for (std::size_t at = 0; at < r.size(); at += row) {
                addRow(r.subspan(at, row), c.subspan(at, row), hits);
            }
        });
    if (!done) {
        return done.error();
    }
    TopAgreement result;
    const auto rows = static_cast<double>(hits.rows);
    result.top1 = static_cast<double>(hits.top1) / rows;
    if (row > kTop) {
        result.top5 = static_cast<double>(hits.top5) / (rows * kTop);
    }
    return result;
}

Result<std::optional<double>> klDivergence(const TensorPairPlan &plan, const PairStatistics &sums,
                                           const JobContext &job)
{
    const double least = std::min(sums.minR, sums.minC);
    const double width = std::max(sums.maxR, sums.maxC) - least;
    if (sums.count == 0 || !(width > 0.0) || !std::isfinite(width)) {
        return std::optional<double>();
    }
    Counts p{};
    Counts q{};
    const double scale = kKlBins / width;
    const auto done = forEachDouble(plan, kStepElements, job,
                                    [&](std::span<const double> r, std::span<const double> c) {
                                        addCounts(r, least, scale, p);
                                        addCounts(c, least, scale, q);
                                    });
    if (!done) {
        return done.error();
    }
    return std::optional(divergence(p, q));
}

} // namespace syncpoint
