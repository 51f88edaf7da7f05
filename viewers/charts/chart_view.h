#pragma once
#include <QtCharts/QChartView>

class QAction;

namespace syncpoint {

QChartView *makeChartView(const QString &name, QWidget *parent);
/// A view does not delete the chart it is given up for.
void replaceChart(QChartView *view, QChart *chart);
/// An action that asks for a file and writes the view there, as SVG or PNG. `key` is its stable
/// name.
QAction *makeChartExport(const QString &text, const QString &key, QChartView *view,
                         QObject *parent);

} // namespace syncpoint
