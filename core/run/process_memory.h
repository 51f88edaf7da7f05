#pragma once
#include <cstdint>

namespace syncpoint {

/// Forgets what this process held before, for peakMemory(); without effect where the system cannot.
void restartPeakMemory();
/// Most memory this process held, in bytes, mapped files included; 0 when the system does not say.
/// Not getrusage(): its peak counts what the parent held before the program was started.
std::uint64_t peakMemory();

} // namespace syncpoint
