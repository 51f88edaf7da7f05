#pragma once
#include "compare/sweep/sweep_overview.h"

#include <nlohmann/json_fwd.hpp>

namespace syncpoint {

/// What möbius (FluidInference/mobius) writes of a conversion: quantization_summary.json in each of
/// its forms, metadata.json, comparison_results.json. `folder` is where the report lies: packages
/// of variants are looked for there. Tolerant: an object with a size or a latency is a row, named
/// by the keys above it. Fails without any row. Source of the fields: quantize_coreml.py,
/// compare-components.py and convert-parakeet.py of that project.
Result<SweepOverview> sweepFromMobius(const nlohmann::json &document,
                                      const std::filesystem::path &folder);

} // namespace syncpoint
