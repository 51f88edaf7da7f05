#pragma once
#include "compare/align/aligner.h"
#include "core/base/result.h"

#include <QString>

namespace syncpoint {

/// Writes the map as --map reads it (docs/alignment.md, "The map file"). Nothing half-written is
/// left behind.
Result<void> writeManualMap(const ManualMap &map, const QString &file);

} // namespace syncpoint
