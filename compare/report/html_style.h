#pragma once
#include <string_view>

namespace syncpoint {

/// Style sheet and script of the HTML report, inlined into the page. No fonts, no network; light
/// and dark follow the reader's setting. The script only sorts tables: the page works without it.
std::string_view htmlStyle();
std::string_view htmlScript();

} // namespace syncpoint
