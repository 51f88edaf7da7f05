// The part of TensorPane that chooses which values the colours stand for.
#include "viewers/tensor/range_bar.h"
#include "viewers/tensor/tensor_details.h"
#include "viewers/tensor/tensor_pane.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <algorithm>

namespace syncpoint {

namespace {
/// Over the side's own extent rather than that of both.
Histogram ownHistogram(const TensorSide &side)
{
    return histogramOf(side.values, extentOf(side.values, {}), side.histogram.counts.size());
}
} // namespace

std::string TensorPane::tensorKey() const
{
    return m_content.reference.name + '\n' + m_content.candidate.name;
}

bool TensorPane::hasOwnRanges() const
{
    return m_ownRanges->isChecked() && m_content.hasBoth();
}

void TensorPane::resetRanges()
{
    const bool isOwn = hasOwnRanges();
    m_candidateBar->setVisible(isOwn);
    if (isOwn) {
        Histogram candidate = ownHistogram(m_content.candidate);
        m_rangeBar->setHistograms(ownHistogram(m_content.reference), {});
        m_candidateBar->setHistograms({candidate.range, {}}, candidate);
        m_candidateBar->setGrid(m_content.grid);
    } else {
        m_rangeBar->setHistograms(m_content.reference.histogram, m_content.candidate.histogram);
    }
    m_rangeBar->setGrid(isOwn ? std::nullopt : m_content.grid);
    updateBadge();
    const auto kept = m_dragged.find(tensorKey());
    if (kept == m_dragged.end() || kept->second.isOwn != isOwn) {
        return applyPreset();
    }
    m_rangeBar->setRange(kept->second.baseline);
    m_candidateBar->setRange(kept->second.candidate);
    updateColors();
}

void TensorPane::applyPreset()
{
    const auto preset = static_cast<RangePreset>(m_preset->currentIndex());
    m_rangeBar->applyPreset(preset);
    m_candidateBar->applyPreset(preset);
    updateColors();
}

/// What users drag stays with the tensor until they choose a preset for it.
void TensorPane::keepDragged()
{
    m_dragged[tensorKey()] = {hasOwnRanges(), m_rangeBar->range(), m_candidateBar->range()};
    updateColors();
}

void TensorPane::updateColors()
{
    PlaneColors colors;
    colors.range = m_rangeBar->range();
    colors.map = static_cast<ColorMap>(m_map->currentIndex());
    colors.scale = static_cast<ValueScale>(m_scale->currentIndex());
    colors.marksOutside = m_marksOutside->isChecked();
    colors.marksNegative = m_marksNegative->isChecked();
    colors.levels = m_content.levels;
    m_pictures->baseline().setColors(colors);
    if (hasOwnRanges()) {
        colors.range = m_candidateBar->range();
    }
    m_pictures->candidate().setColors(colors);
    const double reach = m_largestDifference;
    const bool isSigned = differenceKind() == DifferenceKind::Signed ||
                          differenceKind() == DifferenceKind::QuantizationSteps ||
                          differenceKind() == DifferenceKind::Ulp;
    PlaneColors error;
    error.range = isSigned ? ValueRange{-reach, reach} : ValueRange{0.0, reach};
    error.map = isSigned ? ColorMap::Diverging : ColorMap::Magma;
    m_pictures->difference().setColors(error);
    m_pictures->difference().setSubtitle(
        m_difference.empty() ? QString() : tr("up to %1").arg(QString::number(reach, 'g', 3)));
    m_details->setColors(m_pictures->baseline().colors(), m_pictures->candidate().colors());
}

void TensorPane::updateBadge()
{
    QStringList parts;
    for (const std::string &part : {m_content.problem, m_content.badge}) {
        if (!part.empty()) {
            parts << QString::fromStdString(part);
        }
    }
    if (hasOwnRanges()) {
        parts << tr("each side in its own range");
    }
    m_badge->setText(parts.join(QStringLiteral(" · ")));
    m_badge->setVisible(!parts.isEmpty());
}

} // namespace syncpoint
