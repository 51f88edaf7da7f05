#include "core/formats/coreml/coreml_loader.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/coreml/compiled_metadata.h"
#include "core/formats/coreml/coreml_model.h"
#include "core/formats/coreml/coreml_package.h"
#include "core/formats/coreml/debug_handles.h"
#include "core/formats/coreml/mil_proto.h"
#include "core/formats/coreml/mil_tensors.h"
#include "core/formats/coreml/mil_text.h"
#include "core/formats/coreml/mil_translator.h"
#include "core/formats/coreml/neural_network.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace syncpoint {

namespace {
namespace fs = std::filesystem;

/// Adds the handles to the ops that are still in the builder.
void addDebugHandles(const fs::path &path, GraphBuilder &builder)
{
    const auto handles = readDebugHandles(path);
    if (!handles) {
        builder.addDiagnostic(
            {Diagnostic::Severity::Warning, path.filename().string(), handles.error().message});
        return;
    }
    for (std::size_t i = 0; i < builder.nodes().size(); ++i) {
        for (const ValueId output : builder.nodes()[i].outputs) {
            const auto found = output.isValid()
                                   ? handles->find(builder.values()[output.index()].name)
                                   : handles->end();
            if (found != handles->end()) {
                builder.edit(NodeId{i}).metadata.emplace_back(
                    "debug_handle", fmt::format("{}", fmt::join(found->second, ", ")));
                break;
            }
        }
    }
}

Error otherKind(std::uint32_t field)
{
    constexpr std::uint32_t kFirstPipeline = 200, kLastPipeline = 202;
    if (field >= kFirstPipeline && field <= kLastPipeline) {
        return {ErrorCode::Unsupported,
                "this Core ML model is a pipeline; open its stages as models of their own"};
    }
    return {field == 0 ? ErrorCode::BadFormat : ErrorCode::Unsupported,
            field == 0
                ? std::string("not a Core ML model: it has no network")
                : fmt::format("this Core ML model is no neural network (model type {})", field)};
}

Result<void> loadProtobuf(const std::shared_ptr<const MappedFile> &file, GraphBuilder &builder,
                          Diagnostics &diagnostics, const JobContext &job)
{
    const std::string_view content = asText(file->bytes());
    const auto model = parseCoreMlModel(content);
    if (!model) {
        return model.error();
    }
    builder.info().producer = model->producer;
    builder.info().facts.emplace_back("specification", std::to_string(model->specification));
    builder.info().facts.insert(builder.info().facts.end(), model->facts.begin(),
                                model->facts.end());
    if (!model->program.empty()) {
        const auto program = parseMilProto(content, model->program);
        if (!program) {
            return program.error();
        }
        MilTensors tensors(file, diagnostics);
        return translateMil(*program, model->defaultFunction, tensors, builder, job);
    }
    if (!model->neuralNetwork.empty()) {
        return translateNeuralNetwork(*model, file, builder, job);
    }
    return otherKind(model->otherKind);
}

Result<void> loadText(const std::shared_ptr<const MappedFile> &file, GraphBuilder &builder,
                      Diagnostics &diagnostics, const JobContext &job)
{
    const auto program = parseMilText(asText(file->bytes()));
    if (!program) {
        return program.error();
    }
    MilTensors tensors(file, diagnostics);
    return translateMil(*program, "main", tensors, builder, job);
}

class CoreMlLoader final : public GraphLoader
{
public:
    FormatInfo format() const override
    {
        return {"coreml", "Core ML model", "*.mlpackage *.mlmodel *.mlmodelc",
                "programs with compressed weights (as stored or compiled), neural networks"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        const bool isKnown = file.extension == ".mlpackage" || file.extension == ".mlmodel" ||
                             file.extension == ".mlmodelc";
        if (isKnown) {
            return ProbeAnswer::Yes;
        }
        if (file.isDirectory) {
            std::error_code error;
            const bool isModel = fs::exists(file.path / "model.mil", error) ||
                                 fs::exists(file.path / "Data" / "com.apple.CoreML", error);
            return isModel ? ProbeAnswer::Yes : ProbeAnswer::No;
        }
        return asText(file.start).starts_with("program(") ? ProbeAnswer::Yes : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const Graph>> load(const fs::path &path,
                                              const JobContext &job) const override
    {
        const auto package = openCoreMlPackage(path);
        if (!package) {
            return package.error();
        }
        auto file = MappedFile::open(package->model);
        if (!file) {
            return file.error();
        }
        ModelInfo info;
        info.path = path.string();
        info.format = "coreml";
        GraphBuilder builder(std::move(info));
        Diagnostics diagnostics;
        const bool isText = package->form == CoreMlPackage::Form::Text;
        if (isText && !package->metadata.empty()) {
            readCompiledMetadata(package->metadata, builder.info());
        }
        auto done = (isText ? loadText : loadProtobuf)(*file, builder, diagnostics, job);
        if (!done) {
            return fs::is_directory(path)
                       ? done.error().withContext(package->model.lexically_relative(path).string())
                       : done.error();
        }
        if (!package->debugHandles.empty()) {
            addDebugHandles(package->debugHandles, builder);
        }
        for (Diagnostic &diagnostic : diagnostics) {
            builder.addDiagnostic(std::move(diagnostic));
        }
        return builder.build();
    }
};
} // namespace

std::unique_ptr<GraphLoader> makeCoreMlLoader()
{
    return std::make_unique<CoreMlLoader>();
}

} // namespace syncpoint
