#include "compare/report/color_map.h"

#include <cmath>
#include <cstddef>

namespace syncpoint {

namespace {
using Anchors = std::array<Rgb, 9>;

constexpr Anchors kGrey{{{0, 0, 0},
                         {32, 32, 32},
                         {64, 64, 64},
                         {96, 96, 96},
                         {128, 128, 128},
                         {159, 159, 159},
                         {191, 191, 191},
                         {223, 223, 223},
                         {255, 255, 255}}};
constexpr Anchors kViridis{{{68, 1, 84},
                            {71, 44, 122},
                            {59, 81, 139},
                            {44, 113, 142},
                            {33, 144, 141},
                            {39, 173, 129},
                            {92, 200, 99},
                            {170, 220, 50},
                            {253, 231, 37}}};
constexpr Anchors kCividis{{{0, 34, 78},
                            {18, 53, 112},
                            {59, 73, 108},
                            {87, 93, 109},
                            {112, 113, 115},
                            {138, 134, 120},
                            {165, 156, 116},
                            {195, 180, 105},
                            {254, 232, 56}}};
constexpr Anchors kMagma{{{0, 0, 4},
                          {28, 16, 68},
                          {79, 18, 123},
                          {129, 37, 129},
                          {181, 54, 122},
                          {229, 80, 100},
                          {251, 135, 97},
                          {254, 194, 135},
                          {252, 253, 191}}};
constexpr Anchors kDiverging{{{5, 48, 97},
                              {33, 102, 172},
                              {67, 147, 195},
                              {146, 197, 222},
                              {247, 247, 247},
                              {244, 165, 130},
                              {214, 96, 77},
                              {178, 24, 43},
                              {103, 0, 31}}};

std::array<Rgb, 256> interpolate(const Anchors &anchors)
{
    std::array<Rgb, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double position =
            static_cast<double>(i) / 255.0 * static_cast<double>(anchors.size() - 1);
        const auto lower = std::min(static_cast<std::size_t>(position), anchors.size() - 2);
        const double part = position - static_cast<double>(lower);
        const auto mix = [part](std::uint8_t a, std::uint8_t b) {
            return static_cast<std::uint8_t>(std::lround(a + (b - a) * part));
        };
        const Rgb &a = anchors[lower];
        const Rgb &b = anchors[lower + 1];
        table[i] = {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
    }
    return table;
}
} // namespace

std::string_view colorMapName(ColorMap map)
{
    switch (map) {
    case ColorMap::Grey:
        return "Grey";
    case ColorMap::Viridis:
        return "Viridis";
    case ColorMap::Cividis:
        return "Cividis";
    case ColorMap::Magma:
        return "Magma";
    case ColorMap::Diverging:
        return "Diverging";
    }
    return "";
}

const std::array<Rgb, 256> &colorTable(ColorMap map)
{
    static const std::array<std::array<Rgb, 256>, 5> tables{
        interpolate(kGrey), interpolate(kViridis), interpolate(kCividis), interpolate(kMagma),
        interpolate(kDiverging)};
    return tables[static_cast<std::size_t>(map)];
}

} // namespace syncpoint
