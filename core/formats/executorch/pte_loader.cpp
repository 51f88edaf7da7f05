#include "core/formats/executorch/pte_loader.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/executorch/etrecord.h"
#include "core/formats/executorch/program_translator.h"
#include "core/formats/flatbuffer.h"

#include <fmt/format.h>
#include <program_generated.h>

namespace syncpoint {

namespace {
/// "ET12" and its successors.
bool isProgram(std::span<const std::byte> start)
{
    const std::string_view text = asText(start.first(std::min<std::size_t>(start.size(), 8)));
    return text.size() == 8 && text.substr(4, 2) == "ET" && text[6] >= '0' && text[6] <= '9';
}

ModelInfo infoOf(const executorch::Program &program, const std::filesystem::path &path)
{
    ModelInfo info;
    info.path = path.string();
    info.format = "executorch";
    info.producer = "ExecuTorch";
    info.facts.emplace_back("program version", std::to_string(program.version()));
    return info;
}

class PteLoader final : public GraphLoader
{
public:
    FormatInfo format() const override
    {
        return {"executorch", "ExecuTorch program", "*.pte",
                "all methods, kernels, delegates as placement, constants, stack traces; source "
                "lines of an ETRecord beside it (NAME.etrecord or NAME_etrecord.bin)"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (file.isDirectory) {
            return ProbeAnswer::No;
        }
        if (isProgram(file.start)) {
            return ProbeAnswer::Yes;
        }
        return file.extension == ".pte" ? ProbeAnswer::Maybe : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const Graph>> load(const std::filesystem::path &path,
                                              const JobContext &job) const override
    {
        auto file = MappedFile::open(path);
        if (!file) {
            return file.error();
        }
        const auto bytes = (*file)->bytes();
        if (!isProgram(bytes)) {
            return Error{ErrorCode::BadFormat,
                         "not an ExecuTorch program: 'ET12' is missing at byte 4"};
        }
        const auto layout = PteLayout::of(bytes);
        if (!layout) {
            return layout.error();
        }
        const auto *program =
            checkedFlatbuffer<executorch::Program>(bytes.first(layout->programBytes), nullptr);
        if (program == nullptr) {
            return Error{ErrorCode::BadFormat,
                         fmt::format("the program is damaged or cut off: one of its tables leads "
                                     "out of its {} bytes",
                                     layout->programBytes)};
        }
        GraphBuilder builder(infoOf(*program, path));
        const InstructionSources sources = sourcesBeside(path, builder);
        job.beginStage("loading");
        PteData data(*file, *layout, *program);
        if (auto done = translateProgram(*program, data, sources, builder, job); !done) {
            return done.error();
        }
        return builder.build();
    }

private:
    static InstructionSources sourcesBeside(const std::filesystem::path &path,
                                            GraphBuilder &builder)
    {
        const auto record = findEtRecord(path);
        if (!record) {
            return {};
        }
        auto sources = readEtRecord(*record);
        if (!sources) {
            builder.addDiagnostic({Diagnostic::Severity::Warning, record->filename().string(),
                                   "the ETRecord is not used: " + sources.error().message});
            return {};
        }
        builder.info().facts.emplace_back("ETRecord", record->filename().string());
        return std::move(sources).value();
    }
};
} // namespace

std::unique_ptr<GraphLoader> makePteLoader()
{
    return std::make_unique<PteLoader>();
}

} // namespace syncpoint
