#pragma once
#include "core/formats/hdf5/input_file.h"
#include "core/tensor/tensor_store.h"

#include <memory>
#include <vector>

namespace syncpoint::hdf5 {

/// One sample of a dump, or a whole foreign file. Several stores may share one file.
class Hdf5TensorStore final : public TensorStore
{
public:
    struct Item
    {
        TensorEntry entry;
        std::size_t dataset = 0; ///< in the listing of the file
    };
    Hdf5TensorStore(std::shared_ptr<const InputFile> file, std::vector<Item> items);

    std::span<const TensorEntry> entries() const override { return m_entries; }
    Result<Tensor> read(TensorId id) const override;
    Result<Tensor> readRange(TensorId id, std::uint64_t first, std::uint64_t count) const override;
    void release(TensorId id, std::uint64_t first, std::uint64_t count) const override;

private:
    Error named(const Error &error, TensorId id) const;
    std::shared_ptr<const InputFile> m_file;
    std::vector<TensorEntry> m_entries;
    std::vector<std::size_t> m_datasets;
};

} // namespace syncpoint::hdf5
