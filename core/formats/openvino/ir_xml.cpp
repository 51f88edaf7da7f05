#include "core/formats/openvino/ir_xml.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::size_t kMostBytes = std::size_t{64} << 20U;
constexpr std::ptrdiff_t kMostTags = 4'000'000;
constexpr std::ptrdiff_t kMostAttributes = 4'000'000;
} // namespace

Result<std::unique_ptr<const pugi::xml_document>> parseIrXml(std::string_view text)
{
    const bool isTooLarge = text.size() > kMostBytes ||
                            std::count(text.begin(), text.end(), '<') > kMostTags ||
                            std::count(text.begin(), text.end(), '=') > kMostAttributes;
    if (isTooLarge) {
        return Error{ErrorCode::Limit, fmt::format("the XML of {} bytes has more elements than a "
                                                   "model plausibly has",
                                                   text.size())};
    }
    auto document = std::make_unique<pugi::xml_document>();
    const auto parsed = document->load_buffer(text.data(), text.size());
    if (!parsed) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("the XML is damaged or cut off at byte {}: {}", parsed.offset,
                                 parsed.description())};
    }
    return std::unique_ptr<const pugi::xml_document>(std::move(document));
}

} // namespace syncpoint
