#pragma once
#include "core/formats/hdf5/own_fields.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace syncpoint::hdf5 {

/// Reads what TextHeap writes.
class OwnTextHeap
{
public:
    OwnTextHeap(Bytes file, ReadBudget &budget) : m_file(file), m_budget(budget) {}

    /// What a reference into the heap means: as many items of `width` bytes as it says.
    std::optional<Bytes> referencedBy(Bytes reference, std::uint64_t width);
    /// The texts that `count` references at `address` mean, each ended by NUL.
    std::optional<std::vector<std::byte>> textsAt(std::uint64_t address, std::uint64_t count);

private:
    const std::vector<Bytes> *collectionAt(std::uint64_t address);

    Bytes m_file;
    ReadBudget &m_budget;
    ReadBudget m_copies{std::uint64_t{256} << 20U}; ///< of texts; many references may be to one
    std::map<std::uint64_t, std::vector<Bytes>> m_collections; ///< by address
};

/// As C takes it: to the first NUL.
std::string_view cText(Bytes bytes);

} // namespace syncpoint::hdf5
