#pragma once
#include "core/base/job_context.h"
#include "core/base/mapped_file.h"
#include "core/base/result.h"
#include "core/formats/hdf5/chunk_cache.h"
#include "core/formats/hdf5/listing.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace syncpoint::hdf5 {

/// A mapped HDF5 file and what it holds. Datasets are named by their index in the listing. Safe to
/// use from several threads.
class InputFile
{
public:
    /// Lists the file in a child process, see outputOfChild(). The error says in one sentence why
    /// the file cannot be used.
    static Result<std::shared_ptr<const InputFile>> open(const std::filesystem::path &path,
                                                         const JobContext &job);

    const std::filesystem::path &path() const { return m_mapping->path(); }
    const Listing &listing() const { return m_listing; }

    /// Stored elements [first, first + count) as a 1-D tensor: a view of the mapped file where they
    /// lie in it as they are, else a copy. Only the chunks that hold them are unpacked.
    Result<Tensor> read(std::size_t dataset, std::uint64_t first, std::uint64_t count) const;
    /// Gives mapped pages back, and what was unpacked when the last element is released.
    void release(std::size_t dataset, std::uint64_t first, std::uint64_t count) const;

private:
    InputFile(std::shared_ptr<const MappedFile> mapping, Listing listing);

    std::shared_ptr<const MappedFile> m_mapping;
    Listing m_listing;
    mutable ChunkCache m_cache;
};

} // namespace syncpoint::hdf5
