#include "core/formats/hdf5/chunk_cache.h"

#include <algorithm>

namespace syncpoint::hdf5 {
namespace {

constexpr std::size_t kMostBytes = std::size_t{128} << 20U;

} // namespace

ChunkCache::Bytes ChunkCache::find(Key key)
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::find_if(m_kept.begin(), m_kept.end(),
                                    [&key](const auto &each) { return each.first == key; });
    if (found == m_kept.end()) {
        return nullptr;
    }
    m_kept.splice(m_kept.begin(), m_kept, found);
    return found->second;
}

void ChunkCache::keep(Key key, Bytes bytes)
{
    const std::lock_guard lock(m_mutex);
    m_kept.emplace_front(key, std::move(bytes));
    std::size_t total = 0;
    for (auto each = m_kept.begin(); each != m_kept.end(); ++each) {
        total += each->second->size();
        if (total > kMostBytes && each != m_kept.begin()) {
            m_kept.erase(each, m_kept.end());
            return;
        }
    }
}

void ChunkCache::drop(std::size_t dataset)
{
    const std::lock_guard lock(m_mutex);
    m_kept.remove_if([dataset](const auto &each) { return each.first.first == dataset; });
}

} // namespace syncpoint::hdf5
