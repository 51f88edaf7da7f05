#include "viewers/inspector/inspector_content.h"

#include "core/formats/onnx/op_schema.h"
#include "ui/models/display_text.h"
#include "ui/session/model_inspection.h"
#include "viewers/inspector/op_sections.h"
#include "viewers/inspector/point_sections.h"

#include <algorithm>
#include <limits>

namespace syncpoint {

namespace {

void addIfFilled(InspectorContent &content, InspectorSection section)
{
    if (!section.rows.empty()) {
        content.sections.push_back(std::move(section));
    }
}

std::shared_ptr<const Quantization> quantizationOf(const Graph &graph,
                                                   const std::vector<ValueId> &members)
{
    for (const ValueId member : members) {
        if (graph.value(member).quantization) {
            return graph.value(member).quantization;
        }
    }
    return nullptr;
}

void addUnmatched(InspectorContent &content, const ComparisonResult &result,
                  const Selection::Item &item)
{
    const auto &outcomes =
        item.side == Side::Baseline ? result.alignment.reference : result.alignment.candidate;
    if (!item.value.isValid() || item.value.index() >= outcomes.size()) {
        return;
    }
    const ValueOutcome &outcome = outcomes[item.value.index()];
    InspectorSection section{QStringLiteral("match"), QStringLiteral("Match"), {}};
    InspectorRow row;
    row.isText = true;
    const QString what = outcome.status == ValueStatus::Excluded
                             ? QStringLiteral("Not compared: %1")
                             : QStringLiteral("No counterpart: %1");
    row.baseline = what.arg(QString::fromStdString(outcome.reason));
    section.rows.push_back(std::move(row));
    content.sections.push_back(std::move(section));
}

void addPoint(InspectorContent &content, const ComparisonResult &result, const ResultIndex &index,
              SyncPointId point)
{
    const PointResult &scored = result.point(point);
    const SyncPoint &sync = result.alignment.point(point);
    content.score = scoreText(result, scored);
    if (scored.status == PointStatus::Compared) {
        content.severity = scored.severity;
    }
    addIfFilled(content, attributionSection(result, index, point));
    addIfFilled(content, metricSection(result, point));
    addIfFilled(content, moreMetricsSection(result, point));
    addIfFilled(content, scoreSection(result, point));
    addIfFilled(content, matchSection(result, point));
    const auto baseline = quantizationOf(*result.baseline.graph, sync.referenceClass);
    const auto candidate = quantizationOf(*result.candidate.graph, sync.candidateClass);
    addIfFilled(content, quantizationSection(baseline.get(), candidate.get()));
    content.quantization = candidate ? candidate : baseline;
}

int opsetOf(const Graph &graph, const std::string &domain)
{
    for (const auto &[name, value] : graph.info().facts) {
        if (name == (domain.empty() ? "opset" : "opset " + domain)) {
            return QString::fromStdString(value).toInt();
        }
    }
    return std::numeric_limits<int>::max(); // the newest definition known
}

void addDescription(InspectorContent &content, const Graph &graph, NodeId id)
{
    constexpr qsizetype kLongest = 260;
    const Node &node = graph.node(id);
    if (graph.info().format != "onnx") {
        return;
    }
    const auto described = describeOp(node.domain, node.opType, opsetOf(graph, node.domain));
    if (!described) {
        return;
    }
    content.fullDescription = QString::fromStdString(described->text).trimmed();
    QString first =
        content.fullDescription.section(QStringLiteral("\n\n"), 0, 0).simplified().remove(u'`');
    if (first.size() > kLongest) {
        first = first.left(first.lastIndexOf(u' ', kLongest)) + QStringLiteral(" …");
    }
    content.description = first;
}

/// A model that stands alone has no second column.
void dropCandidate(InspectorContent &content)
{
    for (InspectorSection &section : content.sections) {
        for (InspectorRow &row : section.rows) {
            row.candidate.reset();
        }
    }
}

InspectorContent describeItem(const ComparisonResult &result, const ResultIndex &index,
                              const Selection::Item &item)
{
    InspectorContent content;
    if (item.module.isValid() && !item.node.isValid()) {
        const Module &module = result.baseline.graph->module(item.module);
        content.title = QString::fromStdString(module.path.empty() ? "model" : module.path);
        content.subtitle = QStringLiteral("Module");
        addIfFilled(content, moduleSection(result, item.module));
        return content;
    }
    const Graph &graph = *sideOf(result, item.side).graph;
    if (item.node.isValid()) {
        content.title = QString::fromStdString(graph.displayName(item.node));
        content.subtitle = QString::fromStdString(graph.node(item.node).opType);
        addDescription(content, graph, item.node);
    } else if (item.value.isValid()) {
        content.title = QString::fromStdString(graph.qualifiedName(item.value));
        content.subtitle = QStringLiteral("Graph input or constant");
    }
    const OpPair ops{*result.baseline.graph, *result.candidate.graph,
                     nodeOnSide(result, item, Side::Baseline),
                     nodeOnSide(result, item, Side::Candidate)};
    if (item.point.isValid()) {
        addPoint(content, result, index, item.point);
    } else {
        addUnmatched(content, result, item);
    }
    addIfFilled(content, identitySection(ops));
    addIfFilled(content, slotSection(ops));
    addIfFilled(content, attributeSection(ops));
    addIfFilled(content, weightSection(ops));
    if (item.point.isValid()) {
        addIfFilled(content, performanceSection(result, item.point));
    }
    addIfFilled(content, metadataSection(ops));
    return content;
}

} // namespace

InspectorContent describeSelection(const ComparisonResult &result, const ResultIndex &index,
                                   const Selection::Item &item)
{
    InspectorContent content = describeItem(result, index, item);
    if (!hasCandidate(result)) {
        dropCandidate(content);
    }
    return content;
}

} // namespace syncpoint
