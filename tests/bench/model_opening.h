#pragma once
#include "tests/bench/bench_report.h"

#include <filesystem>
#include <string>

namespace syncpoint::bench {

/// Opens a model or a dump in a process of its own, three times: the best time and its private
/// memory, under "open <what>", against the promise of one second and 200 MB.
void reportOpening(BenchReport &out, const std::string &what, const std::filesystem::path &path);

} // namespace syncpoint::bench
