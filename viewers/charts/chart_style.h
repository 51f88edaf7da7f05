#pragma once
#include <QStringList>
#include <QtCharts/QBarCategoryAxis>
#include <QtCharts/QChart>
#include <QtCharts/QValueAxis>
#include <QtCharts/QXYSeries>

namespace syncpoint {

class Theme;

/// What the charts have in common: colours and fonts of the theme, round ticks, readable names.
QChart *makeChart(const QString &title, const Theme &theme);
/// Attaches all series of the chart to both.
void attachAxes(QChart *chart, QAbstractAxis *horizontal, QAbstractAxis *vertical,
                const Theme &theme);
/// About five ticks at 1, 2 or 5 times a power of ten, without widening the range.
void setRoundTicks(QValueAxis &axis);
/// Gives the names beside bars up to 45 % of the chart; left to itself the axis cuts them to a few
/// letters.
void keepNamesReadable(QChart *chart, QBarCategoryAxis *axis, const QStringList &names);

/// The name of a series' only point.
struct PointName
{
    QXYSeries *series = nullptr;
    QString text;
    QColor color;
};
/// Writes names beside points so that none covers another one or a point; those that find no room
/// are left out, the last ones first.
void keepPointNamesApart(QChart *chart, const QList<PointName> &names, const QFont &font);

} // namespace syncpoint
