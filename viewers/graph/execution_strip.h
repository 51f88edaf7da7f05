#pragma once
#include "ui/theme/theme.h"
#include "viewers/graph/graph_scene.h"

#include <QWidget>
#include <memory>
#include <vector>

namespace syncpoint {

/// The whole model from first to last op beside the canvas: longer and darker is worse, the frame
/// is what the canvas shows. Deep networks are ribbons, in which a two-dimensional map shows
/// nothing.
class ExecutionStrip : public QWidget
{
    Q_OBJECT
public:
    explicit ExecutionStrip(const Theme &theme, QWidget *parent = nullptr);

    void setScene(std::shared_ptr<const GraphScene> scene);
    /// First and last leaf that the canvas shows.
    void setWindow(std::uint32_t first, std::uint32_t last);
    QSize sizeHint() const override { return {28, 100}; }

Q_SIGNALS:
    void jumpRequested(std::uint32_t leaf);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    void jump(int y);
    double yOf(std::size_t index) const;

    const Theme &m_theme;
    std::shared_ptr<const GraphScene> m_scene;
    std::vector<std::uint32_t> m_ops; ///< leaves that are ops, execution order
    std::uint32_t m_first = 0, m_last = 0;
};

} // namespace syncpoint
