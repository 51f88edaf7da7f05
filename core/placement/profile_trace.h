#pragma once
#include "core/base/result.h"
#include "core/tensor/tensor_dump.h"

#include <map>
#include <string>
#include <string_view>

namespace syncpoint {

/// Time and provider per op from ONNX Runtime's profile (Chrome trace JSON): the median over the
/// runs of the op's kernel time in one run, the first `skippedRuns` left out. An op that runs
/// several times in one run (in a loop) counts with the sum. Events of other kinds are
/// skipped; a list that was cut off is read as far as it goes.
Result<std::map<std::string, NodeProfile>> nodeProfiles(std::string_view trace,
                                                        std::size_t skippedRuns);

} // namespace syncpoint
