#pragma once
#include "core/formats/exporter.h"

#include <memory>

namespace syncpoint {

/// All that a dump holds as a Syncpoint dump (docs/dump-format.md).
std::unique_ptr<DumpExporter> makeHdf5Exporter();

} // namespace syncpoint
