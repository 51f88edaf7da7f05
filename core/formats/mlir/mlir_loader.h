#pragma once
#include "core/formats/loader.h"

#include <memory>

namespace syncpoint {

/// StableHLO and other dialects of MLIR as text.
std::unique_ptr<GraphLoader> makeMlirLoader();

} // namespace syncpoint
