#include "ui/models/hierarchy_model.h"

#include "ui/models/display_text.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <unordered_map>

namespace syncpoint {

namespace {

// Constants and shape arithmetic are policy, not data: the tree would drown in them.
bool computesData(const Graph &graph, const Alignment &alignment, NodeId node)
{
    const auto &outputs = graph.node(node).outputs;
    return std::any_of(outputs.begin(), outputs.end(), [&](ValueId value) {
        if (!value.isValid()) {
            return false;
        }
        return value.index() < alignment.reference.size()
                   ? alignment.reference[value.index()].status != ValueStatus::Excluded
                   : !graph.value(value).isConstant; // a model that stands alone is not aligned
    });
}

bool isAbsorbed(const Graph &graph, const Alignment &alignment, NodeId node)
{
    const auto &outputs = graph.node(node).outputs;
    return std::any_of(outputs.begin(), outputs.end(), [&alignment](ValueId value) {
        return value.isValid() && value.index() < alignment.reference.size() &&
               alignment.reference[value.index()].status == ValueStatus::Absorbed;
    });
}

} // namespace

HierarchyModel::HierarchyModel(const Theme &theme, QObject *parent)
    : QAbstractItemModel(parent), m_theme(theme), m_entries(1)
{
}

void HierarchyModel::setResult(std::shared_ptr<const ComparisonResult> result)
{
    beginResetModel();
    m_result = std::move(result);
    m_index.reset();
    m_entries.assign(1, Entry{});
    if (m_result) {
        m_index.emplace(*m_result);
        build();
    }
    endResetModel();
}

// Modules come with their parents first, and only those with something below them are kept, so the
// pass over all modules is linear and needs no recursion.
void HierarchyModel::build()
{
    const Graph &graph = *m_result->baseline.graph;
    const auto modules = graph.modules();
    std::unordered_map<ModuleId, const ModuleScore *> scores;
    for (const ModuleScore &score : m_result->modules) {
        scores.emplace(score.module, &score);
    }
    std::vector<ModuleId> pending{ModuleId{0}};
    std::vector<std::size_t> parents{0};
    while (!pending.empty()) {
        const ModuleId id = pending.back();
        std::size_t place = parents.back();
        pending.pop_back();
        parents.pop_back();
        const Module &module = modules[id.index()];
        if (id.index() != 0) {
            Entry entry;
            entry.module = id;
            const auto score = scores.find(id);
            entry.score = score == scores.end() ? nullptr : score->second;
            place = append(place, std::move(entry));
        }
        appendOps(place, module);
        for (auto child = module.children.rbegin(); child != module.children.rend(); ++child) {
            pending.push_back(*child);
            parents.push_back(place);
        }
    }
    liftFusedPoints();
}

// A module whose ops all went into regions that end outside of it has no point of its own; the
// worst of those exits speaks for it. Entries stand behind their parents.
void HierarchyModel::liftFusedPoints()
{
    const auto isWorse = [this](SyncPointId a, SyncPointId b) {
        return !b.isValid() || m_result->point(a).severity > m_result->point(b).severity;
    };
    for (std::size_t place = m_entries.size(); place-- > 1;) {
        const Entry &entry = m_entries[place];
        Entry &parent = m_entries[entry.parent];
        if (entry.isFused && entry.parent != 0 && parent.score == nullptr &&
            isWorse(entry.point, parent.point)) {
            parent.point = entry.point;
            parent.isFused = true;
        }
    }
}

QString HierarchyModel::exitName(const Entry &entry) const
{
    const NodeId exit = m_result->alignment.point(entry.point).referenceNode;
    return exit.isValid() ? QString::fromStdString(m_result->baseline.graph->displayName(exit))
                          : QString();
}

std::size_t HierarchyModel::append(std::size_t parent, Entry entry)
{
    entry.parent = parent;
    entry.row = static_cast<int>(m_entries[parent].children.size());
    const std::size_t place = m_entries.size();
    m_entries.push_back(std::move(entry));
    m_entries[parent].children.push_back(place);
    return place;
}

void HierarchyModel::appendOps(std::size_t parent, const Module &module)
{
    for (const NodeId node : module.nodes) {
        if (!computesData(*m_result->baseline.graph, m_result->alignment, node)) {
            continue;
        }
        Entry entry;
        entry.node = node;
        entry.point = m_index->point(Side::Baseline, node);
        entry.isFused = entry.point.isValid() &&
                        isAbsorbed(*m_result->baseline.graph, m_result->alignment, node);
        append(parent, std::move(entry));
    }
}

const HierarchyModel::Entry &HierarchyModel::entryAt(const QModelIndex &index) const
{
    return m_entries[index.isValid() ? index.internalId() : 0];
}

QModelIndex HierarchyModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return createIndex(
        row, column,
        static_cast<quintptr>(entryAt(parent).children[static_cast<std::size_t>(row)]));
}

