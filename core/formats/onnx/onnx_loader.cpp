#include "core/formats/onnx/onnx_loader.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/onnx/onnx_parser.h"
#include "core/formats/onnx/tensor_reader.h"
#include "core/formats/onnx/translator.h"
#include "core/formats/protobuf_cursor.h"
#include "core/graph/graph_builder.h"

#include <fmt/format.h>
#include <new>

namespace syncpoint {

namespace {
constexpr std::int64_t kNewestIr = 14;
constexpr std::int64_t kNewestOpset = 26;
constexpr std::size_t kLongestFact = 4096;

/// The first fields of a ModelProto: an IR version, then short strings.
ProbeAnswer probeContent(std::string_view start)
{
    ProtobufCursor cursor(start);
    if (!cursor.next()) {
        return ProbeAnswer::No;
    }
    if (cursor.field() == varintField(1)) {
        const std::uint64_t irVersion = cursor.varint();
        const bool isPlausible = irVersion >= 1 && irVersion < 100 && cursor.next() &&
                                 cursor.field() >= bytesField(2) &&
                                 cursor.field() <= bytesField(26);
        return isPlausible ? ProbeAnswer::Yes : ProbeAnswer::No;
    }
    return ProbeAnswer::No;
}

ModelInfo infoOf(const OnnxModel &model, const std::filesystem::path &path)
{
    ModelInfo info;
    info.path = path.string();
    info.format = "onnx";
    info.producer = model.producer;
    if (!model.producerVersion.empty()) {
        info.producer += " " + std::string(model.producerVersion);
    }
    const auto add = [&info](std::string_view key, std::string_view value) {
        info.facts.emplace_back(key.substr(0, kLongestFact), value.substr(0, kLongestFact));
    };
    add("IR version", std::to_string(model.irVersion));
    for (const OnnxOpset &opset : model.opsets) {
        const bool isDefault = opset.domain.empty() || opset.domain == "ai.onnx";
        add(isDefault ? "opset" : fmt::format("opset {}", opset.domain),
            std::to_string(opset.version));
    }
    if (!model.graph.name.empty()) {
        add("graph", model.graph.name);
    }
    for (const OnnxEntry &entry : model.metadata) {
        add(entry.key, entry.value);
    }
    return info;
}

void noteNewerVersions(const OnnxModel &model, GraphBuilder &builder)
{
    if (model.irVersion > kNewestIr) {
        builder.addDiagnostic(
            {Diagnostic::Severity::Info, "",
             fmt::format("IR version {} is newer than the known {}; unknown parts "
                         "are left out",
                         model.irVersion, kNewestIr)});
    }
    for (const OnnxOpset &opset : model.opsets) {
        if (opset.domain.empty() && opset.version > kNewestOpset) {
            builder.addDiagnostic(
                {Diagnostic::Severity::Info, "",
                 fmt::format("opset {} is newer than the known {}", opset.version, kNewestOpset)});
        }
    }
}

class OnnxLoader final : public GraphLoader
{
public:
    FormatInfo format() const override
    {
        return {"onnx", "ONNX model", "*.onnx",
                "all IR versions and op sets, external data, subgraphs, local functions, compiled "
                "parts (EPContext) as placement"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (file.isDirectory) {
            return ProbeAnswer::No;
        }
        if (file.extension == ".onnx") {
            return ProbeAnswer::Yes;
        }
        return probeContent(asText(file.start)) == ProbeAnswer::Yes ? ProbeAnswer::Maybe
                                                                    : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const Graph>> load(const std::filesystem::path &path,
                                              const JobContext &job) const override
    {
        auto file = MappedFile::open(path);
        if (!file) {
            return file.error();
        }
        const std::string_view content = asText((*file)->bytes());
        if (content.empty()) {
            return Error{ErrorCode::BadFormat, "the file is empty"};
        }
        auto model = parseOnnxModel(content);
        if (!model) {
            return probeContent(content) == ProbeAnswer::Yes
                       ? model.error()
                       : model.error().withContext("not an ONNX model");
        }
        job.beginStage("loading", model->graph.nodes.size());
        GraphBuilder builder(infoOf(*model, path));
        noteNewerVersions(*model, builder);
        Diagnostics diagnostics;
        OnnxTensorReader tensors(path, *file, diagnostics);
        if (auto done = translateOnnxModel(*model, tensors, builder, job); !done) {
            return done.error();
        }
        for (Diagnostic &diagnostic : diagnostics) {
            builder.addDiagnostic(std::move(diagnostic));
        }
        return builder.build();
    }
};
} // namespace

std::unique_ptr<GraphLoader> makeOnnxLoader()
{
    return std::make_unique<OnnxLoader>();
}

} // namespace syncpoint
