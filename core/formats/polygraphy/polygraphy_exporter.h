#pragma once
#include "core/formats/exporter.h"

#include <memory>

namespace syncpoint {

/// Samples as iterations of one runner, as Polygraphy's --load-outputs takes them; a dump of inputs
/// alone as --load-inputs takes them.
std::unique_ptr<DumpExporter> makePolygraphyExporter();

} // namespace syncpoint
