#include "app/cli/command.h"
#include "app/cli/notes.h"
#include "app/cli/output.h"
#include "compare/report/json_parts.h"
#include "core/base/count_text.h"
#include "core/formats/dump_selection.h"
#include "core/formats/registry.h"

#include <fmt/format.h>
#include <map>

namespace syncpoint {

namespace {
class ConvertCommand final : public Command
{
public:
    CLI::App *declare(CLI::App &parent) override
    {
        using Kind = TensorEntry::Kind;
        static const std::map<std::string, Kind> kinds{{"input", Kind::Input},
                                                       {"output", Kind::Output},
                                                       {"intermediate", Kind::Intermediate},
                                                       {"parameter", Kind::Parameter}};
        CLI::App *command =
            parent.add_subcommand("convert", "Write a dump, or a part of it, in another format");
        command->add_option("DUMP", m_dump, "Dump of any format")->required();
        command->add_option("OUT", m_out, "File or folder to write")->required();
        command
            ->add_option("--to", m_format,
                         "Format to write (see formats; default: by the extension of OUT)")
            ->type_name("FORMAT");
        command->add_option("--only", m_selection.only, "Only tensors whose name matches")
            ->type_name("REGEX");
        command
            ->add_option("--kind", m_selection.kinds,
                         "Only input, output, intermediate or parameter tensors; repeatable")
            ->transform(CLI::CheckedTransformer(kinds))
            ->type_name("KIND");
        command
            ->add_option("--sample", m_selection.samples,
                         "Only these samples, counted from 0; repeatable")
            ->type_name("N");
        return command;
    }

    Result<ExitCode> run(const CommonOptions &common, const JobContext &job) override
    {
        const auto dump = loadDump(m_dump, job);
        if (!dump) {
            return dump.error();
        }
        const auto part = selectTensors(*dump, m_selection);
        if (!part) {
            return part.error();
        }
        auto written = exportDump(**part, m_out, m_format, job);
        if (!written) {
            return written.error().withContext(fmt::format("writing {}", m_out));
        }
        job.beginStage("");
        Diagnostics notes = (*dump)->diagnostics;
        notes.insert(notes.end(), written->notes.begin(), written->notes.end());
        return report(*written, notes, common);
    }

private:
    Result<ExitCode> report(const ExportSummary &written, const Diagnostics &notes,
                            const CommonOptions &common) const
    {
        auto document = jsonDocument();
        document["convert"] = {{"dump", m_dump},
                               {"output", m_out},
                               {"samples", written.samples},
                               {"tensors", written.tensors}};
        document["diagnostics"] = jsonDiagnostics(notes);
        if (const auto emitted = emitJson(common, jsonText(document)); !emitted) {
            return emitted.error();
        }
        printNotes(notes);
        printSummary(common,
                     fmt::format("{}: {} of {}\n", m_out, countText(written.tensors, "tensor"),
                                 countText(written.samples, "sample")));
        return ExitCode::Ok;
    }

    std::string m_dump, m_out, m_format;
    DumpSelection m_selection;
};
} // namespace

std::unique_ptr<Command> makeConvertCommand()
{
    return std::make_unique<ConvertCommand>();
}

} // namespace syncpoint
