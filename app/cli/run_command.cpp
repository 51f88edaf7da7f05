#include "app/cli/command.h"
#include "app/cli/input_options.h"
#include "app/cli/notes.h"
#include "app/cli/output.h"
#include "compare/report/json_parts.h"
#include "core/base/atomic_file.h"
#include "core/base/count_text.h"
#include "core/formats/registry.h"
#include "core/launch/runner_client.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
class RunCommand final : public Command
{
public:
    CLI::App *declare(CLI::App &parent) override
    {
        CLI::App *command =
            parent.add_subcommand("run", "Run a model and capture every intermediate tensor");
        command->add_option("MODEL", m_model, "Model to run")->required();
        command->add_option("--out", m_out, "Dump to write (HDF5)")->required()->type_name("FILE");
        m_inputs.declare(*command);
        command->add_option("--optimize", m_optimize, "none, basic, extended or all (default none)")
            ->check(CLI::IsMember({"none", "basic", "extended", "all"}))
            ->type_name("LEVEL");
        command->add_option("--provider", m_provider, "Execution provider (default cpu)")
            ->type_name("NAME");
        command->add_option("--repeat", m_repeat, "Timed runs")->type_name("N");
        command->add_option("--warmup", m_warmup, "Runs before the timed ones")->type_name("N");
        command
            ->add_option("--repeat-capture", m_repeatCapture,
                         "Capture N more times with other numbers of threads, for the noise floor")
            ->check(CLI::Range(0, 1000))
            ->type_name("N");
        command->add_option("--only", m_only, "Capture only values whose name matches")
            ->type_name("REGEX");
        command
            ->add_option("--memory-limit", m_memoryLimit,
                         "Most memory to use besides the model, such as 512MB: captures in several "
                         "runs")
            ->transform(CLI::AsSizeValue(false))
            ->type_name("SIZE");
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
        const auto request = requestFor(common, job);
        if (!request) {
            return request.error();
        }
        const auto runner = RunnerClient::findRunner();
        if (!runner) {
            return runner.error();
        }
        warnOfRandomInputs(request->inputs);
        job.beginStage("running");
        const auto outcome = RunnerClient(*runner).run(*request, job);
        if (!outcome) {
            return outcome.error();
        }
        return report(*outcome, common);
    }

private:
    Result<RunRequest> requestFor(const CommonOptions &common, const JobContext &job)
    {
        if (const auto writable = checkWritable({m_out}); !writable) {
            return writable.error();
        }
        if (const auto graph = loadGraph(m_model, job); !graph) {
            return graph.error(); // says where the file is damaged, which a runtime does not
        }
        const auto level = optimizationFromName(m_optimize);
        if (!level) {
            return level.error();
        }
        RunRequest request;
        request.model = m_model;
        request.output = m_out;
        request.inputs = m_source;
        request.optimize = *level;
        request.provider = m_provider;
        request.only = m_only;
        request.repeat = m_repeat;
        request.warmup = m_warmup;
        request.repeatCapture = m_repeatCapture;
        request.threads = common.threads;
        request.memoryLimit = m_memoryLimit;
        request.keepPartial = true;
        return request;
    }

    Result<ExitCode> report(const RunOutcome &outcome, const CommonOptions &common) const
    {
        auto document = jsonDocument();
        document["run"] = {{"model", m_model},           {"output", m_out},
                           {"runtime", outcome.runtime}, {"samples", outcome.samples},
                           {"tensors", outcome.tensors}, {"peak_memory", outcome.peakMemory}};
        document["diagnostics"] = jsonDiagnostics(outcome.diagnostics);
        if (const auto written = emitJson(common, jsonText(document)); !written) {
            return written.error();
        }
        printNotes(outcome.diagnostics);
        printSummary(common,
                     fmt::format("{}: {} of {}, {}\n", m_out, countText(outcome.tensors, "tensor"),
                                 countText(outcome.samples, "sample"), outcome.runtime));
        return ExitCode::Ok;
    }

    std::string m_model, m_out, m_only;
    std::string m_optimize = "none";
    std::string m_provider = "cpu";
    InputOptions m_inputs;
    InputSource m_source;
    std::size_t m_repeat = 0, m_warmup = 0, m_repeatCapture = 0;
    std::uint64_t m_memoryLimit = 0;
};
} // namespace

std::unique_ptr<Command> makeRunCommand()
{
    return std::make_unique<RunCommand>();
}

} // namespace syncpoint
