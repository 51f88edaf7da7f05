#include "viewers/tensor/plane_table.h"

#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScopedValueRollback>
#include <algorithm>

namespace syncpoint {

namespace {
/// Headers keep some bytes per section; more rows than this nobody reads.
constexpr std::size_t kMostSections = 1'000'000;

int sections(std::size_t count)
{
    return static_cast<int>(std::min(count, kMostSections));
}
} // namespace

const Plane *PlaneTableModel::shape() const
{
    for (const Plane *plane : {m_baseline, m_candidate}) {
        if (plane != nullptr && !plane->isEmpty()) {
            return plane;
        }
    }
    return nullptr;
}

void PlaneTableModel::setPlanes(const Plane *baseline, const Plane *candidate)
{
    beginResetModel();
    m_baseline = baseline;
    m_candidate = candidate;
    endResetModel();
}

void PlaneTableModel::setShown(Shown shown)
{
    m_shown = shown;
    if (shape() != nullptr) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
}

void PlaneTableModel::setColors(const PlaneColors &baseline, const PlaneColors &candidate)
{
    m_baselineColors = baseline;
    m_candidateColors = candidate;
    setShown(m_shown);
}

bool PlaneTableModel::isUpright() const
{
    return shape() != nullptr && shape()->rows == 1;
}

int PlaneTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || shape() == nullptr
               ? 0
               : sections(isUpright() ? shape()->columns : shape()->rows);
}

int PlaneTableModel::columnCount(const QModelIndex &parent) const
{
    constexpr int kSides = 3;
    return parent.isValid() || shape() == nullptr ? 0
           : isUpright()                          ? kSides
                                                  : sections(shape()->columns);
}

PlaneTableModel::Shown PlaneTableModel::shownIn(int column) const
{
    return isUpright() ? static_cast<Shown>(column) : m_shown;
}

QPoint PlaneTableModel::planeCell(const QModelIndex &index) const
{
    return isUpright() ? QPoint(index.row(), 0) : QPoint(index.column(), index.row());
}

QModelIndex PlaneTableModel::indexOf(QPoint cell) const
{
    return isUpright() ? index(cell.x(), static_cast<int>(m_shown)) : index(cell.y(), cell.x());
}

std::optional<float> PlaneTableModel::valueAt(Shown shown, QPoint cell) const
{
    const auto row = static_cast<std::size_t>(cell.y());
    const auto column = static_cast<std::size_t>(cell.x());
    const auto of = [&](const Plane *plane) {
        // The picture may have got another plane before the table hears of it.
        return plane != nullptr && row < plane->rows && column < plane->columns &&
                       plane->has(row, column)
                   ? std::optional(plane->at(row, column))
                   : std::nullopt;
    };
    const auto a = shown == Shown::Candidate ? std::nullopt : of(m_baseline);
    const auto b = shown == Shown::Baseline ? std::nullopt : of(m_candidate);
    if (shown == Shown::Difference) {
        return a && b ? std::optional(*b - *a) : std::nullopt;
    }
    return a ? a : b;
}

QVariant PlaneTableModel::data(const QModelIndex &index, int role) const
{
    if (role == Qt::TextAlignmentRole) {
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    }
    const bool isColor = role == Qt::BackgroundRole || role == Qt::ForegroundRole;
    if (!index.isValid() || (role != Qt::DisplayRole && !isColor)) {
        return {};
    }
    const Shown shown = shownIn(index.column());
    const auto value = valueAt(shown, planeCell(index));
    if (!value) {
        return {};
    }
    if (role == Qt::DisplayRole) {
        return QString::number(double{*value}, 'g', 5);
    }
    if (shown == Shown::Difference) {
        return {};
    }
    const Rgb color =
        colorOf(*value, shown == Shown::Baseline ? m_baselineColors : m_candidateColors);
    if (role == Qt::BackgroundRole) {
        return QColor(color.red, color.green, color.blue);
    }
    constexpr int kBright = 128;
    return QColor(qGray(color.red, color.green, color.blue) > kBright ? Qt::black : Qt::white);
}

QVariant PlaneTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole) {
        return {};
    }
    if (orientation == Qt::Horizontal && isUpright()) {
        return QStringList{tr("A"), tr("B"), tr("B − A")}.value(section);
    }
    return section;
}

PlaneTable::PlaneTable(const Theme &theme, QWidget *parent) : QTableView(parent)
{
    constexpr int kRowHeight = 5 * Theme::kGrid;
    setFont(theme.monoFont());
    setModel(&m_numbers);
    setAccessibleName(tr("Numbers of the slice"));
    setWordWrap(false);
    setShowGrid(false);
    setTabKeyNavigation(false); // Tab leaves the table
    setFrameShape(QFrame::NoFrame);
    const int width = fontMetrics().horizontalAdvance(QStringLiteral("-1.2345e-05")) + 8;
    horizontalHeader()->setDefaultSectionSize(width);
    horizontalHeader()->setMinimumSectionSize(width / 2);
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
}

void PlaneTable::setPlanes(const Plane *baseline, const Plane *candidate)
{
    const QScopedValueRollback guard(m_isFollowing, true);
    m_numbers.setPlanes(baseline, candidate);
}

void PlaneTable::setCell(std::optional<QPoint> cell)
{
    const QScopedValueRollback guard(m_isFollowing, true);
    const QModelIndex index = cell ? m_numbers.indexOf(*cell) : QModelIndex();
    if (!index.isValid()) {
        clearSelection();
    } else if (m_numbers.planeCell(currentIndex()) != *cell || !currentIndex().isValid()) {
        setCurrentIndex(index);
        scrollTo(index);
    }
}

void PlaneTable::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    if (!m_isFollowing && current.isValid()) {
        Q_EMIT cellClicked(m_numbers.planeCell(current));
    }
}

QString PlaneTable::selectedText() const
{
    constexpr qsizetype kMostCells = 4'000'000; // as many as the CSV export writes
    QStringList lines;
    qsizetype cells = 0;
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom() && cells < kMostCells; ++row) {
            QStringList line;
            for (int column = range.left(); column <= range.right(); ++column) {
                line << m_numbers.index(row, column).data().toString();
            }
            cells += line.size();
            lines << line.join(u'\t');
        }
    }
    return lines.join(u'\n');
}

void PlaneTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(selectedText());
        return event->accept();
    }
    QTableView::keyPressEvent(event);
}

} // namespace syncpoint
