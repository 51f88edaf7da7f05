#pragma once
#include "core/formats/exporter.h"

#include <memory>

namespace syncpoint {

/// A folder of test_data_set_N, one per sample, with input_K.pb and output_K.pb: in the order of
/// the model's inputs and outputs where the dump has its graph, else in the dump's.
std::unique_ptr<DumpExporter> makeOnnxTestDataExporter();

} // namespace syncpoint
