#pragma once
#include "core/base/diagnostic.h"
#include "core/run/input_data.h"
#include "core/run/sample_split.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace syncpoint {

/// Pictures for an input of shape [N, C, H, W] or [N, H, W, C], without N too; every N files in
/// their order are a sample. C is 1 (brightness, ITU-R BT.601), 3 (RGB) or 4 (with alpha). A
/// picture is resized to H × W, or keeps its size where those are free. Floating-point inputs get
/// (level / 255 − mean) / std, integer inputs the levels 0 to 255. Fails, naming the input, when
/// the input takes no pictures, and, naming the file, when one cannot be read.
Result<std::shared_ptr<const InputData>> pictureData(std::vector<std::filesystem::path> files,
                                                     const ModelPort &port,
                                                     const PictureSettings &settings);

} // namespace syncpoint
