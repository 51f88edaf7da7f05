#include "core/run/ort_session.h"
#include "core/run/limited_allocator.h"
#include "core/run/ort_tensor.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <functional>
#include <onnxruntime_session_options_config_keys.h>
#include <thread>

namespace syncpoint {

namespace {
std::string lowerCase(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return text;
}

/// The runtime's messages are long and end with its own source lines; one sentence is enough.
std::string firstSentence(std::string text)
{
    text.erase(std::find(text.begin(), text.end(), '\n'), text.end());
    while (!text.empty() && (text.back() == '.' || text.back() == ' ')) {
        text.pop_back();
    }
    return text;
}

Error runtimeError(const std::filesystem::path &model, const Ort::Exception &problem)
{
    std::string text = firstSentence(problem.what());
    ErrorCode code = problem.GetOrtErrorCode() == ORT_NOT_IMPLEMENTED ? ErrorCode::Unsupported
                                                                      : ErrorCode::Runtime;
    constexpr std::array<std::string_view, 2> kOutOfMemory{"bad_alloc",
                                                           "Failed to allocate memory"};
    if (std::any_of(kOutOfMemory.begin(), kOutOfMemory.end(), [&text](std::string_view sign) {
            return text.find(sign) != std::string::npos;
        })) {
        code = ErrorCode::Limit;
        text = "there is not enough memory (" + text + ")";
    }
    return {code, fmt::format("running {}: {}", model.string(), text)};
}

/// Runs `body`, which may throw what the runtime throws.
template <typename T>
Result<T> guarded(const std::filesystem::path &model, const std::function<Result<T>()> &body)
{
    try {
        return body();
    } catch (const Ort::Exception &problem) {
        return runtimeError(model, problem);
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit,
                     fmt::format("running {}: there is not enough memory", model.string())};
    } catch (const std::exception &problem) {
        return Error{ErrorCode::Runtime,
                     fmt::format("running {}: {}", model.string(), firstSentence(problem.what()))};
    }
}

GraphOptimizationLevel levelOf(Optimization optimize)
{
    switch (optimize) {
    case Optimization::Basic:
        return ORT_ENABLE_BASIC;
    case Optimization::Extended:
        return ORT_ENABLE_EXTENDED;
    case Optimization::All:
        return ORT_ENABLE_ALL;
    case Optimization::None:
        break;
    }
    return ORT_DISABLE_ALL;
}

/// The two providers that predate the general call have calls of their own.
void appendKnown(Ort::SessionOptions &options, const std::string &provider)
{
    const OrtApi &api = Ort::GetApi();
    if (provider == "CUDAExecutionProvider") {
        OrtCUDAProviderOptionsV2 *cuda = nullptr;
        Ort::ThrowOnError(api.CreateCUDAProviderOptions(&cuda));
        const std::unique_ptr<OrtCUDAProviderOptionsV2, decltype(api.ReleaseCUDAProviderOptions)>
            owner(cuda, api.ReleaseCUDAProviderOptions);
        options.AppendExecutionProvider_CUDA_V2(*cuda);
    } else if (provider == "TensorrtExecutionProvider") {
        OrtTensorRTProviderOptionsV2 *tensorRt = nullptr;
        Ort::ThrowOnError(api.CreateTensorRTProviderOptions(&tensorRt));
        const std::unique_ptr<OrtTensorRTProviderOptionsV2,
                              decltype(api.ReleaseTensorRTProviderOptions)>
            owner(tensorRt, api.ReleaseTensorRTProviderOptions);
        options.AppendExecutionProvider_TensorRT_V2(*tensorRt);
    } else {
        options.AppendExecutionProvider(provider);
    }
}

Result<void> appendProvider(Ort::SessionOptions &options, const std::string &name)
{
    const std::string wanted = lowerCase(name);
    if (wanted.empty() || wanted == "cpu") {
        return {};
    }
    std::vector<std::string> known;
    for (const std::string &provider : Ort::GetAvailableProviders()) {
        known.push_back(lowerCase(provider.substr(0, provider.find("ExecutionProvider"))));
        if (known.back() != wanted) {
            continue;
        }
        try {
            appendKnown(options, provider);
            return {};
        } catch (const Ort::Exception &problem) {
            return Error{ErrorCode::Unsupported,
                         fmt::format("the provider '{}' does not work on this machine: {}", name,
                                     firstSentence(problem.what()))};
        }
    }
    return Error{ErrorCode::Unsupported,
                 fmt::format("this ONNX Runtime has no provider '{}'; it has {}", name,
                             fmt::join(known, ", "))};
}

/// What the runtime's state needs to live.
struct RuntimeState
{
    explicit RuntimeState(std::uint64_t memoryLimit)
        : allocator(memoryLimit), environment(ORT_LOGGING_LEVEL_ERROR, "syncpoint")
    {
        if (memoryLimit > 0) {
            Ort::ThrowOnError(Ort::GetApi().RegisterAllocator(environment, &allocator));
        }
    }
    LimitedAllocator allocator; // before its user: it goes last
    Ort::Env environment;
};

Result<Ort::SessionOptions> optionsFor(const SessionSettings &settings,
                                       const std::filesystem::path &model)
{
    Ort::SessionOptions options;
    options.SetGraphOptimizationLevel(levelOf(settings.optimize));
    if (settings.optimize == Optimization::None) {
        // As given means as given: this pass duplicates ops around quantization at every level,
        // and takes half of the loading time.
        options.AddConfigEntry(kOrtSessionOptionsDisableQuantQDQ, "1");
    }
    // An explicit count keeps the runtime from pinning threads to cores, which two runs side by
    // side would share.
    const std::size_t threads =
        settings.threads > 0 ? settings.threads : std::max(1U, std::thread::hardware_concurrency());
    options.SetIntraOpNumThreads(static_cast<int>(threads));
    options.SetInterOpNumThreads(1);
    options.AddConfigEntry(kOrtSessionOptionsConfigAllowIntraOpSpinning, "0");
    const auto folder = std::filesystem::absolute(model).parent_path();
    options.AddConfigEntry(kOrtSessionOptionsModelExternalInitializersFileFolderPath,
                           folder.c_str());
    if (!settings.optimizedModel.empty()) {
        options.SetOptimizedModelFilePath(settings.optimizedModel.c_str());
    }
    if (!settings.trace.empty()) {
        options.EnableProfiling(settings.trace.c_str());
    }
    for (const auto &[name, extent] : settings.freeExtents) {
        Ort::ThrowOnError(
            Ort::GetApi().AddFreeDimensionOverrideByName(options, name.c_str(), extent));
    }
    if (settings.limitsMemory) {
        options.AddConfigEntry(kOrtSessionOptionsConfigUseEnvAllocators, "1");
        options.AddConfigEntry(kOrtSessionOptionsUseDeviceAllocatorForInitializers, "1");
        options.DisableMemPattern(); // one block for everything wastes what it does not need now
    }
    if (auto appended = appendProvider(options, settings.provider); !appended) {
        return appended.error();
    }
    return options;
}
} // namespace