QModelIndex HierarchyModel::parent(const QModelIndex &child) const
{
    const std::size_t parent = entryAt(child).parent;
    return parent == 0 ? QModelIndex()
                       : createIndex(m_entries[parent].row, 0, static_cast<quintptr>(parent));
}

int HierarchyModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(entryAt(parent).children.size());
}

int HierarchyModel::columnCount(const QModelIndex & /*parent*/) const
{
    return ColumnCount;
}

QVariant HierarchyModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_result) {
        return {};
    }
    const Entry &entry = entryAt(index);
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(entry, column);
    case Qt::AccessibleTextRole:
        if (column == DistributionColumn) {
            const SeverityCounts severities = counts(entry);
            return QStringLiteral("%1 ok, %2 warn, %3 bad")
                .arg(severities.ok)
                .arg(severities.warn)
                .arg(severities.bad);
        }
        return text(entry, column);
    case SortRole:
        return sortKey(entry, column);
    case SeverityCountsRole:
        return QVariant::fromValue(counts(entry));
    case ShareRole:
        return share(entry, column) ? QVariant(*share(entry, column)) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignVCenter |
                        (column >= WorstColumn ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::FontRole:
        return m_theme.monoFont();
    case Qt::ForegroundRole:
        return column == WorstColumn && entry.isFused
                   ? QVariant(m_theme.color(Theme::Role::TextMuted))
                   : QVariant();
    case Qt::DecorationRole:
        if (column == NameColumn) {
            return m_theme.icon(entry.node.isValid() ? QStringLiteral("op")
                                                     : QStringLiteral("module"));
        }
        if (column == WorstColumn && !entry.isFused && worstPoint(entry).isValid() &&
            m_result->point(worstPoint(entry)).status == PointStatus::Compared) {
            return m_theme.severityIcon(m_result->point(worstPoint(entry)).severity);
        }
        return {};
    case Qt::ToolTipRole:
        if (column == DistributionColumn) {
            return data(index, Qt::AccessibleTextRole);
        }
        if (entry.isFused && column == WorstColumn) {
            return QStringLiteral("Fused: the score of %1, where its region ends")
                .arg(exitName(entry));
        }
        if (column == NameColumn && entry.node.isValid()) {
            return QString::fromStdString(m_result->baseline.graph->displayName(entry.node));
        }
        if (column == NameColumn && !entry.node.isValid()) {
            const Module &module = m_result->baseline.graph->module(entry.module);
            return QString::fromStdString(module.path + "\n" + module.className).trimmed();
        }
        return text(entry, column);
    default:
        return {};
    }
}

QString HierarchyModel::text(const Entry &entry, int column) const
{
    const Graph &graph = *m_result->baseline.graph;
    if (column == NameColumn) {
        if (!entry.node.isValid()) {
            return QString::fromStdString(graph.module(entry.module).name);
        }
        // The module path stands above the op already, so only the end of its name is news.
        const QString name = QString::fromStdString(graph.displayName(entry.node));
        const QString last = name.section(QLatin1Char('/'), -1);
        const QString type = QString::fromStdString(graph.node(entry.node).opType);
        const QString shown = last.isEmpty()        ? name
                              : last.contains(type) ? last
                                                    : type + QStringLiteral("  ") + last;
        const QString exit =
            entry.isFused ? exitName(entry).section(QLatin1Char('/'), -1) : QString();
        return exit.isEmpty() ? shown : QStringLiteral("%1 in %2").arg(shown, exit);
    }
    if (column == WorstColumn) {
        const SyncPointId worst = worstPoint(entry);
        return worst.isValid() ? scoreText(*m_result, m_result->point(worst)) : QStringLiteral("–");
    }
    if (column == DistributionColumn) {
        return {};
    }
    const auto value = share(entry, column);
    return value ? briefShareText(*value) : QString();
}

