#include "core/run/picture_scaling.h"

#include <algorithm>
#include <cmath>

namespace syncpoint {

namespace {
/// The part of a row or column that is used.
struct Extent
{
    double start = 0.0;
    double length = 0.0;
};

/// Which source pixels make a target pixel, and how much of each.
struct Taps
{
    std::size_t first = 0;
    std::vector<float> weights; ///< sum 1
};

std::vector<Taps> tapsFor(Extent part, std::size_t sourceCount, std::size_t count)
{
    const double scale = part.length / static_cast<double>(count);
    const double reach = std::max(scale, 1.0);
    std::vector<Taps> taps(count);
    for (std::size_t i = 0; i < count; ++i) {
        const double centre = part.start + (static_cast<double>(i) + 0.5) * scale;
        const double last = std::min(centre + reach + 0.5, static_cast<double>(sourceCount));
        taps[i].first = static_cast<std::size_t>(std::max(centre - reach + 0.5, 0.0));
        float sum = 0.0F;
        for (std::size_t at = taps[i].first; at < static_cast<std::size_t>(last); ++at) {
            const double distance = std::abs(static_cast<double>(at) + 0.5 - centre) / reach;
            taps[i].weights.push_back(static_cast<float>(std::max(1.0 - distance, 0.0)));
            sum += taps[i].weights.back();
        }
        for (float &weight : taps[i].weights) {
            weight /= sum;
        }
    }
    return taps;
}

/// Mean of the pixels `stride` apart from `source` on.
float weighted(const float *source, std::size_t stride, const Taps &taps)
{
    float sum = 0.0F;
    for (std::size_t i = 0; i < taps.weights.size(); ++i) {
        sum += taps.weights[i] * source[(taps.first + i) * stride];
    }
    return sum;
}
} // namespace

std::vector<float> scaled(const std::vector<float> &levels, PictureSize from, PictureSize to,
                          PictureSettings::Fit fit)
{
    Extent across{0.0, static_cast<double>(from.width)};
    Extent down{0.0, static_cast<double>(from.height)};
    if (fit == PictureSettings::Fit::Crop) {
        const double scale = std::min(across.length / static_cast<double>(to.width),
                                      down.length / static_cast<double>(to.height));
        for (auto [part, count] : {std::pair(&across, to.width), std::pair(&down, to.height)}) {
            const double used = scale * static_cast<double>(count);
            *part = {(part->length - used) / 2.0, used};
        }
    }
    const auto columns = tapsFor(across, from.width, to.width);
    const auto rows = tapsFor(down, from.height, to.height);
    std::vector<float> narrow(from.height * to.width);
    for (std::size_t y = 0; y < from.height; ++y) {
        for (std::size_t x = 0; x < to.width; ++x) {
            narrow[y * to.width + x] = weighted(&levels[y * from.width], 1, columns[x]);
        }
    }
    std::vector<float> result(to.height * to.width);
    for (std::size_t y = 0; y < to.height; ++y) {
        for (std::size_t x = 0; x < to.width; ++x) {
            result[y * to.width + x] = weighted(&narrow[x], to.width, rows[y]);
        }
    }
    return result;
}

} // namespace syncpoint
