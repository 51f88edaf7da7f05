#pragma once
#include "core/formats/exporter.h"

#include <memory>

namespace syncpoint {

/// One sample as a .safetensors file, laid out as the format's own library does.
std::unique_ptr<DumpExporter> makeSafetensorsExporter();

} // namespace syncpoint
