#pragma once
#include "compare/session/session_config.h"
#include "core/base/diagnostic.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncpoint {

/// How well a variant reproduces the baseline, by one measure.
struct SweepQuality
{
    std::string measure;         ///< "PSNR (range)", "1 − relative L2 error"
    std::string unit;            ///< "dB", "" for a plain number
    std::optional<double> value; ///< nothing: there is no difference at all
    bool higherIsBetter = true;
};

/// Scores of one model output; nothing where the metric is not defined or infinite.
struct SweepOutput
{
    std::string name;
    std::optional<double> psnr, sqnr;
};

/// What was measured of one variant or, where a report tells them apart, of one of its components.
struct SweepRow
{
    std::string variant;   ///< "int8"; in sweeps of our own the path as it was given
    std::string component; ///< "encoder"; "" for a whole model
    bool isBaseline = false;
    std::filesystem::path model; ///< what to open; empty when it was not found
    std::optional<std::uint64_t> bytes;
    std::optional<double> latency; ///< microseconds: the median, or the mean of other tools
    std::optional<SweepQuality> quality;
    std::optional<SweepQuality> worst; ///< of the worst sync point
    std::string worstAt;
    std::optional<double> coverage;
    std::vector<SweepOutput> outputs;
    std::string error; ///< why there are no scores
    /// What else the report says: ("compile ms", "812.4").
    std::vector<std::pair<std::string, std::string>> facts;
};

/// Variants of one model side by side, from a sweep of our own or from another tool's report.
struct SweepOverview
{
    std::filesystem::path path; ///< the report; empty for a sweep that was just made
    std::string source;         ///< "Syncpoint", "möbius"
    /// What every pair is compared with; the candidate's model is the row's.
    SessionConfig config;
    std::vector<SweepRow> rows; ///< baselines first
};

/// The baseline of the row's component; null when the report has none.
const SweepRow *baselineOf(const SweepOverview &overview, const SweepRow &row);
/// The comparison of a row with its baseline; nothing when one of the models is not at hand.
std::optional<SessionConfig> comparisonOf(const SweepOverview &overview, const SweepRow &row);

/// Reads the JSON of `sweep --json`, or what möbius writes: quantization_summary.json,
/// metadata.json and other files of the same measurements; a folder that holds one of the two.
/// The error reads `loading FILE: …`.
Result<SweepOverview> readSweep(const std::filesystem::path &path);
/// Whether a file that somebody drops or names could be such a report: JSON that is no model and no
/// dump. Cheap.
bool mayBeSweep(const std::filesystem::path &path);

/// Bytes of a file, or of all files in a folder such as a model package; nothing when unreadable.
std::optional<std::uint64_t> bytesOnDisk(const std::filesystem::path &path);

} // namespace syncpoint
