#pragma once
#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/launch/run_request.h"
#include "core/run/sample_split.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <onnxruntime_cxx_api.h>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// "onnxruntime 1.30.0 CPU"
std::string runtimeName(const std::string &provider);

/// The runtime's process-wide state. Takes tens of milliseconds to make: do it once. With a limit
/// in bytes, sessions that ask for it (SessionSettings::limitsMemory) share that much memory for
/// everything but weights, and a run that needs more fails with code Limit.
Result<std::shared_ptr<Ort::Env>> makeRuntime(std::uint64_t memoryLimit = 0);

/// How a model is loaded.
struct SessionSettings
{
    Optimization optimize = Optimization::None;
    std::string provider = "cpu";
    std::size_t threads = 0;              ///< 0: one per core this process may use
    std::filesystem::path optimizedModel; ///< where to write the rewritten model; empty: nowhere
    std::filesystem::path trace;          ///< prefix of the profile's file; empty: no profile
    std::map<std::string, std::int64_t> freeExtents; ///< fixes named free extents of inputs
    bool limitsMemory = false; ///< takes memory from the runtime's limited store (makeRuntime())
};

/// A loaded model. One run at a time.
class OrtSession
{
public:
    /// Loads `model`, or `bytes` in its place (external data is still found beside `model`).
    /// `bytes` are not needed afterwards.
    static Result<std::unique_ptr<OrtSession>> open(std::shared_ptr<Ort::Env> runtime,
                                                    const std::filesystem::path &model,
                                                    std::span<const std::byte> bytes,
                                                    const SessionSettings &settings);

    const std::vector<ModelPort> &inputs() const { return m_inputs; }
    const std::vector<std::string> &outputs() const { return m_outputs; }

    /// One result per output, in their order; an error in place of a value that is not a tensor.
    Result<std::vector<Result<Tensor>>> run(std::span<const Tensor> inputs);
    /// Ends the profile and names its file.
    Result<std::filesystem::path> endTrace();

private:
    OrtSession() = default;
    void readPorts();
    std::shared_ptr<Ort::Env> m_runtime;
    std::filesystem::path m_model;
    std::optional<Ort::Session> m_session;
    std::vector<ModelPort> m_inputs;
    std::vector<std::string> m_outputs;
};

} // namespace syncpoint
