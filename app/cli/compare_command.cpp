#include "app/cli/command.h"
#include "app/cli/compare_summary.h"
#include "app/cli/input_options.h"
#include "app/cli/limits.h"
#include "app/cli/notes.h"
#include "app/cli/output.h"
#include "compare/metric/metric.h"
#include "compare/report/report_writer.h"
#include "compare/session/compare_models.h"
#include "core/launch/runner_client.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace syncpoint {

namespace {
/// One --report-like option: which writer makes the file.
struct ReportFile
{
    std::string_view option, writer, help;
    std::string path;
};

class CompareCommand final : public Command
{
public:
    CLI::App *declare(CLI::App &parent) override;
    Result<void> checkOptions() override;
    Result<ExitCode> run(const CommonOptions &common, const JobContext &job) override;

private:
    void declareSides(CLI::App &command);
    void declareScoring(CLI::App &command);
    Result<void> configureSides();
    Result<void> writeFiles(const std::shared_ptr<const ComparisonResult> &result,
                            const CommonOptions &common) const;
    ExitCode judge(const ComparisonResult &result) const;

    std::string m_baseline, m_candidate, m_baselineDump, m_candidateDump, m_map;
    std::string m_baselineOptimize = "none";
    std::string m_candidateOptimize = "none";
    std::string m_provider = "cpu";
    InputOptions m_inputs;
    std::string m_peak = "range";
    std::string m_attribution = "auto";
    SessionConfig m_config;
    std::string m_session;
    std::array<ReportFile, 9> m_files{{
        {"--report", "html", "HTML report, one file", ""},
        {"--csv", "csv", "One row per sync point", ""},
        {"--markdown", "markdown", "Short summary for a pull request", ""},
        {"--junit", "junit", "JUnit XML for CI", ""},
        {"--node-data", "node-data", "Model Explorer node data of the candidate (JSON)", ""},
        {"--baseline-node-data", "baseline-node-data", "The same of the baseline", ""},
        {"--sync-navigation", "sync-navigation", "Model Explorer mapping of both (JSON)", ""},
        {"--exclude-list", "exclude-list", "Ranked ops to keep in float", ""},
        {"--exclude-json", "exclude-json", "The same as options of quantizers (JSON)", ""},
    }};
    std::vector<std::string> m_failUnder, m_failOutputsUnder;
    std::vector<MetricLimit> m_limits, m_outputLimits;
};

void CompareCommand::declareSides(CLI::App &command)
{
    command.add_option("BASELINE", m_baseline, "Model, or dump that carries its graph")->required();
    command.add_option("CANDIDATE", m_candidate, "Model, or dump that carries its graph")
        ->required();
    command.add_option("--baseline-dump", m_baselineDump, "Captured tensors of the baseline")
        ->type_name("FILE");
    command.add_option("--candidate-dump", m_candidateDump, "Captured tensors of the candidate")
        ->type_name("FILE");
    const auto placement = [&command](const char *name, std::vector<std::filesystem::path> &files) {
        command.add_option(name, files, "Report of another tool on where the ops ran; repeatable")
            ->type_name("FILE");
    };
    placement("--baseline-placement", m_config.baseline.placements);
    placement("--candidate-placement", m_config.candidate.placements);
    m_inputs.declare(command);
    const auto level = [&command](const char *name, std::string &target, const char *help) {
        command.add_option(name, target, help)
            ->check(CLI::IsMember({"none", "basic", "extended", "all"}))
            ->type_name("LEVEL");
    };
    level("--baseline-optimize", m_baselineOptimize,
          "How far the runtime may rewrite the baseline");
    level("--candidate-optimize", m_candidateOptimize,
          "How far the runtime may rewrite the candidate");
    command.add_option("--provider", m_provider, "Execution provider of both runs (default cpu)")
        ->type_name("NAME");
    command.add_option("--repeat", m_config.repeat, "Timed runs per side, for latency")
        ->type_name("N");
    command.add_option("--warmup", m_config.warmup, "Runs before the timed ones")->type_name("N");
    command
        .add_option("--repeat-capture", m_config.repeatCapture,
                    "Further captures per side, for the noise floor")
        ->type_name("N");
    command.add_option("--map", m_map, "Pairs to pin, forbid or rename")->type_name("FILE");
}

void CompareCommand::declareScoring(CLI::App &command)
{
    command.add_option("--metric", m_config.metric, "Headline metric (default psnr)")
        ->type_name("ID");
    command.add_option("--peak", m_peak, "Peak of psnr: range, maxabs, max or fixed:X")
        ->type_name("MODE");
    command
        .add_option("--profile", m_config.profile,
                    "Severity: auto, exact, float, half, int8 or int4")
        ->check(CLI::IsMember({"auto", "exact", "float", "half", "int8", "int4"}))
        ->type_name("NAME");
    command.add_option("--attribute", m_attribution, "auto (default), none, tensors or replay")
        ->check(CLI::IsMember({"auto", "none", "tensors", "replay"}))
        ->type_name("LEVEL");
    command
        .add_option("--fail-under", m_failUnder,
                    "METRIC=LIMIT for every sync point: exit 1 when missed")
        ->type_name("LIMIT");
    command
        .add_option("--fail-outputs-under", m_failOutputsUnder,
                    "METRIC=LIMIT for the model outputs: exit 1 when missed")
        ->type_name("LIMIT");
    command
        .add_option("--min-coverage", m_config.minCoverage, "Exit 3 below this share (default 0.3)")
        ->check(CLI::Range(0.0, 1.0))
        ->type_name("SHARE");
}

CLI::App *CompareCommand::declare(CLI::App &parent)
{
    CLI::App *command = parent.add_subcommand("compare", "Compare two models tensor by tensor");
    declareSides(*command);
    declareScoring(*command);
    for (ReportFile &file : m_files) {
        command->add_option(std::string(file.option), file.path, std::string(file.help))
            ->type_name("FILE");
    }
    command->add_option("--session", m_session, "Session file to open in the window")
        ->type_name("FILE");
    return command;
}

Result<void> CompareCommand::checkOptions()
{
    auto limits = parseLimits(m_failUnder, "--fail-under");
    auto outputLimits = parseLimits(m_failOutputsUnder, "--fail-outputs-under");
    if (!limits || !outputLimits) {
        return (limits ? outputLimits : limits).error();
    }
    m_limits = std::move(*limits);
    m_outputLimits = std::move(*outputLimits);
    const auto peak = peakFromText(m_peak);
    if (!peak) {
        return Error{ErrorCode::BadInput,
                     fmt::format("--peak takes range, maxabs, max or fixed:X, not '{}'", m_peak)};
    }
    if (!metricIndex(m_config.metric)) {
        return Error{
            ErrorCode::BadInput,
            fmt::format("there is no metric '{}' (see syncpoint-cli metrics)", m_config.metric)};
    }
    m_config.settings.peak = *peak;
    m_config.settings.withKl = m_config.metric == "kl";
    auto inputs = m_inputs.source();
    if (!inputs) {
        return inputs.error();
    }
    m_config.inputs = std::move(*inputs);
    m_config.attribution = m_attribution == "none"      ? AttributionLevel::None
                           : m_attribution == "replay"  ? AttributionLevel::Replay
                           : m_attribution == "tensors" ? AttributionLevel::Tensors
                                                        : AttributionLevel::Auto;
    return configureSides();
}

Result<void> CompareCommand::configureSides()
{
    m_config.baseline.model = m_baseline;
    m_config.candidate.model = m_candidate;
    if (!m_baselineDump.empty()) {
        m_config.baseline.dump = m_baselineDump;
    }
    if (!m_candidateDump.empty()) {
        m_config.candidate.dump = m_candidateDump;
    }
    m_config.baseline.provider = m_provider;
    m_config.candidate.provider = m_provider;
    const auto baselineLevel = optimizationFromName(m_baselineOptimize);
    const auto candidateLevel = optimizationFromName(m_candidateOptimize);
    if (!baselineLevel || !candidateLevel) {
        return (baselineLevel ? candidateLevel : baselineLevel).error();
    }
    m_config.baseline.optimize = *baselineLevel;
    m_config.candidate.optimize = *candidateLevel;
    return {};
}

Result<void> CompareCommand::writeFiles(const std::shared_ptr<const ComparisonResult> &result,
                                        const CommonOptions &common) const
{
    const bool anyFile = std::any_of(m_files.begin(), m_files.end(),
                                     [](const ReportFile &file) { return !file.path.empty(); });
    if (anyFile || !common.json.empty()) {
        constexpr std::size_t kPictures = 12;
        const bool withPictures = !m_files.front().path.empty(); // only the HTML page shows them
        const Report report = buildReport(result, {withPictures ? kPictures : 0});
        for (const ReportFile &file : m_files) {
            if (file.path.empty()) {
                continue;
            }
            if (const auto written = writeReport(file.writer, report, file.path); !written) {
                return written;
            }
        }
        if (!common.json.empty()) {
            const auto json = renderReport("json", report);
            if (!json) {
                return json.error();
            }
            if (const auto written = emitJson(common, *json); !written) {
                return written;
            }
        }
    }
    return m_session.empty() ? Result<void>() : writeSession(m_session, {result->config, "{}"});
}

ExitCode CompareCommand::judge(const ComparisonResult &result) const
{
    std::vector<JudgedScore> points;
    for (std::size_t i = 0; i < result.points.size(); ++i) {
        points.push_back({SyncPointId{i}, &result.points[i]});
    }
    std::vector<JudgedScore> outputs;
    for (const OutputScore &output : result.outputScores) {
        outputs.push_back({output.point, &output.score});
    }
    Diagnostics failures;
    const auto check = [&](const std::vector<JudgedScore> &scores,
                           const std::vector<MetricLimit> &limits) {
        for (const std::string &sentence : violations(result, scores, limits)) {
            failures.push_back({Diagnostic::Severity::Error, "limit", sentence});
        }
    };
    check(points, m_limits);
    check(outputs, m_outputLimits);
    printNotes(failures);
    if (result.coverage.ratio() < m_config.minCoverage) {
        return ExitCode::BadInput;
    }
    return failures.empty() ? ExitCode::Ok : ExitCode::Divergence;
}

Result<ExitCode> CompareCommand::run(const CommonOptions &common, const JobContext &job)
{
    std::vector<std::string> outputs{m_session};
    for (const ReportFile &file : m_files) {
        outputs.push_back(file.path);
    }
    if (const auto writable = checkWritable(outputs); !writable) {
        return writable.error();
    }
    if (!m_map.empty()) {
        auto map = readManualMap(m_map);
        if (!map) {
            return map.error();
        }
        m_config.map = std::move(*map);
    }
    CompareEnvironment environment;
    if (const auto runner = RunnerClient::findRunner()) {
        environment.runner = *runner;
    }
    environment.threads = common.threads;
    const auto result = compareModels(m_config, environment, job);
    if (!result) {
        return result.error();
    }
    job.beginStage("writing");
    if (const auto written = writeFiles(*result, common); !written) {
        return written.error();
    }
    job.beginStage("");
    printNotes((*result)->diagnostics);
    printSummary(common, compareSummary(**result));
    return judge(**result);
}
} // namespace

std::unique_ptr<Command> makeCompareCommand()
{
    return std::make_unique<CompareCommand>();
}

} // namespace syncpoint
