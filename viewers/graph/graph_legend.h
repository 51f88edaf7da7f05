#pragma once
#include "viewers/graph/graph_painter.h"

#include <QWidget>
#include <memory>

namespace syncpoint {

/// One row below the canvas: what the colours, shapes and borders mean, with the limits in force.
class GraphLegend : public QWidget
{
    Q_OBJECT
public:
    explicit GraphLegend(const Theme &theme, QWidget *parent = nullptr);

    void setScene(std::shared_ptr<const GraphScene> scene);
    void setColoring(Coloring coloring);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintScores(QPainter &painter, double &x) const;
    void paintIntroduced(QPainter &painter, double &x) const;
    void paintFamilies(QPainter &painter, double &x) const;
    void paintPlaces(QPainter &painter, double &x) const;
    void paintTimes(QPainter &painter, double &x) const;
    void paintBorders(QPainter &painter, double &x) const;
    void paintSwatch(QPainter &painter, double &x, const QColor &fill, Qt::PenStyle border,
                     const QString &text) const;
    void paintText(QPainter &painter, double &x, const QString &text) const;

    const Theme &m_theme;
    std::shared_ptr<const GraphScene> m_scene;
    Coloring m_coloring = Coloring::Score;
};

} // namespace syncpoint
