#include "ui/models/sync_point_model.h"

#include "compare/metric/metric.h"
#include "ui/models/display_text.h"
#include "ui/models/result_index.h"
#include "ui/theme/theme.h"

#include <algorithm>

namespace syncpoint {

namespace {

QVariant number(std::optional<double> value)
{
    return value ? QVariant(*value) : QVariant();
}

bool isNumeric(int column)
{
    return column == SyncPointModel::ScoreColumn || column == SyncPointModel::IntroducedColumn ||
           column == SyncPointModel::DeltaColumn || column == SyncPointModel::TimeColumn;
}

} // namespace

SyncPointModel::SyncPointModel(const Theme &theme, QObject *parent)
    : QAbstractTableModel(parent), m_theme(theme)
{
}

void SyncPointModel::setResult(std::shared_ptr<const ComparisonResult> result)
{
    beginResetModel();
    m_result = std::move(result);
    m_unmatched.clear();
    m_totalIntroduced = 0.0;
    if (m_result) {
        m_totalIntroduced = ResultIndex(*m_result).totalIntroduced();
        for (const Side side : {Side::Baseline, Side::Candidate}) {
            const auto &outcomes = side == Side::Baseline ? m_result->alignment.reference
                                                          : m_result->alignment.candidate;
            for (std::size_t i = 0; i < outcomes.size(); ++i) {
                if (outcomes[i].lacksCounterpart()) {
                    m_unmatched.push_back({side, ValueId{i}});
                }
            }
        }
    }
    endResetModel();
}

int SyncPointModel::rowCount(const QModelIndex &parent) const
{
    if (parent.isValid() || !m_result) {
        return 0;
    }
    return static_cast<int>(m_result->points.size() + m_unmatched.size());
}

int SyncPointModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

bool SyncPointModel::isUnmatched(int row) const
{
    return static_cast<std::size_t>(row) >= m_result->points.size();
}

QVariant SyncPointModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_result) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant(Qt::AlignVCenter |
                        (isNumeric(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
    }
    const bool isText = index.column() == StatusColumn || index.column() == OpColumn;
    if (role == Qt::FontRole && !isText) {
        return m_theme.monoFont();
    }
    const auto row = static_cast<std::size_t>(index.row());
    return isUnmatched(index.row())
               ? unmatchedData(m_unmatched[row - m_result->points.size()], index.column(), role)
               : pointData(row, index.column(), role);
}

QVariant SyncPointModel::pointData(std::size_t point, int column, int role) const
{
    const PointResult &scored = m_result->points[point];
    switch (role) {
    case Qt::DisplayRole:
        return pointText(point, column);
    case SortRole:
        return pointSortKey(point, column);
    case Qt::ToolTipRole:
        return pointToolTip(point, column);
    case Qt::DecorationRole:
        if (column == ScoreColumn && scored.status == PointStatus::Compared) {
            return m_theme.severityIcon(scored.severity);
        }
        return {};
    case Qt::AccessibleTextRole:
        if (column == ScoreColumn && scored.status == PointStatus::Compared) {
            return QStringLiteral("%1, %2").arg(pointText(point, column),
                                                fromUtf8(severityName(scored.severity)));
        }
        return pointText(point, column);
    case Qt::ForegroundRole:
        if (column == ModuleColumn || column == CandidateColumn ||
            (column == StatusColumn && !scored.attribution.isSource)) {
            return m_theme.color(Theme::Role::TextMuted);
        }
        return {};
    default:
        return {};
    }
}

QString SyncPointModel::pointText(std::size_t point, int column) const
{
    const PointResult &scored = m_result->points[point];
    const SyncPoint &sync = m_result->alignment.points[point];
    switch (column) {
    case NameColumn:
        return pointName(point, Side::Baseline);
    case CandidateColumn: {
        const QString candidate = pointName(point, Side::Candidate);
        return candidate == pointName(point, Side::Baseline) ? QString() : candidate;
    }
    case OpColumn:
        return sync.referenceNode.isValid()
                   ? QString::fromStdString(
                         m_result->baseline.graph->node(sync.referenceNode).opType)
                   : QStringLiteral("Input");
    case ScoreColumn:
        return scoreText(*m_result, scored);
    case IntroducedColumn:
        return introducedShare(scored) ? shareText(*introducedShare(scored)) : QStringLiteral("–");
    case DeltaColumn:
        return energyText(scored.attribution.deltaNsr);
    case ModuleColumn:
        return moduleOf(Side::Baseline, sync.referenceNode);
    case DtypeColumn:
        return candidateDtype(point);
    case StatusColumn:
        return scored.attribution.isSource ? QStringLiteral("starts here")
                                           : statusText(scored.status);
    case PlacementColumn:
        return scored.candidatePlacement.empty()
                   ? QStringLiteral("–")
                   : QString::fromStdString(scored.candidatePlacement);
    case TimeColumn:
        return durationText(scored.candidateMicroseconds);
    default:
        return {};
    }
}

QVariant SyncPointModel::pointSortKey(std::size_t point, int column) const
{
    const PointResult &scored = m_result->points[point];
    switch (column) {
    case ScoreColumn:
        return number(scoreNumber(*m_result, scored));
    case IntroducedColumn:
        return number(introducedShare(scored));
    case DeltaColumn:
        return number(scored.attribution.deltaNsr);
    case TimeColumn:
        return number(scored.candidateMicroseconds);
    case NameColumn:
        return static_cast<qulonglong>(point); // execution order says more than the alphabet
    default:
        return pointText(point, column);
    }
}

QString SyncPointModel::pointToolTip(std::size_t point, int column) const
{
    const SyncPoint &sync = m_result->alignment.points[point];
    const PointResult &scored = m_result->points[point];
    if (column == NameColumn) {
        return QStringLiteral("Baseline: %1\nCandidate: %2\nPaired by %3: %4")
            .arg(QString::fromStdString(m_result->baseline.graph->qualifiedName(sync.reference)),
                 QString::fromStdString(m_result->candidate.graph->qualifiedName(sync.candidate)),
                 QString::fromStdString(sync.match.rule),
                 QString::fromStdString(sync.match.evidence));
    }
    if (column == IntroducedColumn && introducedShare(scored)) {
        return QStringLiteral("%1 of all introduced error; %2 relative to the energy")
            .arg(shareText(*introducedShare(scored)),
                 energyText(scored.attribution.introducedOrDelta()));
    }
    return pointText(point, column);
}

std::optional<double> SyncPointModel::introducedShare(const PointResult &scored) const
{
    if (scored.attribution.level == PointAttribution::Level::None || m_totalIntroduced <= 0.0) {
        return std::nullopt;
    }
    return scored.attribution.introducedOrDelta() / m_totalIntroduced;
}

QString SyncPointModel::pointName(std::size_t point, Side side) const
{
    const SyncPoint &sync = m_result->alignment.points[point];
    const Graph &graph = *sideOf(*m_result, side).graph;
    const NodeId node = side == Side::Baseline ? sync.referenceNode : sync.candidateNode;
    if (node.isValid()) {
        return QString::fromStdString(graph.displayName(node));
    }
    return QString::fromStdString(
        graph.qualifiedName(side == Side::Baseline ? sync.reference : sync.candidate));
}

QString SyncPointModel::moduleOf(Side side, NodeId node) const
{
    if (!node.isValid()) {
        return {};
    }
    const Graph &graph = *sideOf(*m_result, side).graph;
    return QString::fromStdString(graph.module(graph.node(node).module).path);
}

QString SyncPointModel::candidateDtype(std::size_t point) const
{
    const std::string &captured = m_result->points[point].candidateDtype;
    if (!captured.empty()) {
        return QString::fromStdString(captured);
    }
    const ValueId value = m_result->alignment.points[point].candidate;
    return fromUtf8(dtypeName(m_result->candidate.graph->value(value).dtype));
}

QVariant SyncPointModel::unmatchedData(const Unmatched &row, int column, int role) const
{
    const Graph &graph = *sideOf(*m_result, row.side).graph;
    const auto &outcomes =
        row.side == Side::Baseline ? m_result->alignment.reference : m_result->alignment.candidate;
    const QString reason = QString::fromStdString(outcomes[row.value.index()].reason);
    const Value &value = graph.value(row.value);
    if (role == Qt::ToolTipRole) {
        return reason;
    }
    if (role == Qt::DecorationRole && column == StatusColumn) {
        return m_theme.icon(QStringLiteral("unmatched"));
    }
    if (role == Qt::ForegroundRole && column == ModuleColumn) {
        return m_theme.color(Theme::Role::TextMuted);
    }
    if (role == SortRole && isNumeric(column)) {
        return {};
    }
    if (role != Qt::DisplayRole && role != SortRole) {
        return {};
    }
    switch (column) {
    case NameColumn:
        if (role == SortRole) { // after all points, in the order of the file
            return static_cast<qulonglong>(m_result->points.size() + row.value.index());
        }
        return QString::fromStdString(graph.qualifiedName(row.value));
    case OpColumn:
        return value.producer.isValid() ? QString::fromStdString(graph.node(value.producer).opType)
                                        : QStringLiteral("Input");
    case ModuleColumn:
        return moduleOf(row.side, value.producer);
    case DtypeColumn:
        return fromUtf8(dtypeName(value.dtype));
    case StatusColumn:
        return QStringLiteral("unmatched in %1: %2")
            .arg(row.side == Side::Baseline ? QStringLiteral("baseline")
                                            : QStringLiteral("candidate"),
                 reason);
    default:
        return QStringLiteral("–");
    }
}

QVariant SyncPointModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant(Qt::AlignVCenter | (isNumeric(section) ? Qt::AlignRight : Qt::AlignLeft));
    }
    static const QStringList names{
        QStringLiteral("Sync point"),   QStringLiteral("Score"), QStringLiteral("Introduced"),
        QStringLiteral("ΔNSR"),         QStringLiteral("Op"),    QStringLiteral("Module"),
        QStringLiteral("In candidate"), QStringLiteral("Type"),  QStringLiteral("Status"),
        QStringLiteral("Ran on"),       QStringLiteral("Time")};
    static const QStringList tips{
        QStringLiteral("The op in the baseline; sorts by execution order"),
        QStringLiteral("Headline metric over all samples"),
        QStringLiteral("The part of the outputs' error that starts at this op, as a share of all "
                       "introduced error"),
        QStringLiteral("Error energy of the output minus that of its worst input, relative to the "
                       "baseline's energy"),
        QStringLiteral("Op type of the baseline"),
        QStringLiteral("Module of the source program"),
        QStringLiteral("The candidate's op where its name differs"),
        QStringLiteral("Element type of the candidate's captured tensor"),
        QStringLiteral("Whether both tensors could be compared"),
        QStringLiteral("Execution provider of the candidate; – is unknown"),
        QStringLiteral("Time of the candidate's op")};
    if (role == Qt::ToolTipRole) {
        return tips[section];
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    return section == ScoreColumn && m_result ? metricName(m_result->config.metric)
                                              : names[section];
}

