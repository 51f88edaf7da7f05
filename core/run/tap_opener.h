#pragma once
#include "core/base/diagnostic.h"
#include "core/run/ort_session.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// Loads a model with values marked as further outputs.
class TapOpener
{
public:
    using Opened = Result<std::unique_ptr<OrtSession>>;

    TapOpener(std::shared_ptr<Ort::Env> runtime, std::filesystem::path model,
              SessionSettings settings);

    /// When the runtime refuses the taps, those it refuses are searched for by halving and left
    /// out, each with a diagnostic; when it refuses the model itself, that is the error.
    Opened open(std::span<const std::string> taps, Diagnostics &refused) const;

private:
    Opened openAll(std::span<const std::string> taps) const;
    void sort(std::span<const std::string> taps, std::vector<std::string> &taken,
              Diagnostics &refused) const;

    std::shared_ptr<Ort::Env> m_runtime;
    std::filesystem::path m_model;
    SessionSettings m_settings;
};

} // namespace syncpoint
