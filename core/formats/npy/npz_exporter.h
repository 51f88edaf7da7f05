#pragma once
#include "core/formats/exporter.h"

#include <memory>

namespace syncpoint {

/// One sample as a NumPy archive: stored members, as numpy.savez() writes them.
std::unique_ptr<DumpExporter> makeNpzExporter();

} // namespace syncpoint
