#include "viewers/charts/chart_view.h"

#include <QAction>
#include <QFileDialog>
#include <QPainter>
#include <QSvgGenerator>
#include <memory>

namespace syncpoint {

QChartView *makeChartView(const QString &name, QWidget *parent)
{
    auto *view = new QChartView(parent);
    view->setRenderHint(QPainter::Antialiasing);
    view->setFrameShape(QFrame::NoFrame);
    view->setAccessibleName(name);
    view->setMinimumSize(200, 160);
    return view;
}

void replaceChart(QChartView *view, QChart *chart)
{
    const std::unique_ptr<QChart> old(view->chart());
    view->setChart(chart);
}

QAction *makeChartExport(const QString &text, const QString &key, QChartView *view, QObject *parent)
{
    auto *action = new QAction(text, parent);
    action->setObjectName(key);
    QObject::connect(action, &QAction::triggered, view, [view] {
        const QString file =
            QFileDialog::getSaveFileName(view, {}, {}, QObject::tr("SVG (*.svg);;PNG (*.png)"));
        if (file.endsWith(QStringLiteral(".png"))) {
            view->grab().save(file);
        } else if (!file.isEmpty()) {
            QSvgGenerator svg;
            svg.setFileName(file);
            svg.setSize(view->size());
            svg.setViewBox(view->rect());
            QPainter painter(&svg);
            view->render(&painter);
        }
    });
    return action;
}

} // namespace syncpoint
