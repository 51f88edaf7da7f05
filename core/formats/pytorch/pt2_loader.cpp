#include "core/formats/pytorch/pt2_loader.h"

#include "core/base/byte_reader.h"
#include "core/formats/bounded_json.h"
#include "core/formats/pytorch/program_files.h"
#include "core/formats/pytorch/program_json.h"
#include "core/formats/pytorch/program_translator.h"
#include "core/formats/pytorch/program_weights.h"
#include "core/formats/pytorch/storages.h"
#include "core/graph/graph_builder.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace syncpoint {
namespace {

using pytorch::Json;

constexpr std::int64_t kNewestSchema = 8;

std::int64_t numberIn(const Json &object, const char *key)
{
    const Json *number = pytorch::fieldOf(object, key);
    return number != nullptr && number->is_number_integer() ? number->get<std::int64_t>() : 0;
}

ModelInfo infoOf(const Json &program, const std::filesystem::path &path)
{
    ModelInfo info;
    info.path = path.string();
    info.format = "pt2";
    const std::string_view version = pytorch::textOf(program, "torch_version");
    info.producer = version.empty() ? "PyTorch" : fmt::format("PyTorch {}", version);
    if (const Json *schema = pytorch::fieldOf(program, "schema_version")) {
        info.facts.emplace_back(
            "schema", fmt::format("{}.{}", numberIn(*schema, "major"), numberIn(*schema, "minor")));
    }
    if (const Json *opsets = pytorch::fieldOf(program, "opset_version")) {
        for (auto each = opsets->begin(); opsets->is_object() && each != opsets->end(); ++each) {
            info.facts.emplace_back(fmt::format("opset {}", each.key()), each->dump());
        }
    }
    for (const Json &verifier : pytorch::listOf(program, "verifiers")) {
        info.facts.emplace_back("dialect", verifier.is_string() ? verifier.get<std::string>() : "");
    }
    return info;
}

void note(GraphBuilder &builder, std::string text)
{
    builder.addDiagnostic({Diagnostic::Severity::Info, "", std::move(text)});
}

class Pt2Loader final : public GraphLoader
{
public:
    FormatInfo format() const override
    {
        return {"pt2", "PyTorch exported program", "*.pt2",
                "torch.export archives of both layouts, weights, subgraphs, source lines; no code "
                "is run"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (file.isDirectory) {
            return ProbeAnswer::No;
        }
        if (pytorch::isProgramMember(firstZipMember(file.start))) {
            return ProbeAnswer::Yes;
        }
        return file.extension == ".pt2" ? ProbeAnswer::Maybe : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const Graph>> load(const std::filesystem::path &path,
                                              const JobContext &job) const override
    {
        const auto archive = ZipArchive::open(path, pytorch::kArchiveLimits);
        if (!archive) {
            return archive.error();
        }
        const auto files = pytorch::findProgram(**archive);
        if (!files) {
            return files.error();
        }
        const std::string &member = (*archive)->members()[files->program].name;
        const auto text = (*archive)->contents(files->program);
        const auto program = text ? parseBoundedJson(asText(text->bytes)) : text.error();
        if (!program) {
            return program.error().withContext(member);
        }
        auto weights = pytorch::readProgramWeights(**archive, *files);
        if (!weights) {
            return weights.error();
        }
        job.beginStage("loading");
        GraphBuilder builder(infoOf(*program, path));
        noteWhatIsLeftOut(*files, *program, builder);
        auto done = pytorch::translateProgram(*program, *std::move(weights), builder, job);
        return done ? builder.build() : done.error().withContext(member);
    }

private:
    static void noteWhatIsLeftOut(const pytorch::ProgramFiles &files, const Json &program,
                                  GraphBuilder &builder)
    {
        for (const std::string &other : files.otherPrograms) {
            note(builder, fmt::format("the archive also holds the program '{}'", other));
        }
        const Json *schema = pytorch::fieldOf(program, "schema_version");
        const std::int64_t major = schema == nullptr ? 0 : numberIn(*schema, "major");
        if (major > kNewestSchema) {
            note(builder,
                 fmt::format("schema version {} is newer than the known {}", major, kNewestSchema));
        }
    }
};

} // namespace

std::unique_ptr<GraphLoader> makePt2Loader()
{
    return std::make_unique<Pt2Loader>();
}

} // namespace syncpoint
