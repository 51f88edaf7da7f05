#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/placement_report.h"
#include "compare/report/json_parts.h"
#include "compare/report/report_text.h"
#include "core/base/count_text.h"
#include "core/formats/registry.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace syncpoint {

namespace {
using nlohmann::ordered_json;
using Counts = std::vector<std::pair<std::string, std::size_t>>;

/// Most frequent first, ties by name.
template <typename Key>
Counts counted(const Graph &graph, Key key)
{
    std::map<std::string, std::size_t> counts;
    for (const Node &node : graph.nodes()) {
        ++counts[key(node)];
    }
    Counts sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto &a, const auto &b) { return a.second > b.second; });
    return sorted;
}

std::string declaredShape(const Value &value)
{
    if (!value.shape) {
        return "unknown shape";
    }
    std::string out;
    for (const std::int64_t extent : *value.shape) {
        out += (out.empty() ? "" : "×") + (extent < 0 ? std::string("?") : std::to_string(extent));
    }
    return out.empty() ? "scalar" : out;
}

/// Own and inherited parameters per module, parents before children.
std::vector<Graph::Size> inclusiveSizes(const Graph &graph)
{
    auto sizes = graph.parameterSizePerModule();
    const auto modules = graph.modules();
    std::vector<std::size_t> order(modules.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    const auto depth = [&](std::size_t i) {
        return std::count(modules[i].path.begin(), modules[i].path.end(), '.') +
               (modules[i].path.empty() ? 0 : 1);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return depth(a) > depth(b); });
    for (const std::size_t i : order) {
        if (modules[i].parent.isValid()) {
            sizes[modules[i].parent.index()].parameters += sizes[i].parameters;
            sizes[modules[i].parent.index()].bytes += sizes[i].bytes;
        }
    }
    return sizes;
}

std::string valuesText(const Graph &graph, std::string_view title, const std::vector<ValueId> &ids)
{
    TextTable table("lll");
    for (const ValueId id : ids) {
        const Value &value = graph.value(id);
        if (!value.constant) { // older models list their weights as inputs
            table.add({value.name, std::string(dtypeName(value.dtype)), declaredShape(value)});
        }
    }
    return fmt::format("{}\n{}", title, table.text());
}

std::string countsText(std::string_view title, const Counts &counts, std::size_t most)
{
    TextTable table("rl");
    for (std::size_t i = 0; i < counts.size() && i < most; ++i) {
        table.add({std::to_string(counts[i].second), counts[i].first});
    }
    std::string out = fmt::format("{}\n{}", title, table.text());
    if (counts.size() > most) {
        out += fmt::format("  … and {} more kinds\n", counts.size() - most);
    }
    return out;
}

std::string modulesText(const Graph &graph)
{
    constexpr std::size_t kDeepest = 2;
    const auto sizes = inclusiveSizes(graph);
    const double all = std::max(1.0, static_cast<double>(sizes.front().parameters));
    TextTable table("lrr");
    std::vector<std::pair<ModuleId, std::size_t>> stack{{ModuleId(0), 0}};
    while (!stack.empty()) {
        const auto [id, depth] = stack.back();
        stack.pop_back();
        const Module &module = graph.module(id);
        if (depth > 0) {
            table.add({std::string(2 * (depth - 1), ' ') + module.name,
                       bytesText(sizes[id.index()].bytes),
                       percentText(static_cast<double>(sizes[id.index()].parameters) / all)});
        }
        if (depth < kDeepest) {
            for (auto child = module.children.rbegin(); child != module.children.rend(); ++child) {
                stack.emplace_back(*child, depth + 1);
            }
        }
    }
    return table.text();
}

std::vector<std::string> originNames(const Node &node)
{
    std::vector<std::string> names;
    for (const Origin &origin : node.origins) {
        names.push_back(origin.name);
    }
    return names;
}

