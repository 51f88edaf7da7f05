#include "app/gui/options.h"
#include "core/formats/registry.h"
#include "core/launch/runner_client.h"
#include "ui/session/selection.h"
#include "ui/session/session_controller.h"
#include "ui/settings/settings.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"
#include "viewers/viewer_list.h"

#include <QApplication>
#include <QIcon>
#include <iostream>

namespace {

using namespace syncpoint;

/// A dump given where a model is expected carries its own graph.
void moveDumps(SideConfig &side)
{
    if (!side.model || side.dump) {
        return;
    }
    const auto kind = kindOfFile(*side.model);
    if (kind && *kind == FileKind::Dump) {
        side.dump.swap(side.model);
    }
}

void open(MainWindow &window, GuiOptions options)
{
    if (options.showsExample) {
        window.openExample();
        return;
    }
    if (options.session) {
        window.openSession(*options.session);
        return;
    }
    if (options.sweep) {
        window.openSweep(*options.sweep);
        return;
    }
    moveDumps(options.config.baseline);
    moveDumps(options.config.candidate);
    window.setConfig(options.config);
    const auto isGiven = [](const SideConfig &side) { return side.model || side.dump; };
    if (isGiven(options.config.baseline)) {
        window.compare(options.config);
    }
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("syncpoint"));
    QApplication::setOrganizationName(QStringLiteral("syncpoint"));
    QApplication::setDesktopFileName(QStringLiteral("syncpoint"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/syncpoint.svg")));
    auto options = parseGuiOptions(argc, argv);
    if (!options) {
        std::cerr << "syncpoint: " << options.error().message << '\n';
        return 2;
    }

    Settings settings;
    Theme theme(settings.themeMode());
    applySettings(settings, theme);
    CompareEnvironment environment;
    if (auto runner = RunnerClient::findRunner()) {
        environment.runner = *runner;
    }
    SessionController controller(environment);
    Selection selection;
    MainWindow window({selection, controller, theme}, settings, makeViewers);
    window.show();
    open(window, std::move(options).value());
    return QApplication::exec();
}
