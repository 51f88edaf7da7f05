#include "viewers/tensor/top_classes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace syncpoint {

bool mayBeLogits(std::span<const std::int64_t> shape)
{
    constexpr std::int64_t kMostClasses = 100'000;
    const bool isRow = !shape.empty() && shape.size() <= 2;
    return isRow && shape.back() >= 2 && shape.back() <= kMostClasses;
}

std::vector<ClassShare> topClasses(std::span<const float> row, std::size_t most)
{
    if (row.empty() ||
        !std::all_of(row.begin(), row.end(), [](float value) { return std::isfinite(value); })) {
        return {};
    }
    const auto largest = double{*std::max_element(row.begin(), row.end())};
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    const bool isProbability =
        *std::min_element(row.begin(), row.end()) >= 0.0F && std::abs(sum - 1.0) < 1e-3;
    double total = 0.0;
    for (const float value : row) {
        total += isProbability ? double{value} : std::exp(double{value} - largest);
    }
    std::vector<ClassShare> classes;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const double weight = isProbability ? double{row[i]} : std::exp(double{row[i]} - largest);
        classes.push_back({i, weight / total});
    }
    const auto end = classes.begin() + static_cast<std::ptrdiff_t>(std::min(most, classes.size()));
    std::partial_sort(classes.begin(), end, classes.end(),
                      [](const ClassShare &a, const ClassShare &b) {
                          return a.probability != b.probability ? a.probability > b.probability
                                                                : a.index < b.index;
                      });
    classes.erase(end, classes.end());
    return classes;
}

} // namespace syncpoint
