#include "viewers/inspector/op_sections.h"

#include "compare/align/stored_weight.h"
#include "ui/models/display_text.h"

#include <algorithm>
#include <map>

namespace syncpoint {

namespace {

const QString kAbsent = QStringLiteral("–");

QString typeText(DType dtype, const std::optional<Shape> &shape)
{
    const QString type = fromUtf8(dtypeName(dtype));
    if (!shape) {
        return type;
    }
    QString extents = QString::fromStdString(toText(*shape));
    extents.replace(QStringLiteral("-1"), QStringLiteral("?"));
    return type + QLatin1Char(' ') + extents;
}

QString valueText(const Graph &graph, ValueId id)
{
    if (!id.isValid()) {
        return QStringLiteral("absent");
    }
    const Value &value = graph.value(id);
    // A constant knows its own type even when the file does not declare one.
    const QString type = value.constant
                             ? typeText(value.constant->info().dtype, value.constant->info().shape)
                             : typeText(value.dtype, value.shape);
    return type + (value.constant ? QStringLiteral(" const") : QString());
}

InspectorRow sideRow(const QString &label, const std::optional<QString> &baseline,
                     const std::optional<QString> &candidate)
{
    InspectorRow row;
    row.label = label;
    row.baseline = baseline.value_or(kAbsent);
    row.candidate = candidate.value_or(kAbsent);
    row.differs = baseline && candidate && *baseline != *candidate;
    return row;
}

void addSlots(InspectorSection &section, const OpPair &ops, const QString &kind,
              const std::vector<ValueId> *baseline, const std::vector<ValueId> *candidate)
{
    const std::size_t count = std::max(baseline != nullptr ? baseline->size() : 0,
                                       candidate != nullptr ? candidate->size() : 0);
    for (std::size_t slot = 0; slot < count; ++slot) {
        const auto text = [slot](const Graph &graph, const std::vector<ValueId> *values) {
            return values != nullptr && slot < values->size()
                       ? std::optional(valueText(graph, (*values)[slot]))
                       : std::nullopt;
        };
        const auto name = [slot](const Graph &graph, const std::vector<ValueId> *values) {
            return values != nullptr && slot < values->size() && (*values)[slot].isValid()
                       ? QString::fromStdString(graph.qualifiedName((*values)[slot]))
                       : kAbsent;
        };
        InspectorRow row =
            sideRow(QStringLiteral("%1 %2").arg(kind).arg(slot), text(ops.baselineGraph, baseline),
                    text(ops.candidateGraph, candidate));
        row.toolTip = name(ops.baselineGraph, baseline) + QStringLiteral(" | ") +
                      name(ops.candidateGraph, candidate);
        section.rows.push_back(std::move(row));
    }
}

const Node *nodeOrNull(const Graph &graph, NodeId id)
{
    return id.isValid() ? &graph.node(id) : nullptr;
}

/// "float32 64×3×4×4 · 3 072 · 12.0 KiB", nothing when the slot holds no weight.
std::optional<QString> weightText(const Graph &graph, const Node *node, std::size_t slot)
{
    if (node == nullptr || slot >= node->inputs.size() || !node->inputs[slot].isValid()) {
        return std::nullopt;
    }
    const auto stored = storedWeight(graph, node->inputs[slot]);
    if (!stored || elementCount(stored->shape).value_or(0) <= 1) {
        return std::nullopt;
    }
    const Tensor &constant = *graph.value(stored->value).constant;
    return typeText(constant.info().dtype, constant.info().shape) + QStringLiteral(", ") +
           byteText(constant.storedBytes());
}

} // namespace

InspectorSection identitySection(const OpPair &ops)
{
    InspectorSection section{QStringLiteral("identity"), QStringLiteral("Op"), {}};
    const Node *baseline = nodeOrNull(ops.baselineGraph, ops.baseline);
    const Node *candidate = nodeOrNull(ops.candidateGraph, ops.candidate);
    const auto add = [&](const QString &label, auto read) {
        const auto text = [&read](const Graph &graph, const Node *node) {
            return node != nullptr ? std::optional(read(graph, *node)) : std::nullopt;
        };
        const auto left = text(ops.baselineGraph, baseline);
        const auto right = text(ops.candidateGraph, candidate);
        if ((left && !left->isEmpty()) || (right && !right->isEmpty())) {
            section.rows.push_back(sideRow(label, left, right));
        }
    };
    add(QStringLiteral("Type"), [](const Graph &, const Node &node) {
        return QString::fromStdString(node.domain.empty() ? node.opType
                                                          : node.domain + "." + node.opType);
    });
    add(QStringLiteral("Name"),
        [](const Graph &, const Node &node) { return QString::fromStdString(node.name); });
    add(QStringLiteral("Module"), [](const Graph &graph, const Node &node) {
        return QString::fromStdString(graph.module(node.module).path);
    });
    add(QStringLiteral("Class"), [](const Graph &graph, const Node &node) {
        return QString::fromStdString(graph.module(node.module).className);
    });
    return section;
}

InspectorSection slotSection(const OpPair &ops)
{
    InspectorSection section{QStringLiteral("slots"), QStringLiteral("Inputs and outputs"), {}};
    const Node *baseline = nodeOrNull(ops.baselineGraph, ops.baseline);
    const Node *candidate = nodeOrNull(ops.candidateGraph, ops.candidate);
    addSlots(section, ops, QStringLiteral("in"), baseline != nullptr ? &baseline->inputs : nullptr,
             candidate != nullptr ? &candidate->inputs : nullptr);
    addSlots(section, ops, QStringLiteral("out"),
             baseline != nullptr ? &baseline->outputs : nullptr,
             candidate != nullptr ? &candidate->outputs : nullptr);
    return section;
}

InspectorSection attributeSection(const OpPair &ops)
{
    InspectorSection section{QStringLiteral("attributes"), QStringLiteral("Attributes"), {}};
    using Sides = std::pair<std::optional<QString>, std::optional<QString>>;
    std::map<QString, Sides> byName;
    if (const Node *node = nodeOrNull(ops.baselineGraph, ops.baseline)) {
        for (const Attribute &attribute : node->attributes) {
            byName[QString::fromStdString(attribute.name)].first =
                QString::fromStdString(toText(attribute));
        }
    }
    if (const Node *node = nodeOrNull(ops.candidateGraph, ops.candidate)) {
        for (const Attribute &attribute : node->attributes) {
            byName[QString::fromStdString(attribute.name)].second =
                QString::fromStdString(toText(attribute));
        }
    }
    const bool hasBoth = ops.baseline.isValid() && ops.candidate.isValid();
    for (const auto &[name, sides] : byName) {
        InspectorRow row = sideRow(name, sides.first, sides.second);
        row.differs = hasBoth && sides.first != sides.second;
        section.rows.push_back(std::move(row));
    }
    return section;
}

InspectorSection weightSection(const OpPair &ops)
{
    InspectorSection section{QStringLiteral("weights"), QStringLiteral("Weights"), {}};
    const Node *baseline = nodeOrNull(ops.baselineGraph, ops.baseline);
    const Node *candidate = nodeOrNull(ops.candidateGraph, ops.candidate);
    const std::size_t count = std::max(baseline != nullptr ? baseline->inputs.size() : 0,
                                       candidate != nullptr ? candidate->inputs.size() : 0);
    for (std::size_t slot = 0; slot < count; ++slot) {
        const auto left = weightText(ops.baselineGraph, baseline, slot);
        const auto right = weightText(ops.candidateGraph, candidate, slot);
        if (left || right) {
            section.rows.push_back(sideRow(QStringLiteral("in %1").arg(slot), left, right));
            if (left || baseline == nullptr) {
                section.rows.back().weight = slot;
            }
        }
    }
    return section;
}

InspectorSection metadataSection(const OpPair &ops)
{
    constexpr qsizetype kLongest = 300; // stack traces belong to the source pane
    InspectorSection section{QStringLiteral("metadata"), QStringLiteral("From the file"), {}};
    const auto add = [&](const QString &side, const Node *node) {
        if (node == nullptr) {
            return;
        }
        for (const std::string &alias : node->aliases) {
            section.rows.push_back({QStringLiteral("Also known as"),
                                    QString::fromStdString(alias),
                                    std::nullopt,
                                    side,
                                    false,
                                    {},
                                    false});
        }
        for (const auto &[key, value] : node->metadata) {
            section.rows.push_back({QString::fromStdString(key),
                                    QString::fromStdString(value).left(kLongest),
                                    std::nullopt,
                                    side,
                                    false,
                                    {},
                                    false});
        }
    };
    add(QStringLiteral("Baseline"), nodeOrNull(ops.baselineGraph, ops.baseline));
    add(QStringLiteral("Candidate"), nodeOrNull(ops.candidateGraph, ops.candidate));
    return section;
}

} // namespace syncpoint
