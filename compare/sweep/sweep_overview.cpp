#include "compare/sweep/sweep_overview.h"

#include "compare/sweep/mobius_report.h"
#include "compare/sweep/sweep_json.h"
#include "core/formats/bounded_json.h"
#include "core/formats/registry.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace syncpoint {

namespace {
namespace fs = std::filesystem;

constexpr JsonLimits kLimits{.bytes = std::size_t{64} << 20U, .values = 1'000'000, .depth = 32};

/// The report in a folder that was given in its place.
fs::path reportIn(const fs::path &path)
{
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        for (const char *name : {"quantization_summary.json", "metadata.json"}) {
            if (fs::exists(path / name, ignored)) {
                return path / name;
            }
        }
    }
    return path;
}
} // namespace

const SweepRow *baselineOf(const SweepOverview &overview, const SweepRow &row)
{
    const auto found =
        std::find_if(overview.rows.begin(), overview.rows.end(), [&row](const SweepRow &other) {
            return other.isBaseline && other.component == row.component;
        });
    return found == overview.rows.end() ? nullptr : &*found;
}

std::optional<SessionConfig> comparisonOf(const SweepOverview &overview, const SweepRow &row)
{
    SessionConfig config = overview.config;
    const SweepRow *baseline = baselineOf(overview, row);
    if (baseline != nullptr && !baseline->model.empty()) {
        config.baseline.model = baseline->model;
    }
    if (row.isBaseline || row.model.empty() || !config.baseline.model) {
        return std::nullopt;
    }
    config.candidate.model = row.model;
    return config;
}

Result<SweepOverview> readSweep(const fs::path &path)
{
    const fs::path report = reportIn(path);
    const std::string where = fmt::format("loading {}", report.string());
    const auto json = readBoundedJson(report, kLimits);
    if (!json) {
        return json.error().withContext(where);
    }
    auto overview = isSweepJson(*json) ? sweepFromJson(*json, report.parent_path())
                                       : sweepFromMobius(*json, report.parent_path());
    if (!overview) {
        return overview.error().withContext(where);
    }
    overview->path = report;
    std::stable_partition(overview->rows.begin(), overview->rows.end(),
                          [](const SweepRow &row) { return row.isBaseline; });
    return overview;
}

bool mayBeSweep(const fs::path &path)
{
    if (path.extension() != ".json") {
        return false;
    }
    const auto kind = kindOfFile(path);
    return kind && *kind == FileKind::Unknown;
}

std::optional<std::uint64_t> bytesOnDisk(const fs::path &path)
{
    constexpr std::size_t kMostFiles = 100'000;
    std::error_code problem;
    if (!fs::is_directory(path, problem)) {
        const auto size = fs::file_size(path, problem);
        return problem ? std::nullopt : std::optional<std::uint64_t>(size);
    }
    std::uint64_t bytes = 0;
    std::size_t seen = 0;
    for (fs::recursive_directory_iterator at(path, problem);
         !problem && at != fs::recursive_directory_iterator(); at.increment(problem)) {
        if (++seen > kMostFiles) {
            return std::nullopt;
        }
        std::error_code skipped;
        const auto size = at->is_regular_file(skipped) ? at->file_size(skipped) : 0;
        bytes += skipped ? 0 : size;
    }
    return problem ? std::nullopt : std::optional(bytes);
}

} // namespace syncpoint
