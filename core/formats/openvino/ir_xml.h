#pragma once
#include "core/base/result.h"

#include <memory>
#include <pugixml.hpp>
#include <string_view>

namespace syncpoint {

/// Parses XML of an untrusted file. Text with more elements than a model has is refused before:
/// a parsed element takes twenty times its text. No entities but XML's own five are expanded.
Result<std::unique_ptr<const pugi::xml_document>> parseIrXml(std::string_view text);

} // namespace syncpoint
