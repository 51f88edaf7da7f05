#pragma once
#include "viewers/graph/graph_painter.h"

#include <QAbstractScrollArea>
#include <memory>
#include <optional>

namespace syncpoint {

/// Scrolls, zooms and hit-tests one scene. Knows nothing of comparisons or panes: the viewer says
/// what is selected and reacts to the signals.
class GraphCanvas : public QAbstractScrollArea
{
    Q_OBJECT
public:
    static constexpr std::uint32_t kNone = GraphOutline::kNone;
    explicit GraphCanvas(const Theme &theme, QWidget *parent = nullptr);

    /// Shows another scene. `anchor` is a box before and after that must stay where it is on the
    /// screen (the module that was opened); none fits the scene.
    struct Anchor
    {
        std::uint32_t before = kNone, after = kNone;
    };
    void setScene(std::shared_ptr<const GraphScene> scene, std::optional<Anchor> anchor);
    const GraphScene *scene() const { return m_scene.get(); }
    void setColoring(Coloring coloring);
    void setEmptyText(const QString &text); ///< shown while there is no scene

    void select(std::uint32_t box);
    std::uint32_t selected() const { return m_marks.selected; }
    void setHighlighted(std::set<std::uint32_t> boxes);
    const std::set<std::uint32_t> &highlighted() const { return m_marks.highlighted; }
    void setTrace(SceneTrace trace); ///< an empty one ends it
    const SceneTrace &trace() const { return m_marks.trace; }

    double scale() const { return m_scale; }
    std::vector<std::uint32_t> visibleBoxes() const;
    void fit();
    void fitBoxes(const std::vector<std::uint32_t> &boxes);
    void centreOn(std::uint32_t box);
    void centreColumnOn(std::uint32_t box); ///< sideways only
    bool isComfortablyVisible(std::uint32_t box) const;
    void zoomBy(double factor) { zoomAt(m_scale * factor, viewport()->rect().center()); }
    void setScale(double scale) { zoomAt(scale, viewport()->rect().center()); }

    /// What the screen shows, or the whole scene, on any paint device.
    void render(QPainter &painter, const SceneView &view);
    SceneView view() const;
    void setView(double scale, const QPointF &origin); ///< as far as the scene reaches

Q_SIGNALS:
    void boxClicked(std::uint32_t box); ///< kNone for the background
    void toggleRequested(std::uint32_t box);
    void upRequested();
    void pathRequested(std::uint32_t box); ///< Shift+click: from the selected box to this one
    void menuRequested(std::uint32_t box, const QPoint &global);
    void chipClicked(std::uint32_t chip, const QPoint &global);
    void viewChanged();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    bool focusNextPrevChild(bool) override { return false; } ///< Tab walks the graph; F6 leaves it

private:
    void zoomAt(double scale, const QPointF &at);
    void showArea(const QRectF &area, double mostScale);
    void updateScrollBars();
    void scrollTo(const QPointF &origin);
    std::uint32_t neighbour(int key) const;
    std::uint32_t besides(bool toTheRight) const;
    std::uint32_t nextInOrder(bool forward) const;

    std::shared_ptr<const GraphScene> m_scene;
    std::unique_ptr<SceneIndex> m_index;
    GraphPainter m_painter;
    const Theme &m_theme;
    SceneMarks m_marks;
    QString m_emptyText;
    double m_scale = 1.0;
    bool m_needsFit = false; ///< the scene came before the widget had a size
    std::optional<QPoint> m_pressedAt;
    QPoint m_scrollAtPress;
    bool m_isDragging = false;
};

} // namespace syncpoint
