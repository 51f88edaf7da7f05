#pragma once
#include "viewers/tensor/value_range.h"

#include <QImage>
#include <QWidget>
#include <span>

namespace syncpoint {

class Theme;

/// Counts of pairs over a square grid: A to the right, B upwards. Row 0 is the largest B.
struct PairDensity
{
    static constexpr int kSide = 128;
    std::vector<std::uint32_t> counts = std::vector<std::uint32_t>(kSide * kSide, 0);
    ValueRange range;         ///< of both axes
    std::uint64_t stride = 1; ///< every so many elements were looked at
};
/// Looks at no more than about a million elements, evenly spread. Pairs that are not finite are
/// left out.
PairDensity densityOf(std::span<const float> first, std::span<const float> second,
                      const ValueRange &range);

/// B against A with the line of equality: a gain, an offset or clipping shows at once.
class ScatterPlot : public QWidget
{
    Q_OBJECT
public:
    explicit ScatterPlot(const Theme &theme, QWidget *parent = nullptr);
    void setDensity(PairDensity density);
    QSize sizeHint() const override { return {240, 240}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    PairDensity m_density;
};

} // namespace syncpoint
