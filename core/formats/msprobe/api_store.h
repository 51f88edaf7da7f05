#pragma once
#include "core/formats/external_data.h"
#include "core/tensor/summary_store.h"

#include <string>
#include <vector>

namespace syncpoint::msprobe {

/// The tensors of one step. Files are opened when a tensor is read; summaries are all there is of
/// the others.
class ApiStore final : public SummaryStore
{
public:
    struct Item
    {
        TensorEntry entry;
        std::string file; ///< in `folder`; "" for a summary
        std::optional<TensorSummary> summary;
    };
    ApiStore(std::filesystem::path folder, std::vector<Item> items);

    std::span<const TensorEntry> entries() const override { return m_entries; }
    std::optional<TensorSummary> summary(TensorId id) const override
    {
        return m_summaries[id.index()];
    }
    Result<Tensor> read(TensorId id) const override;
    Result<Tensor> readRange(TensorId id, std::uint64_t first, std::uint64_t count) const override;

private:
    Result<Tensor> open(TensorId id) const;

    std::filesystem::path m_folder;
    ExternalDataFiles m_files; ///< only finds: it keeps nothing open
    std::vector<TensorEntry> m_entries;
    // Parallel to the entries:
    std::vector<std::string> m_fileNames;
    std::vector<std::optional<TensorSummary>> m_summaries;
};

} // namespace syncpoint::msprobe
