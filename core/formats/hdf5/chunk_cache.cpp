#include "core/formats/hdf5/chunk_cache.h"

namespace syncpoint::hdf5 {
namespace {

constexpr std::size_t kMostBytes = std::size_t{128} << 20U;

} // namespace

ChunkCache::Bytes ChunkCache::find(Key key)
{
    const std::lock_guard lock(m_mutex);
    const auto place = m_places.find(key);
    if (place == m_places.end()) {
        return nullptr;
    }
    m_kept.splice(m_kept.begin(), m_kept, place->second);
    return place->second->second;
}

void ChunkCache::keep(Key key, Bytes bytes)
{
    const std::lock_guard lock(m_mutex);
    if (m_places.count(key) != 0) { // another thread unpacked it at the same time
        return;
    }
    m_bytes += bytes->size();
    m_kept.emplace_front(key, std::move(bytes));
    m_places.emplace(key, m_kept.begin());
    while (m_bytes > kMostBytes && m_kept.size() > 1) {
        m_bytes -= m_kept.back().second->size();
        m_places.erase(m_kept.back().first);
        m_kept.pop_back();
    }
}

void ChunkCache::drop(std::size_t dataset)
{
    const std::lock_guard lock(m_mutex);
    const auto first = m_places.lower_bound({dataset, 0});
    const auto last = m_places.lower_bound({dataset + 1, 0});
    for (auto place = first; place != last; ++place) {
        m_bytes -= place->second->second->size();
        m_kept.erase(place->second);
    }
    m_places.erase(first, last);
}

} // namespace syncpoint::hdf5
