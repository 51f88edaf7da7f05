#pragma once
#include "core/base/job_context.h"

namespace syncpoint {

/// From now on Ctrl+C and SIGTERM cancel `token`; a second one ends the process at once.
void cancelOnInterrupt(const CancelToken &token);

} // namespace syncpoint
