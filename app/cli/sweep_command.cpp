#include "app/cli/command.h"
#include "app/cli/input_options.h"
#include "app/cli/notes.h"
#include "app/cli/output.h"
#include "compare/report/json_parts.h"
#include "compare/report/report_text.h"
#include "compare/session/compare_models.h"
#include "compare/session/scratch_folder.h"
#include "core/formats/registry.h"
#include "core/launch/runner_client.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
/// One variant's row; the error is set when it could not be compared.
struct Variant
{
    std::string path;
    std::uint64_t bytes = 0;
    std::shared_ptr<const ComparisonResult> result;
    std::optional<Error> error;
};

std::optional<double> medianLatency(const ComparedSide &side)
{
    return side.dump && side.dump->profile && side.dump->profile->latency
               ? std::optional(side.dump->profile->latency->p50)
               : std::nullopt;
}

class SweepCommand final : public Command
{
public:
    CLI::App *declare(CLI::App &parent) override
    {
        CLI::App *command =
            parent.add_subcommand("sweep", "Compare many variants of one model with its baseline");
        command->add_option("BASELINE", m_baseline, "Model")->required();
        command->add_option("CANDIDATE", m_candidates, "Variants")->required();
        m_inputs.declare(*command);
        command->add_option("--repeat", m_repeat, "Timed runs per model, for latency")
            ->type_name("N");
        command->add_option("--warmup", m_warmup, "Runs before the timed ones")->type_name("N");
        return command;
    }

    Result<void> checkOptions() override
    {
        auto inputs = m_inputs.source();
        if (!inputs) {
            return inputs.error();
        }
        m_source = std::move(*inputs);
        return {};
    }

    Result<ExitCode> run(const CommonOptions &common, const JobContext &job) override
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
        SessionConfig config;
        config.inputs = m_source;
        config.repeat = m_repeat;
        config.warmup = m_warmup;
        config.baseline.model = m_baseline;
        const auto dump = captureBaseline(config, *runner, (*scratch)->path(), common, job);
        if (!dump) {
            return dump.error().withContext("baseline");
        }
        config.baseline.dump = *dump;
        std::vector<Variant> variants;
        for (const std::string &path : m_candidates) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            variants.push_back(compareOne(config, path, *runner, common, job));
        }
        return report(variants, common);
    }

private:
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

    static Variant compareOne(SessionConfig config, const std::string &path,
                              const std::filesystem::path &runner, const CommonOptions &common,
                              const JobContext &job)
    {
        Variant variant;
        variant.path = path;
        std::error_code ignored;
        const auto size = std::filesystem::file_size(path, ignored);
        variant.bytes = ignored ? 0 : size;
        config.candidate.model = path;
        CompareEnvironment environment;
        environment.runner = runner;
        environment.threads = common.threads;
        auto result = compareModels(config, environment, job);
        if (result) {
            variant.result = *result;
        } else {
            variant.error = result.error();
        }
        return variant;
    }

    static nlohmann::ordered_json rowJson(const Variant &variant)
    {
        nlohmann::ordered_json row{{"path", variant.path}, {"bytes", variant.bytes}};
        if (variant.error) {
            row["error"] = variant.error->message;
            return row;
        }
        const ComparisonResult &result = *variant.result;
        row["coverage"] = jsonNumber(result.coverage.ratio());
        row["latency_p50_us"] = jsonNumber(medianLatency(result.candidate));
        row["outputs"] = nlohmann::ordered_json::array();
        for (const OutputScore &output : result.outputScores) {
            row["outputs"].push_back({{"name", result.baseline.graph->qualifiedName(
                                                   result.alignment.point(output.point).reference)},
                                      {"psnr", jsonNumber(output.score.overall.value("psnr"))},
                                      {"sqnr", jsonNumber(output.score.overall.value("sqnr"))}});
        }
        const auto worst = rankedByScore(result);
        row["worst"] = nullptr;
        if (!worst.empty()) {
            row["worst"] = {
                {"node", pointName(result, worst.front())},
                {"psnr", jsonNumber(result.point(worst.front()).overall.value("psnr"))}};
        }
        return row;
    }

    static std::vector<std::string> rowText(const Variant &variant)
    {
        if (variant.error) {
            return {variant.path, bytesText(variant.bytes), "–", "–", "–", variant.error->message};
        }
        const ComparisonResult &result = *variant.result;
        const auto worst = rankedByScore(result);
        return {variant.path,
                bytesText(variant.bytes),
                microsecondsText(medianLatency(result.candidate)),
                result.outputScores.empty()
                    ? "–"
                    : scoreText(result.outputScores.front().score.overall, result.config.metric),
                worst.empty()
                    ? "exact"
                    : scoreText(result.point(worst.front()).overall, result.config.metric),
                worst.empty() ? "" : elided(pointName(result, worst.front()), 60)};
    }

    static Result<ExitCode> report(const std::vector<Variant> &variants,
                                   const CommonOptions &common)
    {
        auto document = jsonDocument();
        document["variants"] = nlohmann::ordered_json::array();
        TextTable table("lrrrrl");
        table.add({"variant", "size", "latency", "output", "worst", "at"});
        bool failed = false;
        for (const Variant &variant : variants) {
            document["variants"].push_back(rowJson(variant));
            table.add(rowText(variant));
            failed = failed || variant.error.has_value();
        }
        if (const auto written = emitJson(common, jsonText(document)); !written) {
            return written.error();
        }
        printSummary(common, table.text());
        return failed ? ExitCode::BadInput : ExitCode::Ok;
    }

    std::string m_baseline;
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
