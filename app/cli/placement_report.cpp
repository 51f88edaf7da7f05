#include "app/cli/placement_report.h"

#include "app/cli/output.h"
#include "compare/report/placement_json.h"
#include "compare/report/report_text.h"
#include "core/placement/place_rows.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace syncpoint {

Result<OpPlacements> loadPlacements(const Graph &graph,
                                    const std::vector<std::filesystem::path> &reports)
{
    OpPlacements placements;
    for (const std::filesystem::path &report : reports) {
        const auto rows = loadPlacementRows(report);
        if (!rows) {
            return rows.error();
        }
        placeRows(graph, *rows, placements);
    }
    return placements;
}

std::string placementText(const Graph &graph, const OpPlacements &placements)
{
    constexpr std::size_t kMost = 40;
    std::vector<std::pair<NodeId, const OpPlacement *>> ops;
    for (const auto &[id, placement] : placements.ops) {
        ops.emplace_back(id, &placement);
    }
    std::stable_sort(ops.begin(), ops.end(), [](const auto &a, const auto &b) {
        return a.second->microseconds.value_or(0.0) > b.second->microseconds.value_or(0.0);
    });
    std::string out =
        fmt::format("reported placement of {} of {} ops\n", ops.size(), graph.nodes().size());
    TextTable table("lllrrl");
    for (std::size_t i = 0; i < std::min(kMost, ops.size()); ++i) {
        const OpPlacement &op = *ops[i].second;
        table.add({graph.displayName(ops[i].first), op.ranOn.empty() ? "unknown" : op.ranOn,
                   fmt::format("{}", fmt::join(op.supportedBy, ", ")),
                   microsecondsText(op.microseconds),
                   op.cost ? fmt::format("{:.1f} %", 100.0 * *op.cost) : "",
                   op.isExcluded ? "excluded by configuration; " + op.reason : op.reason});
    }
    out += table.text();
    if (ops.size() > kMost) {
        out += fmt::format("  … and {} more\n", ops.size() - kMost);
    }
    for (const std::string &row : placements.unmatched) {
        out += fmt::format("  no op: {}\n", withoutControls(row));
    }
    return out;
}

nlohmann::ordered_json placementsToJson(const Graph &graph, const OpPlacements &placements)
{
    auto ops = nlohmann::ordered_json::array();
    for (const auto &[id, placement] : placements.ops) {
        auto op = placementToJson(placement);
        op["op"] = graph.displayName(id);
        ops.push_back(std::move(op));
    }
    return {{"ops", std::move(ops)}, {"unmatched", placements.unmatched}};
}

} // namespace syncpoint