std::string runtimeName(const std::string &provider)
{
    std::string name = provider.empty() ? "cpu" : provider;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    return fmt::format("onnxruntime {} {}", Ort::GetVersionString(), name);
}

Result<std::shared_ptr<Ort::Env>> makeRuntime(std::uint64_t memoryLimit)
{
    using Made = std::shared_ptr<Ort::Env>;
    return guarded<Made>("ONNX Runtime", [memoryLimit]() -> Result<Made> {
        const auto state = std::make_shared<RuntimeState>(memoryLimit);
        return Made(state, &state->environment);
    });
}

Result<std::unique_ptr<OrtSession>> OrtSession::open(std::shared_ptr<Ort::Env> runtime,
                                                     const std::filesystem::path &model,
                                                     std::span<const std::byte> bytes,
                                                     const SessionSettings &settings)
{
    using Opened = std::unique_ptr<OrtSession>;
    return guarded<Opened>(model, [&]() -> Result<Opened> {
        auto options = optionsFor(settings, model);
        if (!options) {
            return options.error();
        }
        Opened session(new OrtSession);
        session->m_runtime = std::move(runtime);
        session->m_model = model;
        if (bytes.empty()) {
            session->m_session.emplace(*session->m_runtime, model.c_str(), *options);
        } else {
            session->m_session.emplace(*session->m_runtime, bytes.data(), bytes.size(), *options);
        }
        session->readPorts();
        return session;
    });
}

void OrtSession::readPorts()
{
    Ort::AllocatorWithDefaultOptions allocator;
    for (std::size_t i = 0; i < m_session->GetInputCount(); ++i) {
        ModelPort port;
        port.name = m_session->GetInputNameAllocated(i, allocator).get();
        const Ort::TypeInfo type = m_session->GetInputTypeInfo(i);
        if (type.GetONNXType() == ONNX_TYPE_TENSOR) {
            const auto info = type.GetTensorTypeAndShapeInfo();
            port.dtype = dtypeFromOrt(info.GetElementType());
            port.shape = info.GetShape();
            std::vector<const char *> symbols(port.shape.size(), "");
            if (!symbols.empty()) {
                info.GetSymbolicDimensions(symbols.data(), symbols.size());
            }
            port.symbols.assign(symbols.begin(), symbols.end());
        }
        m_inputs.push_back(std::move(port));
    }
    for (std::size_t i = 0; i < m_session->GetOutputCount(); ++i) {
        m_outputs.emplace_back(m_session->GetOutputNameAllocated(i, allocator).get());
    }
}

Result<std::vector<Result<Tensor>>> OrtSession::run(std::span<const Tensor> inputs)
{
    using Outputs = std::vector<Result<Tensor>>;
    return guarded<Outputs>(m_model, [&]() -> Result<Outputs> {
        std::vector<const char *> inputNames;
        std::vector<Ort::Value> inputValues;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            auto value = ortFromTensor(inputs[i]);
            if (!value) {
                return value.error().withContext(fmt::format("input '{}'", m_inputs[i].name));
            }
            inputNames.push_back(m_inputs[i].name.c_str());
            inputValues.push_back(*std::move(value));
        }
        std::vector<const char *> outputNames;
        for (const std::string &name : m_outputs) {
            outputNames.push_back(name.c_str());
        }
        auto values =
            m_session->Run(Ort::RunOptions{nullptr}, inputNames.data(), inputValues.data(),
                           inputValues.size(), outputNames.data(), outputNames.size());
        Outputs outputs;
        for (Ort::Value &value : values) {
            outputs.push_back(tensorFromOrt(std::make_shared<Ort::Value>(std::move(value))));
        }
        return outputs;
    });
}

Result<std::filesystem::path> OrtSession::endTrace()
{
    using Path = std::filesystem::path;
    return guarded<Path>(m_model, [&]() -> Result<Path> {
        Ort::AllocatorWithDefaultOptions allocator;
        return Path(m_session->EndProfilingAllocated(allocator).get());
    });
}

} // namespace syncpoint
