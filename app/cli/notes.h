#pragma once
#include "core/base/diagnostic.h"
#include "core/launch/run_request.h"

namespace syncpoint {

/// Warnings and errors to standard error, one line each, the first ten.
void printNotes(const Diagnostics &diagnostics);
/// Random inputs rank layers differently from real ones: whoever runs on them should know.
void warnOfRandomInputs(const InputSource &inputs);

} // namespace syncpoint
