#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace syncpoint {

/// The colour maps of the tensor viewer and of report pictures.
enum class ColorMap : std::uint8_t { Grey, Viridis, Cividis, Magma, Diverging };

inline constexpr std::array kColorMaps{ColorMap::Grey, ColorMap::Viridis, ColorMap::Cividis,
                                       ColorMap::Magma, ColorMap::Diverging};
std::string_view colorMapName(ColorMap map); ///< "Grey", "Viridis", …

struct Rgb
{
    std::uint8_t red = 0, green = 0, blue = 0;
    bool operator==(const Rgb &) const = default;
};

/// 256 colours from low to high. Viridis, Cividis and Magma follow matplotlib's maps of these names
/// (CC0), interpolated between nine anchors; Diverging runs blue – near white – red.
const std::array<Rgb, 256> &colorTable(ColorMap map);

/// How NaN and infinities are drawn in every map.
inline constexpr Rgb kNonfiniteColor{255, 0, 255};

} // namespace syncpoint
