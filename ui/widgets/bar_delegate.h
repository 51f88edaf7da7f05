#pragma once
#include <QStyledItemDelegate>

namespace syncpoint {

class Theme;

/// Paints the ok | warn | bad distribution of a row, widths by count, each part with its own
/// pattern height so that it reads without colour.
class DistributionDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    DistributionDelegate(const Theme &theme, int countsRole, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

private:
    const Theme &m_theme;
    int m_countsRole;
};

/// A percentage with a thin bar of that length under it.
class ShareDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    ShareDelegate(const Theme &theme, int shareRole, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

private:
    const Theme &m_theme;
    int m_shareRole;
};

} // namespace syncpoint
