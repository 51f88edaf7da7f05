#pragma once
#include "viewers/graph/graph_canvas.h"

#include <QTimer>
#include <QWidget>
#include <array>

class QLabel;
class QSplitter;

namespace syncpoint {

/// One canvas, or both sides of a comparison next to each other: scrolled and zoomed together while
/// locked, swapped, or blinking in turn.
class CompareArea : public QWidget
{
    Q_OBJECT
public:
    explicit CompareArea(const Theme &theme, QWidget *parent = nullptr);

    GraphCanvas &main() { return *m_halves[0].canvas; }
    GraphCanvas &other() { return *m_halves[1].canvas; } ///< hidden unless comparing
    void setTitles(const QString &main, const QString &other);

    void setComparing(bool on);
    bool isComparing() const { return m_isComparing; }
    void setLocked(bool on); ///< the other canvas follows the one that is moved
    bool isLocked() const { return m_isLocked; }
    void setBlinking(bool on); ///< shows both in turn at the same place
    bool isBlinking() const { return m_blink.isActive(); }
    void swapPlaces();
    bool isSwapped() const;
    /// After both got new scenes: the other canvas shows what the main one shows.
    void alignOther();

private:
    struct Half
    {
        QWidget *box = nullptr;
        QLabel *title = nullptr;
        GraphCanvas *canvas = nullptr;
    };
    Half makeHalf(const Theme &theme);
    void follow(const GraphCanvas &from, GraphCanvas &to);
    void blink();
    void showHalves();

    QSplitter *m_splitter;
    std::array<Half, 2> m_halves;
    QTimer m_blink;
    bool m_isComparing = false;
    bool m_isLocked = true;
    bool m_isFollowing = false;
    bool m_showsOther = false; ///< while blinking
};

} // namespace syncpoint
