#pragma once
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace syncpoint::hdf5 {

/// Unpacked chunks of which only a part was read: the next range likely needs the rest. The least
/// recently used go first. Safe to use from several threads.
class ChunkCache
{
public:
    using Key = std::pair<std::size_t, std::uint64_t>; ///< dataset, chunk
    using Bytes = std::shared_ptr<const std::vector<std::byte>>;

    Bytes find(Key key); ///< null when it is not kept
    void keep(Key key, Bytes bytes);
    void drop(std::size_t dataset);

private:
    using Kept = std::list<std::pair<Key, Bytes>>;

    std::mutex m_mutex;
    Kept m_kept; ///< most recent first
    std::map<Key, Kept::iterator> m_places;
    std::size_t m_bytes = 0; ///< of all that is kept
};

} // namespace syncpoint::hdf5
