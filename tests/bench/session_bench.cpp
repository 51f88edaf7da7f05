#include "tests/bench/benches.h"

#include "core/launch/runner_client.h"
#include "tests/bench/measured_process.h"
#include "tests/bench/offscreen_application.h"
#include "ui/session/selection.h"
#include "ui/session/session_controller.h"
#include "ui/settings/settings.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"
#include "viewers/viewer_list.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QStandardPaths>
#include <filesystem>
#include <fmt/format.h>

namespace syncpoint::bench {

namespace {
namespace fs = std::filesystem;

constexpr std::string_view kOpen = "window: opening the PromptSeg session";

fs::path example(const char *name)
{
    return fs::path(SYNCPOINT_EXAMPLES) / "promptseg" / name;
}

SessionConfig exampleConfig(const std::string &baselineDump, const std::string &candidateDump)
{
    SessionConfig config;
    config.baseline.model = example("baseline.onnx");
    config.baseline.dump = baselineDump;
    config.candidate.model = example("int4.onnx");
    config.candidate.dump = candidateDump;
    return config;
}

/// The program's parts as main() makes them.
struct OpenedWindow
{
    OpenedWindow()
    {
        window.resize(1600, 1000);
        window.show();
    }
    OffscreenApplication application;
    Settings settings;
    Theme theme;
    SessionController controller{CompareEnvironment{RunnerClient::findRunner().value(), {}, 0}};
    Selection selection;
    MainWindow window{{selection, controller, theme}, settings, makeViewers};
};

void processEventsFor(int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    while (!timer.hasExpired(milliseconds)) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    }
}

} // namespace

StepResult openSessionStep(const std::vector<std::string> &arguments)
{
    QStandardPaths::setTestModeEnabled(true); // leaves the user's settings alone
    const auto opened = std::make_shared<OpenedWindow>();
    opened->window.compare(exampleConfig(arguments.at(0), arguments.at(1)));
    while (opened->controller.jobs().isRunning()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    processEventsFor(std::stoi(arguments.at(2)));
    return opened->controller.result() ? opened : nullptr;
}

void sessionBench(BenchReport &report)
{
    const auto runner = RunnerClient::findRunner();
    if (!runner) {
        report.skip(kOpen, runner.error().message);
        return;
    }
    const fs::path folder = fs::path(SYNCPOINT_BENCH_DATA) / "session";
    fs::create_directories(folder);
    std::vector<std::string> dumps;
    for (const char *model : {"baseline.onnx", "int4.onnx"}) {
        RunRequest request;
        request.model = example(model);
        request.output = folder / fmt::format("{}.h5", model);
        request.inputs.file = example("inputs.npz");
        if (const auto run = RunnerClient(*runner).run(request, {}); !run) {
            report.skip(kOpen, run.error().message);
            return;
        }
        dumps.push_back(request.output.string());
    }
    const auto opened = measureInChild("open-session", {dumps[0], dumps[1], "0"});
    const auto idle = measureInChild("open-session", {dumps[0], dumps[1], "2000"});
    if (!opened || !idle) {
        report.skip(kOpen, "the session could not be opened");
        return;
    }
    report.add({std::string(kOpen), opened->seconds, "s", 1.5, false,
                "two models and dumps of 8 samples, until everything is compared and replayed"});
    report.add({std::string(kOpen) + ", memory when idle", idle->restMb, "MB", 250.0, false,
                "of the whole process, private and mapped"});
    fs::remove_all(folder);
}

} // namespace syncpoint::bench