Selection::Item SyncPointModel::itemAt(int row) const
{
    if (!isUnmatched(row)) {
        return itemForPoint(*m_result, SyncPointId{static_cast<std::size_t>(row)});
    }
    const Unmatched &unmatched =
        m_unmatched[static_cast<std::size_t>(row) - m_result->points.size()];
    Selection::Item item;
    item.side = unmatched.side;
    item.value = unmatched.value;
    item.node = sideOf(*m_result, unmatched.side).graph->value(unmatched.value).producer;
    return item;
}

int SyncPointModel::rowOf(const Selection::Item &item) const
{
    if (!m_result) {
        return -1;
    }
    if (item.point.isValid()) {
        return static_cast<int>(item.point.index());
    }
    const auto found =
        std::find_if(m_unmatched.begin(), m_unmatched.end(), [&item](const Unmatched &row) {
            return row.side == item.side && row.value == item.value;
        });
    return found == m_unmatched.end() ? -1
                                      : static_cast<int>(m_result->points.size()) +
                                            static_cast<int>(found - m_unmatched.begin());
}

RowFacts SyncPointModel::facts(int row) const
{
    const auto text = [this, row](int column) {
        return data(index(row, column), Qt::DisplayRole).toString();
    };
    RowFacts facts{text(NameColumn),
                   text(OpColumn),
                   text(ModuleColumn),
                   text(StatusColumn),
                   text(PlacementColumn),
                   text(DtypeColumn),
                   {},
                   {},
                   {}};
    if (isUnmatched(row)) {
        facts.number = [](const QString &) { return std::nullopt; };
        return facts;
    }
    const auto point = static_cast<std::size_t>(row);
    const PointResult &scored = m_result->points[point];
    const SyncPoint &sync = m_result->alignment.points[point];
    facts.names += QLatin1Char('\n') + text(CandidateColumn) + QLatin1Char('\n') +
                   QString::fromStdString(m_result->baseline.graph->qualifiedName(sync.reference)) +
                   QLatin1Char('\n') +
                   QString::fromStdString(m_result->candidate.graph->qualifiedName(sync.candidate));
    facts.rule = QString::fromStdString(sync.match.rule);
    if (scored.status == PointStatus::Compared) {
        facts.severity = fromUtf8(severityName(scored.severity));
    }
    facts.number = [&scored, this](const QString &id) -> std::optional<double> {
        if (id == QStringLiteral("time")) {
            return scored.candidateMicroseconds;
        }
        if (id == QStringLiteral("introduced")) {
            return introducedShare(scored);
        }
        if (id == QStringLiteral("delta")) {
            return scored.attribution.deltaNsr;
        }
        if (id.toStdString() == m_result->config.metric) {
            return scoreNumber(*m_result, scored); // so that psnr>60 finds exact rows too
        }
        return scored.overall.value(id.toStdString());
    };
    return facts;
}

bool SyncPointModel::isNumber(const QString &id)
{
    return id == QStringLiteral("time") || id == QStringLiteral("delta") ||
           id == QStringLiteral("introduced") || metricIndex(id.toStdString()).has_value();
}

} // namespace syncpoint
