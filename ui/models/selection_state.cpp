#include "ui/models/selection_state.h"

#include "ui/models/result_index.h"

#include <algorithm>

namespace syncpoint {

namespace {

const QString kSide = QStringLiteral("side");
const QString kValue = QStringLiteral("value");
const QString kModule = QStringLiteral("module");
const QString kSample = QStringLiteral("sample");
const QString kCandidate = QStringLiteral("candidate");

ValueId valueOf(const Graph &graph, const Selection::Item &item)
{
    if (item.value.isValid() || !item.node.isValid()) {
        return item.value;
    }
    const auto &outputs = graph.node(item.node).outputs;
    const auto found =
        std::find_if(outputs.begin(), outputs.end(), [](ValueId value) { return value.isValid(); });
    return found == outputs.end() ? ValueId{} : *found;
}

} // namespace

QJsonObject selectionState(const ComparisonResult &result, const Selection &selection)
{
    const Selection::Item &item = selection.current();
    const Graph &graph = *sideOf(result, item.side).graph;
    QJsonObject state{{kSample, static_cast<qint64>(selection.sample())}};
    if (const ValueId value = valueOf(graph, item); value.isValid()) {
        state.insert(kSide, item.side == Side::Candidate ? kCandidate : QStringLiteral("baseline"));
        state.insert(kValue, QString::fromStdString(graph.qualifiedName(value)));
    } else if (item.module.isValid()) {
        state.insert(kModule,
                     QString::fromStdString(result.baseline.graph->module(item.module).path));
    }
    return state;
}

Selection::Item selectionFromState(const ComparisonResult &result, const QJsonObject &state)
{
    Selection::Item item;
    item.side = state.value(kSide).toString() == kCandidate ? Side::Candidate : Side::Baseline;
    const Graph &graph = *sideOf(result, item.side).graph;
    if (const auto value = graph.findValue(state.value(kValue).toString().toStdString())) {
        const Value &what = graph.value(*value);
        const bool isRead = what.constant && !what.consumers.empty();
        const NodeId node = isRead ? what.consumers.front() : what.producer; // of a weight: its op
        if (node.isValid()) {
            item = itemForNode(result, ResultIndex(result), item.side, node);
        }
        item.value = *value;
        return item;
    }
    const std::string path = state.value(kModule).toString().toStdString();
    const auto modules = result.baseline.graph->modules();
    for (std::size_t i = 1; i < modules.size() && !path.empty(); ++i) {
        if (modules[i].path == path) {
            return {Side::Baseline, {}, {}, ModuleId{i}, {}};
        }
    }
    return {};
}

std::size_t sampleFromState(const ComparisonResult &result, const QJsonObject &state)
{
    const auto sample = static_cast<std::size_t>(std::max(0, state.value(kSample).toInt()));
    return result.samples == 0 ? 0 : std::min(sample, result.samples - 1);
}

} // namespace syncpoint