/// Ops of a rewritten model that stand for several ops of the model as given.
std::string fusedText(const Graph &graph)
{
    constexpr std::size_t kMost = 20;
    TextTable table("lll");
    std::size_t fused = 0;
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        const Node &node = graph.nodes()[i];
        if (node.origins.size() > 1 && ++fused <= kMost) {
            table.add({node.opType, withoutControls(graph.displayName(NodeId{i})),
                       withoutControls(fmt::format("{}", fmt::join(originNames(node), ", ")))});
        }
    }
    return fused == 0
               ? std::string()
               : fmt::format("fused ops ({}) and what they stand for\n{}", fused, table.text());
}

std::string graphText(const Graph &graph)
{
    const Graph::Size size = graph.parameterSize();
    std::string facts;
    for (const auto &[name, value] : graph.info().facts) {
        facts += fmt::format(", {} {}", name, value);
    }
    std::string out = fmt::format(
        "{}\n  {}{}, by {}\n  {}, {}, {}, {} ({})\n", graph.info().path, graph.info().format,
        withoutControls(facts),
        graph.info().producer.empty() ? "an unknown producer"
                                      : withoutControls(graph.info().producer),
        countText(graph.nodes().size(), "op"), countText(graph.values().size(), "value"),
        countText(graph.scopes().size() - 1, "subgraph"), countText(size.parameters, "parameter"),
        bytesText(size.bytes));
    out += valuesText(graph, "inputs", graph.mainScope().inputs);
    out += valuesText(graph, "outputs", graph.mainScope().outputs);
    out += countsText("ops", counted(graph, [](const Node &node) { return node.opType; }), 20);
    if (graph.modules().size() > 1) {
        out += "modules (share of the parameters)\n" + modulesText(graph);
    }
    out += countsText("placement",
                      counted(graph,
                              [](const Node &node) {
                                  return node.placement.empty() ? "unknown" : node.placement;
                              }),
                      10);
    out += fusedText(graph);
    for (const Diagnostic &note : graph.diagnostics()) {
        out +=
            fmt::format("note: {}: {}\n", withoutControls(note.where), withoutControls(note.text));
    }
    return out;
}

std::string dumpText(const TensorDump &dump)
{
    std::string out =
        fmt::format("{}\n  {}, {}, captured from {} by {}\n", dump.path.string(), dump.format,
                    countText(dump.samples.size(), "sample"),
                    dump.model.empty() ? "an unknown model" : withoutControls(dump.model),
                    dump.runtime.empty() ? "an unknown runtime" : withoutControls(dump.runtime));
    if (!dump.samples.empty()) {
        constexpr std::size_t kMost = 40;
        const auto entries = dump.samples.front()->entries();
        out += fmt::format("tensors of the first sample ({})\n", entries.size());
        TextTable table("lll");
        for (std::size_t i = 0; i < std::min(kMost, entries.size()); ++i) {
            table.add({entries[i].name, std::string(dtypeName(entries[i].info.dtype)),
                       toText(entries[i].info.shape)});
        }
        out += table.text();
        if (entries.size() > kMost) {
            out += fmt::format("  … and {} more\n", entries.size() - kMost);
        }
    }
    for (const Diagnostic &note : dump.diagnostics) {
        out +=
            fmt::format("note: {}: {}\n", withoutControls(note.where), withoutControls(note.text));
    }
    return out;
}

ordered_json countsJson(const Counts &counts)
{
    auto out = ordered_json::object();
    for (const auto &[name, count] : counts) {
        out[name] = count;
    }
    return out;
}

