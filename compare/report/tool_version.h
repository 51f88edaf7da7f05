#pragma once
#include <string_view>

namespace syncpoint {

std::string_view toolVersion(); ///< "0.1.0", from the build

} // namespace syncpoint
