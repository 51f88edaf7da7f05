#include "viewers/tensor/tensor_details.h"

#include "ui/models/display_text.h"
#include "ui/theme/theme.h"
#include "viewers/tensor/line_plot.h"
#include "viewers/tensor/plane_table.h"
#include "viewers/tensor/scatter_plot.h"
#include "viewers/tensor/top_classes.h"
#include "viewers/tensor/value_statistics.h"

#include <QComboBox>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

namespace syncpoint {
namespace {

QLabel *makeText(const Theme &theme, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setFont(theme.monoFont());
    label->setTextFormat(Qt::RichText);
    label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    label->setMargin(2 * Theme::kGrid);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

/// Cells of a row; the first stands left, numbers stand right.
QString tableRow(const QStringList &cells)
{
    QString row = QStringLiteral("<tr><td>%1</td>").arg(cells.front());
    for (qsizetype i = 1; i < cells.size(); ++i) {
        row += QStringLiteral("<td align=right>&nbsp;&nbsp;%1</td>").arg(cells[i]);
    }
    return row + QStringLiteral("</tr>");
}

QString table(const QStringList &rows)
{
    return QStringLiteral("<table cellspacing=0 cellpadding=1>%1</table>")
        .arg(rows.join(QString()));
}

} // namespace

TensorDetails::TensorDetails(const Theme &theme, QWidget *parent)
    : QTabWidget(parent), m_statistics(makeText(theme, this)), m_classes(makeText(theme, this)),
      m_table(new PlaneTable(theme, this)), m_tableSide(new QComboBox(this)),
      m_profileDirection(new QComboBox(this)), m_profile(new LinePlot(theme, tr("Profile"), this)),
      m_channels(new LinePlot(theme, tr("Score per channel"), this)),
      m_scatter(new ScatterPlot(theme, this))
{
    setDocumentMode(true);
    setUsesScrollButtons(true);
    addTab(m_statistics, tr("Statistics"));
    addTab(makeNumbers(), tr("Numbers"));
    addTab(makeProfile(), tr("Profile"));
    addTab(m_scatter, tr("B over A"));
    addTab(m_channels, tr("Channels"));
    addTab(m_classes, tr("Classes"));
    m_channels->setEmptyText(tr("This tensor has no score per channel."));
    connect(this, &QTabWidget::currentChanged, this, &TensorDetails::updateTab);
    connect(m_channels, &LinePlot::indexClicked, this, [this](std::size_t index) {
        if (m_content != nullptr && m_content->channels) {
            Q_EMIT channelClicked(m_content->channels->axis, index);
        }
    });
}

QWidget *TensorDetails::makeNumbers()
{
    auto *page = new QWidget(this);
    m_tableSide->addItems({tr("A"), tr("B"), tr("B − A")});
    m_tableSide->setCurrentIndex(1);
    m_tableSide->setAccessibleName(tr("Which numbers the table shows"));
    auto *hint = new QLabel(tr("Ctrl+C copies the selected cells"), page);
    hint->setProperty("muted", true);
    connect(m_tableSide, &QComboBox::currentIndexChanged, this, [this](int side) {
        m_table->numbers().setShown(static_cast<PlaneTableModel::Shown>(side));
    });
    connect(m_table, &PlaneTable::cellClicked, this, &TensorDetails::cellClicked);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(Theme::kGrid, Theme::kGrid, Theme::kGrid, 0);
    head->addWidget(m_tableSide);
    head->addWidget(hint, 1);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(head);
    column->addWidget(m_table, 1);
    return page;
}

QWidget *TensorDetails::makeProfile()
{
    auto *page = new QWidget(this);
    m_profileDirection->addItems({tr("Along the row"), tr("Along the column")});
    m_profileDirection->setAccessibleName(tr("Which way the profile runs"));
    m_profile->setEmptyText(tr("Pick a cell to see the values beside it."));
    connect(m_profileDirection, &QComboBox::currentIndexChanged, this, &TensorDetails::showProfile);
    connect(m_profile, &LinePlot::indexClicked, this, [this](std::size_t index) {
        const QPoint cell = m_cell.value_or(QPoint());
        const int along = static_cast<int>(index);
        Q_EMIT cellClicked(isProfileOfColumn() ? QPoint(cell.x(), along) : QPoint(along, cell.y()));
    });
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(Theme::kGrid, Theme::kGrid, 0, 0);
    column->addWidget(m_profileDirection, 0, Qt::AlignLeft);
    column->addWidget(m_profile, 1);
    return page;
}

bool TensorDetails::isProfileOfColumn() const
{
    return m_profileDirection->currentIndex() == 1;
}

void TensorDetails::setColors(const PlaneColors &baseline, const PlaneColors &candidate)
{
    m_table->numbers().setColors(baseline, candidate);
}

void TensorDetails::showNumbers()
{
    if (std::exchange(m_hasNewPlanes, false)) {
        m_table->setPlanes(m_baseline, m_candidate);
        m_tableSide->setHidden(m_table->numbers().isUpright());
    }
    m_table->setCell(m_cell);
}

void TensorDetails::setContent(const TensorContent *content)
{
    m_content = content;
    if (content == nullptr) {
        m_table->setPlanes(nullptr, nullptr);
        m_hasNewPlanes = true;
    }
    setTabVisible(Channels, content != nullptr && content->channels.has_value());
    setTabVisible(Classes, content != nullptr && content->isOutput && mayBeLogits(content->shape));
    updateTab();
}

void TensorDetails::setPlace(const Plane &baseline, const Plane &candidate,
                             std::optional<QPoint> cell)
{
    m_baseline = &baseline;
    m_candidate = &candidate;
    m_cell = cell;
    if (currentIndex() == Profile || currentIndex() == Numbers) {
        updateTab();
    }
}

void TensorDetails::updateTab()
{
    if (m_content == nullptr || !isVisible()) {
        return;
    }
    switch (currentIndex()) {
    case Statistics:
        m_statistics->setText(statisticsText());
        break;
    case Numbers:
        showNumbers();
        break;
    case Profile:
        showProfile();
        break;
    case Scatter:
        m_scatter->setDensity(
            densityOf(m_content->reference.values, m_content->candidate.values, m_content->extent));
        break;
    case Channels:
        showChannels();
        break;
    case Classes:
        m_classes->setText(classesText());
        break;
    default:
        break;
    }
}

QString TensorDetails::statisticsText() const
{
    const auto number = [](double value) { return QString::number(value, 'g', 5); };
    const auto count = [](std::uint64_t value) { return countText(value); };
    QStringList names{QString(),       tr("elements"), tr("least"), tr("largest"), tr("mean"),
                      tr("deviation"), tr("RMS"),      tr("zeros"), tr("NaN"),     tr("Inf")};
    std::vector<QStringList> columns{names};
    const auto add = [&](const QString &title, std::span<const float> values) {
        if (values.empty()) {
            return;
        }
        const ValueStatistics s = statisticsOf(values);
        columns.push_back({title, count(s.count), number(s.least), number(s.largest),
                           number(s.mean), number(s.deviation), number(s.rms), count(s.zeros),
                           count(s.nans), count(s.infinities)});
    };
    add(QStringLiteral("A"), m_content->reference.values);
    add(QStringLiteral("B"), m_content->candidate.values);
    if (m_content->hasBoth()) {
        add(QStringLiteral("B − A"),
            difference(m_content->reference.values, m_content->candidate.values,
                       DifferenceKind::Signed, 0.0)
                .values());
    }
    QStringList rows;
    for (qsizetype i = 0; i < names.size(); ++i) {
        QStringList cells;
        for (const QStringList &column : columns) {
            cells << column[i];
        }
        rows << tableRow(cells);
    }
    return table(rows);
}

QString TensorDetails::classesText() const
{
    constexpr std::size_t kMost = 5;
    const auto width = static_cast<std::size_t>(m_content->shape.back());
    const auto rowOf = [&](const std::vector<float> &values) {
        return topClasses(std::span(values).first(std::min(width, values.size())), kMost);
    };
    const auto a = rowOf(m_content->reference.values);
    const auto b = rowOf(m_content->candidate.values);
    QStringList rows{tableRow({tr("place"), tr("A class"), QString(), tr("B class"), QString()})};
    const auto cells = [](const std::vector<ClassShare> &top, std::size_t i) {
        return i < top.size()
                   ? QStringList{QString::number(top[i].index), shareText(top[i].probability)}
                   : QStringList{QStringLiteral("–"), QString()};
    };
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        const bool differs = i < a.size() && i < b.size() && a[i].index != b[i].index;
        rows << tableRow(QStringList{QString::number(i + 1) + (differs ? tr(" ≠") : QString())} +
                         cells(a, i) + cells(b, i));
    }
    return table(rows);
}

void TensorDetails::showProfile()
{
    const QPoint cell = m_cell.value_or(QPoint());
    const bool isColumn = isProfileOfColumn();
    const auto fixed = static_cast<std::size_t>(isColumn ? cell.x() : cell.y());
    std::vector<LinePlot::Line> lines;
    const auto add = [&](const Plane *plane, const QString &name, bool isCandidate) {
        if (plane == nullptr || plane->isEmpty() ||
            fixed >= (isColumn ? plane->columns : plane->rows)) {
            return;
        }
        LinePlot::Line line{name, {}, isCandidate};
        for (std::size_t i = 0; i < (isColumn ? plane->rows : plane->columns); ++i) {
            line.values.push_back(isColumn ? plane->at(i, fixed) : plane->at(fixed, i));
        }
        lines.push_back(std::move(line));
    };
    add(m_baseline, QStringLiteral("A"), false);
    add(m_candidate, QStringLiteral("B"), true);
    m_profile->setAxes((isColumn ? tr("row of column %1") : tr("column of row %1")).arg(fixed), {});
    const int along = isColumn ? cell.y() : cell.x();
    m_profile->setMark(m_cell ? std::optional(static_cast<std::size_t>(along)) : std::nullopt);
    m_profile->setLines(std::move(lines));
}

void TensorDetails::showChannels()
{
    if (!m_content->channels) {
        return;
    }
    LinePlot::Line line{tr("signal to noise"), {}, true};
    for (const double nsr : m_content->channels->nsr) {
        constexpr double kMostDecibels = 160.0; // an exact channel would squash the others
        line.values.push_back(static_cast<float>(
            nsr > 0.0 ? std::min(-10.0 * std::log10(nsr), kMostDecibels) : kMostDecibels));
    }
    m_channels->setAxes(tr("channel, axis %1").arg(m_content->channels->axis), tr("dB"));
    m_channels->setMark(m_content->channels->worst);
    m_channels->setLines({std::move(line)});
}

} // namespace syncpoint
