#pragma once
#include "compare/sweep/sweep_overview.h"

#include <nlohmann/json_fwd.hpp>

namespace syncpoint {

/// The document of `sweep --json` (docs/sweep.md). `folder` is where it will lie: paths to models
/// are written relative to it.
std::string sweepJson(const SweepOverview &overview, const std::filesystem::path &folder);

/// Whether the document is one of sweepJson().
bool isSweepJson(const nlohmann::json &document);
/// Tolerant: what is missing or of another type reads as unknown. Fails without any row.
Result<SweepOverview> sweepFromJson(const nlohmann::json &document,
                                    const std::filesystem::path &folder);

} // namespace syncpoint
