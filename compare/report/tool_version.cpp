#include "compare/report/tool_version.h"

namespace syncpoint {

std::string_view toolVersion()
{
    return SYNCPOINT_VERSION;
}

} // namespace syncpoint
