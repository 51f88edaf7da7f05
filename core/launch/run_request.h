#pragma once
#include "core/base/result.h"
#include "core/launch/input_source.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace syncpoint {

/// How far the runtime may rewrite the model before it is run and captured.
enum class Optimization { None, Basic, Extended, All };

/// One job for syncpoint-runner: run `model`, capture, write `output`.
struct RunRequest
{
    std::filesystem::path model;
    std::filesystem::path output; ///< dump to write
    InputSource inputs;
    Optimization optimize = Optimization::None;
    std::string provider = "cpu";
    bool capture = true; ///< false: only inputs and outputs are written
    std::string only;    ///< regular expression on value names; "" captures all
    /// false: the dump is only read together with its model, right after the run; what is known
    /// from the model (graph, names, ops, checksum) is left out.
    bool standalone = true;
    /// Also runs the model as it is shipped, without taps and with all of the runtime's
    /// optimizations, and stores its outputs apart: taps and levels below change numbers.
    bool plainOutputs = true;
    std::size_t warmup = 0;
    std::size_t repeat = 0;        ///< timed runs without taps; 0 measures nothing
    std::size_t repeatCapture = 0; ///< further captures, for the noise floor
    std::size_t threads = 0;       ///< 0: the runtime's default
    int gzip = 0;
    /// Most bytes that running takes besides the model's weights; what is captured is then split
    /// into several runs. 0: any.
    std::uint64_t memoryLimit = 0;
    /// A run that fails or is stopped leaves what was captured until then, marked as partial.
    bool keepPartial = false;
    /// Runs the model in pieces: ops that read a value named here get it from `inputs.file`, a dump
    /// in whose first sample values of all samples may stand. The dump written holds `wanted` only.
    std::vector<std::string> fed;
    std::vector<std::string> wanted; ///< values to compute anew; empty: an ordinary run
};

/// The JSON that the runner takes on standard input (docs/runner-protocol.md).
std::string toJson(const RunRequest &request);
/// Strict: unknown members, wrong types and values out of range are errors of code BadInput.
Result<RunRequest> runRequestFromJson(const std::string &text);

Result<Optimization> optimizationFromName(const std::string &name); ///< "none", "basic", …
std::string_view optimizationName(Optimization level);

} // namespace syncpoint
