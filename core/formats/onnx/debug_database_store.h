#pragma once
#include "core/formats/sqlite/sqlite_file.h"
#include "core/tensor/kept_tensors.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace syncpoint {

/// A row of the table Tensors.
struct OrtDebugTensor
{
    std::int64_t row = 0; ///< rowid
    std::string name;
    TensorInfo info;
};

/// Type and shape of the tensor in that row, without reading its data where the message allows it.
Result<TensorInfo> ortDebugTensorInfo(const SqliteFile &database, const std::filesystem::path &path,
                                      std::int64_t row);

/// The tensors of one step, read when asked for.
class OrtDebugDatabaseStore final : public TensorStore
{
public:
    OrtDebugDatabaseStore(std::shared_ptr<const SqliteFile> database, std::filesystem::path path,
                          std::vector<OrtDebugTensor> tensors);

    std::span<const TensorEntry> entries() const override { return m_entries; }
    Result<Tensor> read(TensorId id) const override;
    Result<Tensor> readRange(TensorId id, std::uint64_t first, std::uint64_t count) const override;
    void release(TensorId id, std::uint64_t first, std::uint64_t count) const override;

private:
    std::shared_ptr<const SqliteFile> m_database;
    std::filesystem::path m_path;
    std::vector<TensorEntry> m_entries;
    std::vector<std::int64_t> m_rows;
    mutable KeptTensors m_kept;
};

} // namespace syncpoint
