#pragma once
#include "core/formats/hdf5/file_sink.h"
#include "core/formats/hdf5/object_header.h"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace syncpoint::hdf5 {

/// A group on its way: objects are linked as they are written, the group's own header follows.
class GroupWriter
{
public:
    bool has(const std::string &name) const { return m_places.count(name) != 0; }
    /// Replaces a link of that name, which keeps its place in the order.
    void link(const std::string &name, std::uint64_t address);
    ObjectHeader header() const;

private:
    std::vector<std::pair<std::string, std::uint64_t>> m_links;
    std::unordered_map<std::string, std::size_t> m_places; ///< in m_links
};

} // namespace syncpoint::hdf5