ordered_json graphJson(const Graph &graph)
{
    const auto values = [&graph](const std::vector<ValueId> &ids) {
        auto out = ordered_json::array();
        for (const ValueId id : ids) {
            if (!graph.value(id).constant) {
                const auto value = jsonValue(graph, id, {}, nullptr);
                out.push_back({{"name", value["value"]},
                               {"dtype", value["dtype"]},
                               {"shape", value["shape"]}});
            }
        }
        return out;
    };
    const auto sizes = inclusiveSizes(graph);
    auto modules = ordered_json::array();
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        modules.push_back({{"path", graph.modules()[i].path},
                           {"class", graph.modules()[i].className},
                           {"parameters", sizes[i].parameters},
                           {"bytes", sizes[i].bytes}});
    }
    auto origins = ordered_json::object();
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        if (!graph.nodes()[i].origins.empty()) {
            origins[graph.displayName(NodeId{i})] = originNames(graph.nodes()[i]);
        }
    }
    auto facts = ordered_json::object();
    for (const auto &[name, value] : graph.info().facts) {
        facts[name] = value;
    }
    return {
        {"path", graph.info().path},
        {"format", graph.info().format},
        {"producer", graph.info().producer},
        {"facts", facts},
        {"ops", graph.nodes().size()},
        {"values", graph.values().size()},
        {"subgraphs", graph.scopes().size() - 1},
        {"parameters", sizes.empty() ? 0 : sizes.front().parameters},
        {"inputs", values(graph.mainScope().inputs)},
        {"outputs", values(graph.mainScope().outputs)},
        {"op_types", countsJson(counted(graph, [](const Node &node) { return node.opType; }))},
        {"placement", countsJson(counted(graph, [](const Node &node) { return node.placement; }))},
        {"modules", modules},
        {"origins", origins},
        {"diagnostics", jsonDiagnostics(graph.diagnostics())}};
}

ordered_json dumpJson(const TensorDump &dump)
{
    auto tensors = ordered_json::array();
    if (!dump.samples.empty()) {
        for (const TensorEntry &entry : dump.samples.front()->entries()) {
            tensors.push_back({{"name", entry.name},
                               {"dtype", dtypeName(entry.info.dtype)},
                               {"shape", entry.info.shape}});
        }
    }
    return {{"path", dump.path.string()}, {"format", dump.format},
            {"producer", dump.producer},  {"model", dump.model},
            {"runtime", dump.runtime},    {"samples", dump.samples.size()},
            {"tensors", tensors},         {"diagnostics", jsonDiagnostics(dump.diagnostics)}};
}

class InspectCommand final : public Command
{
public:
    CLI::App *declare(CLI::App &parent) override
    {
        CLI::App *command = parent.add_subcommand("inspect", "Say what is in a model or a dump");
        command->add_option("MODEL", m_path, "Model or dump")->required();
        command
            ->add_option("--placement", m_placements,
                         "Report of another tool on where the ops ran; repeatable")
            ->type_name("FILE");
        return command;
    }

    Result<ExitCode> run(const CommonOptions &common, const JobContext &job) override
    {
        const auto kind = kindOfFile(m_path);
        if (!kind) {
            return kind.error();
        }
        auto document = jsonDocument();
        std::string text;
        std::shared_ptr<const Graph> graph;
        if (*kind == FileKind::Dump) {
            const auto dump = loadDump(m_path, job);
            if (!dump) {
                return dump.error();
            }
            document["dump"] = dumpJson(**dump);
            text = dumpText(**dump);
            graph = (*dump)->graph;
        } else {
            auto loaded = loadGraph(m_path, job);
            if (!loaded) {
                return loaded.error();
            }
            graph = *loaded;
        }
        if (graph) {
            document["model"] = graphJson(*graph);
            text += graphText(*graph);
        }
        if (graph && !m_placements.empty()) {
            const auto placements = loadPlacements(*graph, m_placements);
            if (!placements) {
                return placements.error();
            }
            document["placement_report"] = placementsToJson(*graph, *placements);
            text += placementText(*graph, *placements);
        }
        if (const auto written = emitJson(common, jsonText(document)); !written) {
            return written.error();
        }
        printSummary(common, text);
        return ExitCode::Ok;
    }

private:
    std::string m_path;
    std::vector<std::filesystem::path> m_placements;
};
} // namespace

std::unique_ptr<Command> makeInspectCommand()
{
    return std::make_unique<InspectCommand>();
}

} // namespace syncpoint
