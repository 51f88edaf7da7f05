#include "app/cli/command.h"
#include "app/cli/input_options.h"
#include "app/cli/notes.h"
#include "app/cli/output.h"
#include "compare/report/report_text.h"
#include "compare/session/compare_models.h"
#include "compare/session/scratch_folder.h"
#include "compare/sweep/compared_rows.h"
#include "compare/sweep/sweep_json.h"
#include "compare/sweep/sweep_table.h"
#include "core/formats/registry.h"
#include "core/launch/runner_client.h"

#include <algorithm>

namespace syncpoint {

namespace {
class SweepCommand final : public Command
{
public:
    CLI::App *declare(CLI::App &parent) override
    {
        CLI::App *command =
            parent.add_subcommand("sweep", "Compare many variants of one model with its baseline");
        command->add_option("BASELINE", m_baseline, "Model");
        command->add_option("CANDIDATE", m_candidates, "Variants");
        command
            ->add_option("--load", m_report,
                         "Show a sweep that was saved with --json, or a summary of möbius, instead")
            ->type_name("FILE");
        m_inputs.declare(*command);
        command->add_option("--repeat", m_repeat, "Timed runs per model, for latency")
            ->type_name("N");
        command->add_option("--warmup", m_warmup, "Runs before the timed ones")->type_name("N");
        return command;
    }

    Result<void> checkOptions() override
    {
        if (m_report.empty() ? m_candidates.empty() : !m_baseline.empty()) {
            return Error{ErrorCode::BadInput,
                         "sweep takes a baseline and its variants, or --load and a report"};
        }
        auto inputs = m_inputs.source();
        if (!inputs) {
            return inputs.error();
        }
        m_source = std::move(*inputs);
        return {};
    }

    Result<ExitCode> run(const CommonOptions &common, const JobContext &job) override
    {
        const auto overview = m_report.empty() ? compareAll(common, job) : readSweep(m_report);
        return overview ? report(*overview, common) : overview.error();
    }

private:
    Result<SweepOverview> compareAll(const CommonOptions &common, const JobContext &job) const
    {
        const auto runner = RunnerClient::findRunner();
        if (!runner) {
            return runner.error();
        }
        warnOfRandomInputs(m_source);
        const auto scratch = ScratchFolder::create({});
        if (!scratch) {
            return scratch.error();
        }
        SweepOverview overview;
        overview.source = "Syncpoint";
        overview.config.inputs = m_source;
        overview.config.repeat = m_repeat;
        overview.config.warmup = m_warmup;
        overview.config.baseline.model = m_baseline;
        const auto dump =
            captureBaseline(overview.config, *runner, (*scratch)->path(), common, job);
        if (!dump) {
            return dump.error().withContext("baseline");
        }
        SessionConfig config = overview.config;
        config.baseline.dump = *dump;
        SweepRow baseline = baselineRow(m_baseline, nullptr);
        for (const std::string &path : m_candidates) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            config.candidate.model = path;
            const auto result = compareModels(config, {*runner, {}, common.threads}, job);
            if (result && !baseline.latency) {
                baseline = baselineRow(m_baseline, result->get());
            }
            overview.rows.push_back(result ? comparedRow(path, **result)
                                           : failedRow(path, result.error()));
        }
        overview.rows.insert(overview.rows.begin(), std::move(baseline));
        return overview;
    }

    /// The baseline is run once for all variants.
    Result<std::filesystem::path> captureBaseline(const SessionConfig &config,
                                                  const std::filesystem::path &runner,
                                                  const std::filesystem::path &folder,
                                                  const CommonOptions &common,
                                                  const JobContext &job) const
    {
        if (const auto graph = loadGraph(m_baseline, job); !graph) {
            return graph.error();
        }
        RunRequest request;
        request.model = m_baseline;
        request.output = folder / "baseline.h5";
        request.inputs = config.inputs;
        request.standalone = false;
        request.repeat = config.repeat;
        request.warmup = config.warmup;
        request.threads = common.threads;
        job.beginStage("running " + m_baseline);
        const auto outcome = RunnerClient(runner).run(request, job);
        return outcome ? Result<std::filesystem::path>(request.output) : outcome.error();
    }

    static std::string tableText(const SweepOverview &overview)
    {
        const ReportTable sweep = sweepTable(overview);
        std::string alignment;
        std::vector<std::string> titles;
        for (const ReportTable::Column &column : sweep.columns) {
            alignment += column.isNumber ? 'r' : 'l';
            titles.push_back(column.title);
        }
        TextTable table(std::move(alignment));
        table.add(std::move(titles));
        for (const auto &row : sweep.rows) {
            constexpr std::size_t kWidest = 60;
            std::vector<std::string> cells;
            for (std::size_t i = 0; i < row.size(); ++i) {
                cells.push_back(sweep.columns[i].isName && i > 0 ? elided(row[i].text, kWidest)
                                                                 : row[i].text);
            }
            table.add(std::move(cells));
        }
        return table.text();
    }

    static Result<ExitCode> report(const SweepOverview &overview, const CommonOptions &common)
    {
        const auto folder =
            std::filesystem::path(common.json == "-" ? "" : common.json).parent_path();
        if (const auto written = emitJson(common, sweepJson(overview, folder)); !written) {
            return written.error();
        }
        printSummary(common, tableText(overview));
        const bool failed = std::any_of(overview.rows.begin(), overview.rows.end(),
                                        [](const SweepRow &row) { return !row.error.empty(); });
        return failed ? ExitCode::BadInput : ExitCode::Ok;
    }

    std::string m_baseline, m_report;
    std::vector<std::string> m_candidates;
    InputOptions m_inputs;
    InputSource m_source;
    std::size_t m_repeat = 0, m_warmup = 0;
};
} // namespace

std::unique_ptr<Command> makeSweepCommand()
{
    return std::make_unique<SweepCommand>();
}

} // namespace syncpoint
