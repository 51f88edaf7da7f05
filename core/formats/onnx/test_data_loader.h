#pragma once
#include "core/formats/loader.h"

#include <memory>

namespace syncpoint {

/// Reads the folders in which ONNX models keep test data: input_0.pb, output_0.pb, … are one sample
/// of serialized TensorProto messages; test_data_set_0, test_data_set_1, … below the folder are
/// several. A tensor without a name is named after its file.
std::unique_ptr<TensorLoader> makeOnnxTestDataLoader();

} // namespace syncpoint
