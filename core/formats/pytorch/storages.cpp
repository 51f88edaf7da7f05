#include "core/formats/pytorch/storages.h"

#include <fmt/format.h>

namespace syncpoint::pytorch {

Result<OwnedBytes> Storages::read(const std::string &member)
{
    if (const auto known = m_known.find(member); known != m_known.end()) {
        return known->second;
    }
    const auto index = m_archive.find(member);
    if (!index) {
        return Error{ErrorCode::BadFormat, fmt::format("'{}' is not in the archive", member)};
    }
    const ZipMember &facts = m_archive.members()[*index];
    if (!facts.storedAt && facts.size > m_copyBudget) {
        return Error{ErrorCode::Limit,
                     fmt::format("'{}' is packed and too large to be kept in memory", member)};
    }
    auto bytes = m_archive.contents(*index);
    if (!bytes) {
        return bytes.error().withContext(fmt::format("'{}'", member));
    }
    m_copyBudget -= facts.storedAt ? 0 : facts.size;
    m_known.emplace(member, *bytes);
    return bytes;
}

Result<Tensor> Storages::tensor(const std::string &member, const StridedLayout &layout)
{
    const auto storage = read(member);
    return storage ? stridedTensor(layout, *storage, m_copyBudget)
                   : Result<Tensor>(storage.error());
}

} // namespace syncpoint::pytorch