std::optional<double> HierarchyModel::share(const Entry &entry, int column) const
{
    if (column == IntroducedColumn) {
        if (entry.score != nullptr) {
            return entry.score->introducedShare;
        }
        // An absorbed op shares its region's point; counting it again would exceed 100 %.
        if (entry.point.isValid() && m_index->totalIntroduced() > 0.0 &&
            m_result->alignment.point(entry.point).referenceNode == entry.node) {
            return m_result->point(entry.point).attribution.introducedOrDelta() /
                   m_index->totalIntroduced();
        }
        return std::nullopt;
    }
    if (column == ParametersColumn && entry.score != nullptr) {
        return entry.score->parameterShare;
    }
    return std::nullopt;
}

QVariant HierarchyModel::sortKey(const Entry &entry, int column) const
{
    if (column == NameColumn) {
        return entry.row; // execution order
    }
    if (column == DistributionColumn) {
        const SeverityCounts severities = counts(entry);
        return severities.total() == 0
                   ? QVariant()
                   : QVariant(static_cast<double>(2 * severities.bad + severities.warn) /
                              static_cast<double>(severities.total()));
    }
    if (column == WorstColumn) {
        const SyncPointId worst = worstPoint(entry);
        const auto score = worst.isValid() ? scoreNumber(*m_result, m_result->point(worst))
                                           : std::optional<double>();
        return score ? QVariant(*score) : QVariant();
    }
    const auto value = share(entry, column);
    return value ? QVariant(*value) : QVariant();
}

SeverityCounts HierarchyModel::counts(const Entry &entry) const
{
    if (entry.score != nullptr) {
        return {entry.score->ok, entry.score->warn, entry.score->bad};
    }
    SeverityCounts severities;
    if (entry.point.isValid() && !entry.isFused &&
        m_result->point(entry.point).status == PointStatus::Compared) {
        const Severity severity = m_result->point(entry.point).severity;
        (severity == Severity::Ok     ? severities.ok
         : severity == Severity::Warn ? severities.warn
                                      : severities.bad) = 1;
    }
    return severities;
}

SyncPointId HierarchyModel::worstPoint(const Entry &entry) const
{
    return entry.score != nullptr ? entry.score->worstPoint : entry.point;
}

QVariant HierarchyModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) {
        return {};
    }
    static const QStringList names{QStringLiteral("Module"), QStringLiteral("Points"),
                                   QStringLiteral("Worst"), QStringLiteral("Introduced"),
                                   QStringLiteral("Params")};
    static const QStringList tips{
        QStringLiteral("Modules and ops of the baseline; sorts by execution order"),
        QStringLiteral("Sync points that are ok, warn and bad"),
        QStringLiteral("Worst headline score in the module"),
        QStringLiteral(
            "Introduced: the part of the outputs' error that starts here, as a share of all "
            "introduced error"),
        QStringLiteral("Share of the baseline's parameters")};
    if (role == Qt::DisplayRole) {
        return names[section];
    }
    if (role == Qt::ToolTipRole) {
        return tips[section];
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant(Qt::AlignVCenter |
                        (section >= WorstColumn ? Qt::AlignRight : Qt::AlignLeft));
    }
    return {};
}

Selection::Item HierarchyModel::itemAt(const QModelIndex &index) const
{
    const Entry &entry = entryAt(index);
    if (entry.node.isValid()) {
        return itemForNode(*m_result, *m_index, Side::Baseline, entry.node);
    }
    Selection::Item item;
    item.module = entry.module;
    return item;
}

QModelIndex HierarchyModel::indexOf(const Selection::Item &item) const
{
    if (!m_result) {
        return {};
    }
    const NodeId node = nodeOnSide(*m_result, item, Side::Baseline);
    for (std::size_t place = 1; place < m_entries.size(); ++place) {
        const Entry &entry = m_entries[place];
        const bool isWanted = node.isValid() ? entry.node == node
                                             : item.module.isValid() && entry.module == item.module;
        if (isWanted) {
            return createIndex(entry.row, 0, static_cast<quintptr>(place));
        }
    }
    return {};
}

} // namespace syncpoint
