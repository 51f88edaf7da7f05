#include "viewers/graph/box_labels.h"

#include "compare/metric/metric.h"
#include "ui/models/display_text.h"
#include "ui/session/model_inspection.h"
#include "viewers/graph/op_families.h"

namespace syncpoint {
namespace {

constexpr std::size_t kMostRows = 3;

QString metricUnit(const std::string &id)
{
    const auto index = metricIndex(id);
    if (!index) {
        return {};
    }
    const std::string_view unit = builtinMetrics()[*index]->descriptor().unit;
    return fromUtf8(unit);
}

QString shapeText(const Shape &shape)
{
    if (shape.empty()) {
        return QStringLiteral("scalar");
    }
    QStringList extents;
    for (const std::int64_t extent : shape) {
        extents += extent < 0 ? QStringLiteral("?") : QString::number(extent);
    }
    return extents.join(QChar(0x00D7));
}

QString opName(const Graph &graph, NodeId id)
{
    return QString::fromStdString(graph.displayName(id));
}

void addRows(GraphScene &scene, SceneBox &box, const GraphOutline::Leaf &leaf)
{
    const Graph &graph = *scene.outline->graph;
    box.firstRow = static_cast<std::uint32_t>(scene.rows.size());
    std::size_t shown = 0;
    for (const ValueId constant : leaf.constants) {
        if (shown + 1 == kMostRows && leaf.constants.size() > kMostRows) {
            scene.rows.push_back(QStringLiteral("+ %1 more").arg(leaf.constants.size() - shown));
            ++shown;
            break;
        }
        scene.rows.push_back(valueType(graph.value(constant)));
        ++shown;
    }
    box.rowCount = static_cast<std::uint32_t>(shown);
}

void labelGroup(const GraphScene &scene, SceneBox &box)
{
    const auto &group = scene.outline->groups[box.group];
    const Graph &graph = *scene.outline->graph;
    box.subtitle =
        group.opCount == 1 ? QStringLiteral("1 op") : QStringLiteral("%1 ops").arg(group.opCount);
    if (group.owner != GraphOutline::kNone) {
        const Node &owner = graph.node(scene.outline->leaves[group.owner].node);
        box.title = QString::fromStdString(owner.opType);
    } else if (group.module.isValid()) {
        const QString className =
            QString::fromStdString(graph.module(group.module).className).section('.', -1);
        if (!className.isEmpty()) {
            box.subtitle = className + QStringLiteral(" · ") + box.subtitle;
        }
    }
}

} // namespace

QString valueType(const Value &value)
{
    const std::string_view dtype = dtypeName(value.dtype);
    QString text;
    if (value.dtype != DType::Undefined) {
        text = fromUtf8(dtype);
    }
    if (value.shape) {
        text += (text.isEmpty() ? QString() : QStringLiteral(" ")) + shapeText(*value.shape);
    }
    return text.isEmpty() ? QStringLiteral("type unknown") : text;
}

QString scoreText(const OpScore &score, const ComparisonResult *result)
{
    if (!score.severity || result == nullptr) {
        return {};
    }
    if (score.isNonfinite) {
        return QStringLiteral("NaN/Inf");
    }
    if (score.isExact) {
        return QStringLiteral("exact");
    }
    if (!score.value) {
        return QStringLiteral("–");
    }
    const QString unit = metricUnit(result->profile.metric);
    return unit == QStringLiteral("dB")
               ? QString::number(*score.value, 'f', 1) + QStringLiteral(" dB")
               : QString::number(*score.value, 'g', 3) +
                     (unit.isEmpty() ? QString() : QStringLiteral(" ") + unit);
}

void labelBox(GraphScene &scene, SceneBox &box)
{
    const Graph &graph = *scene.outline->graph;
    switch (box.kind) {
    case SceneBox::Kind::Op: {
        const auto &leaf = scene.outline->leaves[box.leaf];
        box.title = QString::fromStdString(graph.node(leaf.node).opType);
        box.subtitle = opName(graph, leaf.node);
        box.family = opFamilyOf(box.title);
        addRows(scene, box, leaf);
        break;
    }
    case SceneBox::Kind::Input:
    case SceneBox::Kind::Output: {
        const Value &value = graph.value(scene.outline->leaves[box.leaf].value);
        box.title = QString::fromStdString(value.name);
        box.subtitle = value.shape ? shapeText(*value.shape) : QString();
        break;
    }
    case SceneBox::Kind::Collapsed:
    case SceneBox::Kind::Expanded:
        labelGroup(scene, box);
        break;
    }
    box.figure = scoreText(box.score, scene.result.get());
}

QString introducedText(const GraphScene &scene, double introduced)
{
    if (scene.totalIntroduced <= 0.0) {
        return QStringLiteral("–");
    }
    return QString::number(100.0 * introduced / scene.totalIntroduced, 'g', 2) +
           QStringLiteral(" %");
}

QString chipLabel(const GraphScene &scene, const SceneChip &chip)
{
    if (chip.edges.size() > 1) {
        return QStringLiteral("↑ %1 inputs").arg(chip.edges.size());
    }
    const SceneBox &source = scene.boxes[scene.edges[chip.edges.front()].source];
    return QStringLiteral("↑ ") +
           (source.kind == SceneBox::Kind::Op ? source.subtitle : source.title);
}

QString boxTooltip(const GraphScene &scene, std::uint32_t index)
{
    const SceneBox &box = scene.boxes[index];
    const Graph &graph = *scene.outline->graph;
    const auto line = [](const QString &text) {
        return QStringLiteral("<div>%1</div>").arg(text.toHtmlEscaped());
    };
    if (box.kind == SceneBox::Kind::Input || box.kind == SceneBox::Kind::Output) {
        const Value &value = graph.value(scene.outline->leaves[box.leaf].value);
        return QStringLiteral("<b>%1</b>").arg(box.title.toHtmlEscaped()) + line(valueType(value));
    }
    QString text = QStringLiteral("<b>%1</b>").arg(box.title.toHtmlEscaped());
    if (box.kind == SceneBox::Kind::Op) {
        const Node &node = graph.node(scene.outline->leaves[box.leaf].node);
        text += line(box.subtitle);
        for (std::size_t i = 0; i < node.outputs.size() && i < 4; ++i) {
            if (node.outputs[i].isValid()) {
                text += line(valueType(graph.value(node.outputs[i])));
            }
        }
    } else {
        const auto &group = scene.outline->groups[box.group];
        if (group.module.isValid()) {
            text += line(QString::fromStdString(graph.module(group.module).path));
        }
        text += line(box.subtitle);
        if (scene.result && hasCandidate(*scene.result)) {
            text += line(QStringLiteral("%1 bad, %2 warn, %3 ok, %4 not compared")
                             .arg(box.counts[2])
                             .arg(box.counts[1])
                             .arg(box.counts[0])
                             .arg(box.counts[3]));
        }
    }
    if (!box.figure.isEmpty()) {
        const bool isGroup = box.kind != SceneBox::Kind::Op;
        text += line((isGroup ? QStringLiteral("worst ") : QString()) +
                     QString::fromStdString(scene.result->profile.metric) + QStringLiteral(" ") +
                     box.figure);
    }
    if (box.introduced > 0.0) {
        text +=
            line(QStringLiteral("introduced %1 of all").arg(introducedText(scene, box.introduced)));
    }
    if (box.run.microseconds > 0.0) {
        text += line(durationText(box.run.microseconds));
    }
    if (box.run.place != OpRun::kUnknown) {
        text += line(box.run.place == OpRun::kMixed
                         ? QStringLiteral("runs on several units")
                         : QStringLiteral("ran on %1").arg(scene.runs.places[box.run.place]));
    }
    switch (box.score.match) {
    case OpScore::Match::Absorbed:
        text += line(QStringLiteral("fused into another op on the other side"));
        break;
    case OpScore::Match::OneSided:
        text += line(QStringLiteral("the other model has no such operation"));
        break;
    case OpScore::Match::Unmatched:
        text += line(QStringLiteral("no counterpart on the other side"));
        break;
    case OpScore::Match::None:
    case OpScore::Match::Matched:
    case OpScore::Match::Excluded:
        break;
    }
    return text;
}

} // namespace syncpoint
