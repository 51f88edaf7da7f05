#include "core/launch/input_source.h"

#include <algorithm>
#include <array>

namespace syncpoint {

namespace {
constexpr std::array<std::string_view, 3> kLayouts{"auto", "nchw", "nhwc"};
constexpr std::array<std::string_view, 2> kFits{"stretch", "crop"};

template <typename Enum, std::size_t Count>
std::optional<Enum> fromName(const std::array<std::string_view, Count> &names,
                             std::string_view name)
{
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? std::nullopt
                                : std::optional(static_cast<Enum>(found - names.begin()));
}
} // namespace

std::string_view layoutName(PictureSettings::Layout layout)
{
    return kLayouts[static_cast<std::size_t>(layout)];
}

std::string_view fitName(PictureSettings::Fit fit)
{
    return kFits[static_cast<std::size_t>(fit)];
}

std::optional<PictureSettings::Layout> layoutFromName(std::string_view name)
{
    return fromName<PictureSettings::Layout>(kLayouts, name);
}

std::optional<PictureSettings::Fit> fitFromName(std::string_view name)
{
    return fromName<PictureSettings::Fit>(kFits, name);
}

} // namespace syncpoint
