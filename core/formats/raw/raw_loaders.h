#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// A folder of files without headers that a manifest.json describes (README of this folder).
std::unique_ptr<TensorLoader> makeManifestLoader();
/// The output folder of qnn-net-run with the converter's *_net.json in it.
std::unique_ptr<TensorLoader> makeQnnLoader();
/// What trtexec --exportOutput writes.
std::unique_ptr<TensorLoader> makeTensorRtOutputLoader();

} // namespace syncpoint
