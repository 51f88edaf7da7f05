#include "core/formats/hdf5/group_writer.h"

namespace syncpoint::hdf5 {

void GroupWriter::link(const std::string &name, std::uint64_t address)
{
    const auto [place, isNew] = m_places.try_emplace(name, m_links.size());
    if (isNew) {
        m_links.emplace_back(name, address);
    } else {
        m_links[place->second].second = address;
    }
}

ObjectHeader GroupWriter::header() const
{
    ObjectHeader header;
    for (const auto &[name, address] : m_links) {
        header.link(name, address);
    }
    header.group();
    return header;
}

} // namespace syncpoint::hdf5
