#pragma once
#include "core/base/owned_bytes.h"
#include "core/base/result.h"
#include "core/formats/pytorch/strided_tensor.h"
#include "core/formats/zip/zip_archive.h"

#include <cstdint>
#include <map>
#include <string>

namespace syncpoint::pytorch {

/// What one member of an archive may unpack to.
constexpr ZipLimits kArchiveLimits{std::uint64_t{256} << 20U, 1'000'000};
/// What may be copied or unpacked of one file because it cannot be used where it lies.
constexpr std::uint64_t kMostCopiedBytes = std::uint64_t{128} << 20U;

/// Members of an archive that hold elements, each read once. `copyBudget` is what may still be
/// copied or unpacked.
class Storages
{
public:
    Storages(const ZipArchive &archive, std::uint64_t &copyBudget)
        : m_archive(archive), m_copyBudget(copyBudget)
    {
    }

    Result<OwnedBytes> read(const std::string &member);
    Result<Tensor> tensor(const std::string &member, const StridedLayout &layout);

private:
    const ZipArchive &m_archive;
    std::uint64_t &m_copyBudget;
    std::map<std::string, OwnedBytes> m_known;
};

} // namespace syncpoint::pytorch
