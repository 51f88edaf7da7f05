#pragma once
#include <QLayout>
#include <memory>
#include <vector>

namespace syncpoint {

/// Controls from left to right that go on in a further row where the width ends, so that a bar of
/// many does not keep the panes beside it from growing.
class FlowLayout : public QLayout
{
    Q_OBJECT
public:
    using QLayout::QLayout;

    /// As addWidget(), in front of the item that now has this index.
    void insertWidget(int index, QWidget *widget);

    void addItem(QLayoutItem *item) override;
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem *itemAt(int index) const override;
    QLayoutItem *takeAt(int index) override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    Qt::Orientations expandingDirections() const override { return {}; }
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect &rect) override;

private:
    struct Place
    {
        QLayoutItem *item;
        QRect rect;
    };
    std::vector<Place> placesIn(const QRect &rect) const;

    std::vector<std::unique_ptr<QLayoutItem>> m_items;
};

} // namespace syncpoint
