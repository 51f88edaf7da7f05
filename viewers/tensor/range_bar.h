#pragma once
#include "viewers/tensor/value_range.h"

#include <QWidget>
#include <optional>

namespace syncpoint {

class Theme;

/// Both histograms over their common extent, with two handles for the range of the colour map.
/// Keyboard: Left/Right move the active handle, Up/Down change it, Home/End send it to the end of
/// the extent.
class RangeBar : public QWidget
{
    Q_OBJECT
public:
    explicit RangeBar(const Theme &theme, QWidget *parent = nullptr);

    void setHistograms(Histogram reference, Histogram candidate);
    /// Marks the numbers that the candidate's integers stand for, where there is room, and the ends
    /// of their range, beyond which it clips.
    void setGrid(const std::optional<QuantizationGrid> &grid);
    void setRange(const ValueRange &range);
    /// Sets the range that the preset takes from the histograms.
    void applyPreset(RangePreset preset);
    const ValueRange &range() const { return m_range; }
    QSize sizeHint() const override { return {320, 56}; }

Q_SIGNALS:
    void rangeDragged(const syncpoint::ValueRange &range);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QRectF plot() const;
    double toX(double value) const;
    double toValue(double x) const;
    void paintHistogram(QPainter &painter, const Histogram &histogram, const QColor &color) const;
    void paintGrid(QPainter &painter) const;
    void moveHandle(double value);

    const Theme &m_theme;
    Histogram m_reference, m_candidate;
    std::optional<QuantizationGrid> m_grid;
    ValueRange m_shown; ///< what the bar spans: the extent, or more when the range is wider
    ValueRange m_range;
    bool m_highActive = true;
};

} // namespace syncpoint
