#pragma once
#include "core/base/mapped_file.h"
#include "core/base/result.h"
#include "core/formats/hdf5/element_type.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>

namespace syncpoint::hdf5 {

/// What is known of a dataset without reading it.
struct DatasetInfo
{
    std::string path; ///< in the file
    DType stored = DType::Undefined;
    Shape shape;
    std::uint64_t bytesInFile = 0; ///< allocated, compressed where it is
    std::optional<std::uint64_t>
        mapped; ///< offset in the file where the bytes can be used as they are
};

/// An open HDF5 file, read by dataset. Safe to use from several threads.
class InputFile
{
public:
    /// The error says in one sentence why the file cannot be used.
    static Result<std::shared_ptr<const InputFile>> open(const std::filesystem::path &path);
    ~InputFile();
    InputFile(const InputFile &) = delete;
    InputFile &operator=(const InputFile &) = delete;

    const std::filesystem::path &path() const { return m_mapping->path(); }
    std::uint64_t size() const { return m_mapping->bytes().size(); }
    hid_t id() const { return m_file.get(); }
    const MappedFile &mapping() const { return *m_mapping; }

    /// Describes an open dataset. Needs the lock. `Unsupported`: valid, but no tensor.
    Result<DatasetInfo> describe(hid_t dataset, std::string pathInFile) const;

    /// Stored elements [first, first + count) as a 1-D tensor, mapped where possible. Takes the
    /// lock.
    Result<Tensor> read(const DatasetInfo &dataset, std::uint64_t first, std::uint64_t count) const;
    /// Gives mapped pages back, or closes the dataset when its last element is released.
    void release(const DatasetInfo &dataset, std::uint64_t first, std::uint64_t count) const;

private:
    struct OpenDataset
    {
        std::string path;
        Handle dataset;
        ElementType type;
    };
    InputFile(std::shared_ptr<const MappedFile> mapping, Handle file);
    Result<const OpenDataset *> opened(const DatasetInfo &dataset) const;
    Result<Tensor> readMapped(const DatasetInfo &dataset, std::uint64_t first,
                              std::uint64_t count) const;
    Result<Tensor> readThroughLibrary(const DatasetInfo &dataset, std::uint64_t first,
                                      std::uint64_t count) const;

    std::shared_ptr<const MappedFile> m_mapping;
    Handle m_file;
    /// Most recent first, guarded by the library lock. Each holds the library's cache of unpacked
    /// chunks, without which reading a compressed dataset by range unpacks every chunk many times.
    mutable std::list<OpenDataset> m_open;
};

} // namespace syncpoint::hdf5
