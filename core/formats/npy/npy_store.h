#pragma once
#include "core/base/mapped_file.h"
#include "core/base/owned_bytes.h"
#include "core/formats/npy/npy_header.h"
#include "core/tensor/kept_tensors.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace syncpoint {

/// One array of a store. `open` gives the whole .npy file or archive member; it must be safe to
/// call from several threads.
struct NpyItem
{
    TensorEntry entry;
    std::function<Result<OwnedBytes>()> open;
    /// Set when the elements are used where they are mapped; else reading makes a copy.
    std::shared_ptr<const MappedFile> mapping;
};

/// Arrays in .npy form, wherever their bytes come from. Arrays that have to be unpacked or
/// reordered are kept for a while, so that a pass by range does that once.
class NpyTensorStore final : public TensorStore
{
public:
    NpyTensorStore(std::filesystem::path path, std::vector<NpyItem> items);

    std::span<const TensorEntry> entries() const override { return m_entries; }
    Result<Tensor> read(TensorId id) const override;
    Result<Tensor> readRange(TensorId id, std::uint64_t first, std::uint64_t count) const override;
    void release(TensorId id, std::uint64_t first, std::uint64_t count) const override;

private:
    Error named(const Error &error, TensorId id) const;

    std::filesystem::path m_path;
    std::vector<TensorEntry> m_entries;
    std::vector<NpyItem> m_items; ///< entries moved out
    mutable KeptTensors m_kept;
};

/// The entry of an array of that header.
TensorEntry npyEntry(std::string name, const NpyHeader &header);
/// Whether the elements can be used as they lie in the file.
bool isUsableInPlace(const NpyHeader &header);
/// The header at the start of a file, without reading the rest.
Result<NpyHeader> readNpyHeaderOfFile(const std::filesystem::path &path);
/// The array in a file of its own, mapped when it is read.
NpyItem npyFileItem(std::string name, const std::filesystem::path &path, const NpyHeader &header);

} // namespace syncpoint
