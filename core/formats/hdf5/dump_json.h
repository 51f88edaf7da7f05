#pragma once
#include "core/base/result.h"
#include "core/graph/graph.h"
#include "core/tensor/tensor_dump.h"

#include <memory>
#include <string>
#include <string_view>

namespace syncpoint::hdf5 {

/// The "/graph" text of a dump (docs/dump-format.md) and back. Values get type and shape, and
/// parameters their numbers, from `tensors`, the first sample, which may be null.
std::string graphToJson(const Graph &graph);
Result<std::shared_ptr<const Graph>> graphFromJson(std::string_view json, ModelInfo info,
                                                   const TensorStore *tensors);

/// The "/profile" text of a dump and back. Reading takes the bare NaN and Infinity that Python
/// writes as missing numbers.
std::string profileToJson(const RunProfile &profile);
Result<RunProfile> profileFromJson(std::string_view json);

/// The "/noise" text of a dump and back.
std::string noiseToJson(const NoiseFloor &noise);
Result<NoiseFloor> noiseFromJson(std::string_view json);

} // namespace syncpoint::hdf5
