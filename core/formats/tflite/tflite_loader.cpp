#include "core/formats/tflite/tflite_loader.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/flatbuffer.h"
#include "core/formats/tflite/model_buffers.h"
#include "core/formats/tflite/signatures.h"
#include "core/formats/tflite/translator.h"
#include "core/graph/graph_builder.h"

#include <fmt/format.h>
#include <tflite_generated.h>

namespace syncpoint {

namespace {
constexpr std::uint32_t kSchemaVersion = 3;
constexpr std::size_t kLongestFact = 256;

bool hasIdentifier(std::span<const std::byte> start)
{
    return start.size() >= 8 && asText(start.subspan(4, 4)) == tflite::ModelIdentifier();
}

/// Metadata that is a short text; what is behind a terminating zero is padding.
std::string factText(std::span<const std::byte> bytes)
{
    const std::string_view text = asText(bytes);
    return std::string(text.substr(0, std::min(text.find('\0'), kLongestFact)));
}

ModelInfo infoOf(const tflite::Model &model, const TfliteSignatures &signatures,
                 const TfliteBuffers &buffers, const std::filesystem::path &path)
{
    ModelInfo info;
    info.path = path.string();
    info.format = "tflite";
    info.producer = textOf(model.description()).substr(0, kLongestFact);
    info.facts.emplace_back("schema version", std::to_string(model.version()));
    for (std::uint32_t i = 0; i < countOf(model.metadata()); ++i) {
        const auto *entry = model.metadata()->Get(i);
        const auto bytes = buffers.bytes(entry->buffer());
        if (!bytes) {
            continue;
        }
        if (textOf(entry->name()) == "min_runtime_version" && !factText(*bytes).empty()) {
            info.facts.emplace_back("minimum runtime", factText(*bytes));
        } else if (textOf(entry->name()) == "vela_version") {
            info.facts.emplace_back("compiled by Vela", factText(*bytes));
        }
    }
    for (auto &fact : signatures.facts()) {
        info.facts.push_back(std::move(fact));
    }
    return info;
}

class TfliteLoader final : public GraphLoader
{
public:
    FormatInfo format() const override
    {
        return {"tflite", "TensorFlow Lite model", "*.tflite *.lite",
                "all subgraphs and signatures, per-channel and blockwise quantization, custom ops, "
                "debug metadata"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (file.isDirectory) {
            return ProbeAnswer::No;
        }
        if (hasIdentifier(file.start)) {
            return ProbeAnswer::Yes;
        }
        return file.extension == ".tflite" || file.extension == ".lite" ? ProbeAnswer::Maybe
                                                                        : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const Graph>> load(const std::filesystem::path &path,
                                              const JobContext &job) const override
    {
        auto file = MappedFile::open(path);
        if (!file) {
            return file.error();
        }
        const auto bytes = (*file)->bytes();
        if (!hasIdentifier(bytes)) {
            return Error{ErrorCode::BadFormat,
                         "not a TensorFlow Lite model: 'TFL3' is missing at byte 4"};
        }
        const auto *model = checkedFlatbuffer<tflite::Model>(bytes, tflite::ModelIdentifier());
        if (model == nullptr) {
            return Error{ErrorCode::BadFormat,
                         fmt::format("the model is damaged or cut off: one of its tables leads out "
                                     "of the file of {} bytes",
                                     bytes.size())};
        }
        job.beginStage("loading", countOf(model->subgraphs()) == 0
                                      ? 0
                                      : countOf(model->subgraphs()->Get(0)->operators()));
        const TfliteSignatures signatures(*model);
        GraphBuilder builder(infoOf(*model, signatures, TfliteBuffers(*file, *model), path));
        if (model->version() != kSchemaVersion) {
            builder.addDiagnostic({Diagnostic::Severity::Warning, "",
                                   fmt::format("schema version {} is not the known {}",
                                               model->version(), kSchemaVersion)});
        }
        if (auto done = translateTfliteModel(*model, *file, signatures, builder, job); !done) {
            return done.error();
        }
        return builder.build();
    }
};
} // namespace

std::unique_ptr<GraphLoader> makeTfliteLoader()
{
    return std::make_unique<TfliteLoader>();
}

} // namespace syncpoint
