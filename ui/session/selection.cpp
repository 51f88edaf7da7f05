#include "ui/session/selection.h"

namespace syncpoint {

namespace {
constexpr std::size_t kHistoryLimit = 500;
} // namespace

void Selection::select(const Item &item, QObject *origin)
{
    if (item == m_current) {
        return;
    }
    if (!m_history.empty()) {
        m_history.resize(m_position + 1);
    }
    if (m_history.size() == kHistoryLimit) {
        m_history.erase(m_history.begin());
    }
    m_history.push_back(item);
    m_position = m_history.size() - 1;
    m_current = item;
    Q_EMIT changed(m_current, origin);
}

void Selection::setSample(std::size_t sample, QObject *origin)
{
    if (sample == m_sample) {
        return;
    }
    m_sample = sample;
    Q_EMIT sampleChanged(m_sample, origin);
}

void Selection::clear()
{
    m_history.clear();
    m_position = 0;
    setSample(0, nullptr);
    if (m_current != Item{}) {
        m_current = Item{};
        Q_EMIT changed(m_current, nullptr);
    }
}

void Selection::back()
{
    if (canGoBack()) {
        m_current = m_history[--m_position];
        Q_EMIT changed(m_current, nullptr);
    }
}

void Selection::forward()
{
    if (canGoForward()) {
        m_current = m_history[++m_position];
        Q_EMIT changed(m_current, nullptr);
    }
}

} // namespace syncpoint
