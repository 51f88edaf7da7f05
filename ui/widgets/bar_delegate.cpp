#include "ui/widgets/bar_delegate.h"

#include "ui/models/hierarchy_model.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <algorithm>
#include <array>

namespace syncpoint {

DistributionDelegate::DistributionDelegate(const Theme &theme, int countsRole, QObject *parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_countsRole(countsRole)
{
}

void DistributionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const auto counts = index.data(m_countsRole).value<SeverityCounts>();
    if (counts.total() == 0) {
        return;
    }
    struct Part
    {
        std::size_t count;
        Severity severity;
        int height;
    };
    const std::array parts{Part{counts.bad, Severity::Bad, 10},
                           Part{counts.warn, Severity::Warn, 7}, Part{counts.ok, Severity::Ok, 4}};
    const QRect area = option.rect.adjusted(6, 0, -6, 0);
    painter->save();
    double left = area.left();
    for (const Part &part : parts) {
        const double width =
            area.width() * static_cast<double>(part.count) / static_cast<double>(counts.total());
        if (part.count > 0) {
            painter->fillRect(QRectF(left, area.center().y() - part.height / 2.0 + 0.5,
                                     std::max(1.0, width - 1.0), part.height),
                              m_theme.severityColor(part.severity));
        }
        left += width;
    }
    painter->restore();
}

ShareDelegate::ShareDelegate(const Theme &theme, int shareRole, QObject *parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_shareRole(shareRole)
{
}

void ShareDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const QVariant share = index.data(m_shareRole);
    if (!share.isValid()) {
        return;
    }
    const QRect area = option.rect.adjusted(6, 0, -6, 0);
    const double width = area.width() * std::clamp(share.toDouble(), 0.0, 1.0);
    painter->fillRect(QRectF(area.right() + 1 - width, option.rect.bottom() - 2, width, 2),
                      m_theme.color(Theme::Role::Accent));
}

} // namespace syncpoint
