#include "ui/widgets/flow_layout.h"

#include <QWidget>
#include <algorithm>

namespace syncpoint {

void FlowLayout::insertWidget(int index, QWidget *widget)
{
    addWidget(widget);
    std::rotate(m_items.begin() + index, m_items.end() - 1, m_items.end());
    invalidate();
}

void FlowLayout::addItem(QLayoutItem *item)
{
    m_items.emplace_back(item);
}

QLayoutItem *FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem *FlowLayout::takeAt(int index)
{
    if (itemAt(index) == nullptr) {
        return nullptr;
    }
    const auto at = m_items.begin() + index;
    QLayoutItem *item = at->release();
    m_items.erase(at);
    return item;
}

int FlowLayout::heightForWidth(int width) const
{
    int bottom = 0;
    for (const Place &place : placesIn(QRect(0, 0, width, 0))) {
        bottom = std::max(bottom, place.rect.bottom() + 1);
    }
    return bottom + contentsMargins().bottom();
}

QSize FlowLayout::sizeHint() const
{
    QSize size(0, 0);
    for (const auto &item : m_items) {
        if (!item->isEmpty()) {
            const QSize hint = item->sizeHint();
            size = {size.width() + hint.width() + (size.width() > 0 ? spacing() : 0),
                    std::max(size.height(), hint.height())};
        }
    }
    return size.grownBy(contentsMargins());
}

QSize FlowLayout::minimumSize() const
{
    QSize size(0, 0);
    for (const auto &item : m_items) {
        if (!item->isEmpty()) {
            size = size.expandedTo(item->minimumSize());
        }
    }
    return size.grownBy(contentsMargins());
}

void FlowLayout::setGeometry(const QRect &rect)
{
    QLayout::setGeometry(rect);
    for (const Place &place : placesIn(rect)) {
        place.item->setGeometry(place.rect);
    }
}

std::vector<FlowLayout::Place> FlowLayout::placesIn(const QRect &rect) const
{
    const QRect room = rect.marginsRemoved(contentsMargins());
    std::vector<Place> places;
    std::size_t rowStart = 0;
    int x = room.left();
    int y = room.top();
    int rowHeight = 0;
    const auto endRow = [&] { // items of a row stand on its middle
        for (std::size_t i = rowStart; i < places.size(); ++i) {
            places[i].rect.translate(0, (rowHeight - places[i].rect.height()) / 2);
        }
        rowStart = places.size();
        y += rowHeight + spacing();
        x = room.left();
        rowHeight = 0;
    };
    for (const auto &item : m_items) {
        if (item->isEmpty()) {
            continue;
        }
        const QSize size(std::min(item->sizeHint().width(), room.width()),
                         item->sizeHint().height());
        if (rowStart < places.size() && x + size.width() > room.right() + 1) {
            endRow();
        }
        places.push_back({item.get(), QRect(QPoint(x, y), size)});
        x += size.width() + spacing();
        rowHeight = std::max(rowHeight, size.height());
    }
    endRow();
    return places;
}

} // namespace syncpoint
