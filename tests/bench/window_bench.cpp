#include "tests/bench/benches.h"

#include "compare/metric/metric.h"
#include "core/formats/registry.h"
#include "core/graph/graph_builder.h"
#include "tests/bench/offscreen_application.h"
#include "tests/bench/timing.h"
#include "ui/models/result_index.h"
#include "ui/session/selection.h"
#include "ui/session/session_controller.h"
#include "ui/theme/theme.h"
#include "viewers/graph/graph_canvas.h"
#include "viewers/graph/scene_builder.h"
#include "viewers/graph/scene_pair.h"
#include "viewers/viewer_list.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QWidget>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

namespace syncpoint::bench {
namespace {

constexpr int kRounds = 3;
constexpr QSize kWindow(1600, 1000);

enum class Blocks { Plain, Quantized }; ///< Quantized: every result passes a Q and a DQ op

/// Blocks of normalisation, two branches and a skip, one module each.
std::shared_ptr<const Graph> blockGraph(std::size_t ops, Blocks blocks = Blocks::Plain)
{
    GraphBuilder builder;
    const ScopeId scope = builder.mainScope();
    builder.addInput(scope, builder.localValue(scope, "input"));
    std::string previous = "input";
    std::size_t made = 0;
    const auto addOne = [&](ModuleId module, const char *type, std::vector<std::string> inputs) {
        const std::string name = fmt::format("op{}", made++);
        const std::string output = name + "_out";
        const NodeId node = builder.addNode(name, type, inputs, {output});
        builder.edit(node).module = module;
        return output;
    };
    const auto add = [&](ModuleId module, const char *type, std::vector<std::string> inputs) {
        const std::string output = addOne(module, type, std::move(inputs));
        return blocks == Blocks::Plain ? output
                                       : addOne(module, "DequantizeLinear",
                                                {addOne(module, "QuantizeLinear", {output})});
    };
    for (std::size_t block = 0; made < ops; ++block) {
        const ModuleId module = builder.module(fmt::format("stage{}.block{}", block / 16, block));
        const std::string norm = add(module, "LayerNormalization", {previous});
        const std::string query = add(module, "MatMul", {norm});
        const std::string key = add(module, "MatMul", {norm});
        const std::string scores = add(module, "Softmax", {add(module, "Mul", {query, key})});
        const std::string up = add(module, "Gelu", {add(module, "MatMul", {scores})});
        previous = add(module, "Add", {add(module, "MatMul", {up}), previous});
    }
    builder.addOutput(scope, builder.value(scope, previous));
    return std::move(builder.build()).value();
}

/// The graph against itself, every op a little worse than the one before.
std::shared_ptr<const ComparisonResult> resultOf(const std::shared_ptr<const Graph> &graph)
{
    auto result = std::make_shared<ComparisonResult>();
    result->profile = {"int8", "psnr", 40.0, 27.0};
    result->baseline.graph = result->candidate.graph = graph;
    result->baseline.path = result->candidate.path = "model";
    result->alignment.reference.resize(graph->values().size());
    for (std::size_t n = 0; n < graph->nodes().size(); ++n) {
        const SyncPointId id{n};
        SyncPoint point;
        point.reference = point.candidate = graph->nodes()[n].outputs.front();
        point.referenceClass = point.candidateClass = {point.reference};
        point.referenceNode = point.candidateNode = NodeId{n};
        result->alignment.reference[point.reference.index()] = {ValueStatus::Paired, id, {}};
        result->alignment.points.push_back(std::move(point));
        PointResult scored;
        scored.status = PointStatus::Compared;
        scored.overall.state = PairState::Finite;
        scored.overall.values.resize(builtinMetrics().size());
        scored.overall.values[*metricIndex("psnr")] = 60.0 - static_cast<double>(n % 40);
        result->points.push_back(std::move(scored));
    }
    result->alignment.candidate = result->alignment.reference;
    return result;
}

std::set<std::string> allGroups(const GraphOutline &outline)
{
    std::set<std::string> keys;
    for (const auto &group : outline.groups) {
        keys.insert(group.key);
    }
    return keys;
}

std::shared_ptr<const GraphScene> sceneOf(const std::shared_ptr<const ComparisonResult> &result,
                                          LayoutCache &cache)
{
    SceneRequest request;
    request.result = result;
    request.outline = makeOutline(result->baseline.graph, true, JobContext{}).value();
    request.expanded = allGroups(*request.outline);
    return std::move(buildScene(request, cache, JobContext{})).value();
}

double milliseconds(const std::string &name, const std::function<void()> &body)
{
    return fastestSeconds({{name, body}}, kRounds).front() * 1000.0;
}

void paint(GraphCanvas &canvas)
{
    QImage image(kWindow, QImage::Format_RGB32);
    QPainter painter(&image);
    canvas.render(painter, canvas.view());
}

double firstPaintMilliseconds(const std::shared_ptr<const ComparisonResult> &result,
                              const Theme &theme)
{
    return milliseconds("first-paint", [&] {
        LayoutCache cache;
        GraphCanvas canvas(theme);
        canvas.resize(kWindow);
        canvas.setScene(sceneOf(result, cache), std::nullopt);
        paint(canvas);
    });
}

void firstPaintBench(BenchReport &report, const Theme &theme)
{
    const auto result = resultOf(blockGraph(10'000));
    report.add({"window: 10 000 ops to first paint", firstPaintMilliseconds(result, theme), "ms",
                1000.0, false, "outline, layout of all modules opened, one frame"});
    report.add({"window: 10 000 QDQ ops to first paint",
                firstPaintMilliseconds(resultOf(blockGraph(10'000, Blocks::Quantized)), theme),
                "ms", 1000.0, false, "the same, pairs of Q and DQ folded into their ops"});

    LayoutCache cache;
    const auto scene = sceneOf(result, cache);
    auto without = allGroups(*scene->outline);
    without.erase(scene->outline->groups[scene->outline->groups.size() / 2].key);
    bool isOpen = true;
    report.add({"window: open or close one module of 10 000 ops",
                milliseconds("toggle",
                             [&] {
                                 isOpen = !isOpen;
                                 SceneRequest request;
                                 request.result = result;
                                 request.outline = scene->outline;
                                 request.expanded = isOpen ? allGroups(*scene->outline) : without;
                                 GraphCanvas canvas(theme);
                                 canvas.resize(kWindow);
                                 canvas.setScene(
                                     std::move(buildScene(request, cache, JobContext{})).value(),
                                     GraphCanvas::Anchor{});
                                 paint(canvas);
                             }),
                "ms", 100.0, false, "layout, index and one frame"});
}

/// Chains side by side: nearly square, so that all ops are in view at once.
std::shared_ptr<const Graph> squareGraph(std::size_t chains, std::size_t length)
{
    GraphBuilder builder;
    const ScopeId scope = builder.mainScope();
    builder.addInput(scope, builder.localValue(scope, "input"));
    for (std::size_t chain = 0; chain < chains; ++chain) {
        std::string previous = "input";
        for (std::size_t i = 0; i < length; ++i) {
            const std::string name = fmt::format("op{}_{}", chain, i);
            builder.addNode(name, "Relu", {previous}, {name + "_out"});
            previous = name + "_out";
        }
        builder.addOutput(scope, builder.value(scope, previous));
    }
    return std::move(builder.build()).value();
}

void frameBench(BenchReport &report, const Theme &theme)
{
    LayoutCache cache;
    GraphCanvas canvas(theme);
    canvas.resize(kWindow);
    canvas.setScene(sceneOf(resultOf(squareGraph(80, 250)), cache), std::nullopt);
    for (const double scale : {0.0, 1.0}) { // 0: everything
        scale > 0.0 ? canvas.setScale(scale) : canvas.fit();
        report.add({fmt::format("window: frame of 20 000 ops, {}",
                                scale > 0.0 ? "at 100 %" : "all in view"),
                    milliseconds(fmt::format("frame-{}", scale), [&canvas] { paint(canvas); }),
                    "ms", 16.0, false,
                    fmt::format("{} boxes in view, 1600×1000, software rendering",
                                canvas.visibleBoxes().size())});
    }
}

/// Models from elsewhere, when there are any: $SYNCPOINT_BENCH_MODELS, a folder.
void realModelsBench(BenchReport &report, const Theme &theme)
{
    const char *folder = std::getenv("SYNCPOINT_BENCH_MODELS");
    std::error_code error;
    for (const auto &file : std::filesystem::directory_iterator(folder ? folder : "", error)) {
        const auto graph = loadGraph(file.path(), JobContext{});
        if (!graph) {
            continue;
        }
        const std::string name = file.path().stem().string();
        report.add({fmt::format("window: {} to first paint", name),
                    firstPaintMilliseconds(resultOf(*graph), theme), "ms", 1000.0, false,
                    fmt::format("{} ops, all modules opened", (*graph)->nodes().size())});
    }
    if (error) {
        report.skip("window: real models", "SYNCPOINT_BENCH_MODELS names no folder");
    }
}

void selectionBench(BenchReport &report, Theme &theme)
{
    constexpr int kSelections = 8;
    const auto result = resultOf(blockGraph(20'000));
    Selection selection;
    SessionController controller{CompareEnvironment{}};
    const auto viewers = makeViewers({selection, controller, theme});
    for (const auto &viewer : viewers) {
        viewer->widget()->resize(600, 500);
        viewer->widget()->show();
        viewer->setResult(result);
    }
    QApplication::processEvents();
    std::size_t point = 0;
    double slowest = 0.0; // each opens other modules: the first ones are what the user waits for
    for (int i = 0; i < kSelections; ++i) {
        point = (point + 7919) % result->points.size();
        const auto start = std::chrono::steady_clock::now();
        selection.select(itemForPoint(*result, SyncPointId{point}), nullptr);
        QApplication::processEvents();
        const std::chrono::duration<double, std::milli> time =
            std::chrono::steady_clock::now() - start;
        slowest = std::max(slowest, time.count());
    }
    report.add(
        {"window: selection to all panes at 20 000 ops", slowest, "ms", 50.0, false,
         fmt::format("slowest of {}, every pane visible, until its events are done", kSelections)});
}

} // namespace

void windowBench(BenchReport &report)
{
    const OffscreenApplication application;
    Theme theme;
    firstPaintBench(report, theme);
    realModelsBench(report, theme);
    frameBench(report, theme);
    selectionBench(report, theme);
}

} // namespace syncpoint::bench
