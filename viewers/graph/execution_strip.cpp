#include "viewers/graph/execution_strip.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

namespace syncpoint {
namespace {

constexpr int kStripMargin = 4;
constexpr double kShortest = 0.25; ///< of the width, for an op that is fine

} // namespace

ExecutionStrip::ExecutionStrip(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Ignored);
    setAccessibleName(tr("Score over execution order"));
    setToolTip(tr("Score over execution order: longer is worse. Click to go there."));
}

void ExecutionStrip::setScene(std::shared_ptr<const GraphScene> scene)
{
    m_scene = std::move(scene);
    m_ops.clear();
    if (m_scene) {
        const auto &leaves = m_scene->outline->leaves;
        for (std::uint32_t leaf = 0; leaf < leaves.size(); ++leaf) {
            if (leaves[leaf].node.isValid()) {
                m_ops.push_back(leaf);
            }
        }
    }
    update();
}

void ExecutionStrip::setWindow(std::uint32_t first, std::uint32_t last)
{
    if (first != m_first || last != m_last) {
        m_first = first;
        m_last = last;
        update();
    }
}

double ExecutionStrip::yOf(std::size_t index) const
{
    const auto count = static_cast<double>(std::max<std::size_t>(m_ops.size(), 1));
    return kStripMargin + static_cast<double>(index) * (height() - 2 * kStripMargin) / count;
}

void ExecutionStrip::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Theme::Role::Window));
    painter.setPen(m_theme.color(Theme::Role::Separator));
    painter.drawLine(0, 0, 0, height());
    if (!m_scene || m_ops.empty()) {
        return;
    }
    const auto &leaves = m_scene->outline->leaves;
    const int full = width() - 2 * kStripMargin;
    std::size_t op = 0;
    for (int y = kStripMargin; y < height() - kStripMargin && op < m_ops.size(); ++y) {
        const OpScore *worst = nullptr;
        for (; op < m_ops.size() && yOf(op) < y + 1; ++op) {
            const OpScore &score = m_scene->scores[leaves[m_ops[op]].node.index()];
            if (score.severity && (worst == nullptr || score.position < worst->position)) {
                worst = &score;
            }
        }
        if (worst != nullptr) {
            const double length = full * (kShortest + (1.0 - kShortest) * (1.0 - worst->position));
            const int rows = std::max(1, static_cast<int>(yOf(op)) - y);
            painter.fillRect(kStripMargin, y, static_cast<int>(length), rows,
                             m_theme.scoreColor(worst->position));
        }
    }
    const auto begin = std::lower_bound(m_ops.begin(), m_ops.end(), m_first) - m_ops.begin();
    const auto end = std::upper_bound(m_ops.begin(), m_ops.end(), m_last) - m_ops.begin();
    QRectF window(1.5, yOf(static_cast<std::size_t>(begin)) - 1.0, width() - 3.0,
                  yOf(static_cast<std::size_t>(end)) - yOf(static_cast<std::size_t>(begin)) + 1.0);
    window.setHeight(std::max(3.0, window.height()));
    painter.setPen(m_theme.color(Theme::Role::Accent));
    painter.drawRect(window);
}

void ExecutionStrip::mousePressEvent(QMouseEvent *event)
{
    jump(static_cast<int>(event->position().y()));
}

void ExecutionStrip::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons().testFlag(Qt::LeftButton)) {
        jump(static_cast<int>(event->position().y()));
    }
}

void ExecutionStrip::jump(int y)
{
    if (m_ops.empty()) {
        return;
    }
    const double share =
        static_cast<double>(y - kStripMargin) / std::max(1, height() - 2 * kStripMargin);
    const double index = std::clamp(share, 0.0, 1.0) * static_cast<double>(m_ops.size());
    Q_EMIT jumpRequested(m_ops[std::min(m_ops.size() - 1, static_cast<std::size_t>(index))]);
}

} // namespace syncpoint
