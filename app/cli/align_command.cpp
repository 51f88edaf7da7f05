#include "app/cli/command.h"
#include "app/cli/notes.h"
#include "app/cli/output.h"
#include "compare/align/aligner.h"
#include "compare/align/coverage.h"
#include "compare/align/sync_navigation.h"
#include "compare/report/json_parts.h"
#include "compare/report/report_text.h"
#include "compare/session/side_loading.h"
#include "core/base/atomic_file.h"

#include <fmt/format.h>
#include <map>

namespace syncpoint {

namespace {
std::string summaryOf(const Graph &candidate, const Alignment &alignment)
{
    const OpCoverage coverage = matchableOps(candidate, alignment.candidate);
    std::map<std::string, std::size_t> rules;
    for (const SyncPoint &point : alignment.points) {
        ++rules[point.match.rule];
    }
    std::string out = fmt::format(
        "{} sync points; {} of {} candidate ops paired ({}), {} absorbed by fused regions{}\n",
        alignment.points.size(), coverage.paired(), coverage.matchable.size(),
        percentText(coverage.ratio()), coverage.absorbed,
        coverage.oneSided.empty()
            ? std::string()
            : fmt::format(", {} that the baseline lacks", coverage.oneSided.size()));
    TextTable table("rl");
    for (const auto &[rule, count] : rules) {
        table.add({std::to_string(count), rule});
    }
    return out + table.text();
}

class AlignCommand final : public Command
{
public:
    CLI::App *declare(CLI::App &parent) override
    {
        CLI::App *command =
            parent.add_subcommand("align", "Pair the tensors of two models without running them");
        command->add_option("BASELINE", m_baseline, "Model, or dump that carries its graph")
            ->required();
        command->add_option("CANDIDATE", m_candidate, "Model, or dump that carries its graph")
            ->required();
        command
            ->add_option("--map", m_map,
                         "Pairs to pin, forbid or rename; also Model Explorer's mapping")
            ->type_name("FILE");
        command
            ->add_option("--sync-navigation", m_navigation,
                         "Write the pairs as Model Explorer's mapping file (JSON)")
            ->type_name("FILE");
        command->add_option("--baseline-dump", m_baselineDump, "Dump of the baseline")
            ->type_name("FILE");
        command->add_option("--candidate-dump", m_candidateDump, "Dump of the candidate")
            ->type_name("FILE");
        return command;
    }

    Result<ExitCode> run(const CommonOptions &common, const JobContext &job) override
    {
        if (const auto writable = checkWritable({m_navigation}); !writable) {
            return writable.error();
        }
        ManualMap map;
        if (!m_map.empty()) {
            auto read = readManualMap(m_map);
            if (!read) {
                return read.error();
            }
            map = std::move(*read);
        }
        job.beginStage("loading");
        const auto baseline = load(m_baseline, m_baselineDump, job);
        if (!baseline) {
            return baseline.error().withContext("baseline");
        }
        const auto candidate = load(m_candidate, m_candidateDump, job);
        if (!candidate) {
            return candidate.error().withContext("candidate");
        }
        job.beginStage("aligning");
        const auto alignment = alignGraphs(**baseline, **candidate, map, job);
        if (!alignment) {
            return alignment.error();
        }
        if (const auto written =
                emitJson(common, alignmentJson(**baseline, **candidate, *alignment));
            !written) {
            return written.error();
        }
        if (!m_navigation.empty()) {
            const auto written = writeFileAtomically(
                m_navigation, syncNavigationJson(**baseline, **candidate, *alignment));
            if (!written) {
                return written.error();
            }
        }
        printSummary(common, summaryOf(**candidate, *alignment));
        if (matchableOps(**candidate, alignment->candidate).ratio() < SessionConfig{}.minCoverage) {
            printNotes({{Diagnostic::Severity::Error,
                         {},
                         fmt::format("{} and {} have too little in common to be compared",
                                     m_baseline, m_candidate)}});
            return ExitCode::BadInput;
        }
        return ExitCode::Ok;
    }

private:
    static Result<std::shared_ptr<const Graph>> load(const std::string &model,
                                                     const std::string &dump, const JobContext &job)
    {
        SideConfig config;
        config.model = model;
        if (!dump.empty()) {
            config.dump = dump;
        }
        auto loaded = loadSide(config, job);
        if (!loaded) {
            return loaded.error();
        }
        return std::move(loaded->side.graph);
    }

    std::string m_baseline, m_candidate, m_map, m_navigation, m_baselineDump, m_candidateDump;
};
} // namespace

std::unique_ptr<Command> makeAlignCommand()
{
    return std::make_unique<AlignCommand>();
}

} // namespace syncpoint
