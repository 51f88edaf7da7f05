#include "core/formats/mlir/mlir_loader.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/mlir/mlir_translator.h"

namespace syncpoint {

namespace {
class MlirLoader final : public GraphLoader
{
public:
    FormatInfo format() const override
    {
        return {"mlir", "StableHLO or other MLIR text", "*.mlir *.stablehlo",
                "ops of any dialect, pretty or generic, regions, constants, called functions in "
                "place, modules and source lines from loc()"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view start = asText(file.start);
        const bool isNamed = file.extension == ".mlir" || file.extension == ".stablehlo";
        const bool hasFunction = start.find("func.func") != std::string_view::npos ||
                                 start.find("stablehlo.") != std::string_view::npos;
        const bool isText = start.find('\0') == std::string_view::npos;
        const bool isModule = start.starts_with("module") || start.starts_with("#loc") ||
                              start.starts_with("func.func") ||
                              start.starts_with("\"builtin.module\"");
        if (!file.isDirectory && isText && hasFunction && (isModule || isNamed)) {
            return ProbeAnswer::Yes;
        }
        return !file.isDirectory && isNamed ? ProbeAnswer::Maybe : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const Graph>> load(const std::filesystem::path &path,
                                              const JobContext &job) const override
    {
        const auto file = MappedFile::open(path);
        if (!file) {
            return file.error();
        }
        job.beginStage("loading");
        const auto content = MlirFile::of(asText((*file)->bytes()));
        ModelInfo info;
        info.path = path.string();
        info.format = "mlir";
        info.facts.emplace_back("functions", std::to_string(content.functions.size()));
        GraphBuilder builder(std::move(info));
        if (auto done = translateMlir(content, builder, job); !done) {
            return done.error();
        }
        return builder.build();
    }
};
} // namespace

std::unique_ptr<GraphLoader> makeMlirLoader()
{
    return std::make_unique<MlirLoader>();
}

} // namespace syncpoint
