#pragma once
#include "core/base/diagnostic.h"
#include "core/run/input_data.h"
#include "core/run/sample_split.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace syncpoint {

/// Sounds for an input of shape [T], [N, T] or [N, C, T] with N 1: floating-point inputs get values
/// in [−1, 1), int16 inputs those of 16-bit PCM. Where T is fixed every T frames are a sample, the
/// last one filled up with silence; else every file is one. Inputs without C, or with C 1, get the
/// mean of the file's channels. `notes` says the rates, which no model tells, and what was filled.
/// Fails, naming the input, when it takes no sound, and, naming the file, when one cannot be read.
Result<std::shared_ptr<const InputData>> soundData(const std::vector<std::filesystem::path> &files,
                                                   const ModelPort &port, Diagnostics &notes);

} // namespace syncpoint
