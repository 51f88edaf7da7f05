#pragma once
#include "compare/align/alignment.h"
#include "compare/align/captured_values.h"
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/graph/graph.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace syncpoint {

/// What the user pinned, forbade or renamed (`--map FILE`, docs/alignment.md). Names are qualified
/// names of values, or in `pairs` of ops, which stand for their first output.
struct ManualMap
{
    std::vector<std::pair<std::string, std::string>> pairs;
    std::vector<std::pair<std::string, std::string>> forbidden;
    std::vector<std::pair<std::string, std::string>>
        renames; ///< regex → replacement on baseline names
    bool empty() const { return pairs.empty() && forbidden.empty() && renames.empty(); }
    bool operator==(const ManualMap &) const = default;
};

/// Reads a map file, or Model Explorer's mapping file for synchronized navigation.
Result<ManualMap> readManualMap(const std::filesystem::path &path);

/// Pairs values until nothing more is certain. `baseline` and `candidate` stay untouched.
/// `captured` is only asked about values that the graphs do not tell apart. Fails only on cancel or
/// when a pinned name does not exist.
Result<Alignment> alignGraphs(const Graph &baseline, const Graph &candidate, const ManualMap &map,
                              const JobContext &job, const CapturedValues &captured = {});

} // namespace syncpoint
