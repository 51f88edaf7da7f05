#include "core/formats/dump_selection.h"

#include "core/tensor/summary_store.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <regex>

namespace syncpoint {

namespace {
/// Some tensors of another store.
class SelectedStore final : public SummaryStore
{
public:
    SelectedStore(std::shared_ptr<const TensorStore> store, std::vector<TensorId> chosen)
        : m_store(std::move(store)), m_chosen(std::move(chosen))
    {
        for (const TensorId id : m_chosen) {
            m_entries.push_back(m_store->entry(id));
        }
        buildIndex();
    }
    std::span<const TensorEntry> entries() const override { return m_entries; }
    Result<Tensor> read(TensorId id) const override { return m_store->read(chosen(id)); }
    Result<Tensor> readRange(TensorId id, std::uint64_t first, std::uint64_t count) const override
    {
        return m_store->readRange(chosen(id), first, count);
    }
    void release(TensorId id, std::uint64_t first, std::uint64_t count) const override
    {
        m_store->release(chosen(id), first, count);
    }
    std::optional<TensorSummary> summary(TensorId id) const override
    {
        return summaryOf(*m_store, chosen(id));
    }

private:
    TensorId chosen(TensorId id) const { return m_chosen[id.index()]; }

    std::shared_ptr<const TensorStore> m_store;
    std::vector<TensorId> m_chosen;
    std::vector<TensorEntry> m_entries;
};

using Stores = std::vector<std::shared_ptr<const TensorStore>>;
using Filter = std::function<bool(const TensorEntry &)>;

Result<Stores> chosenSamples(const Stores &all, const std::vector<std::size_t> &wanted)
{
    if (wanted.empty()) {
        return all;
    }
    Stores chosen;
    for (const std::size_t sample : wanted) {
        if (sample >= all.size()) {
            return Error{ErrorCode::BadInput,
                         fmt::format("there is no sample {}: the dump has {}, counted from 0",
                                     sample, all.size())};
        }
        chosen.push_back(all[sample]);
    }
    return chosen;
}

Stores filtered(const Stores &stores, const Filter &isWanted)
{
    Stores all;
    for (const auto &store : stores) {
        std::vector<TensorId> chosen;
        for (std::size_t i = 0; i < store->entries().size(); ++i) {
            if (isWanted(store->entries()[i])) {
                chosen.emplace_back(i);
            }
        }
        all.push_back(std::make_shared<const SelectedStore>(store, std::move(chosen)));
    }
    return all;
}

bool isEmpty(const Stores &stores)
{
    return std::all_of(stores.begin(), stores.end(),
                       [](const auto &store) { return store->entries().empty(); });
}
} // namespace

Result<std::shared_ptr<const TensorDump>> selectTensors(std::shared_ptr<const TensorDump> dump,
                                                        const DumpSelection &selection)
{
    auto part = std::make_shared<TensorDump>(*dump);
    auto samples = chosenSamples(dump->samples, selection.samples);
    if (!samples) {
        return samples.error();
    }
    part->samples = *std::move(samples);
    if (!dump->plainOutputs.empty()) {
        auto outputs = chosenSamples(dump->plainOutputs, selection.samples);
        part->plainOutputs = outputs ? *std::move(outputs) : Stores();
    }
    if (!selection.only.empty() || !selection.kinds.empty()) {
        try {
            const std::regex only(selection.only, std::regex::ECMAScript | std::regex::optimize);
            const Filter isWanted = [&](const TensorEntry &entry) {
                const auto &kinds = selection.kinds;
                return (kinds.empty() ||
                        std::find(kinds.begin(), kinds.end(), entry.kind) != kinds.end()) &&
                       (selection.only.empty() || std::regex_search(entry.name, only));
            };
            part->samples = filtered(part->samples, isWanted);
            part->plainOutputs = filtered(part->plainOutputs, isWanted);
        } catch (const std::regex_error &) {
            return Error{ErrorCode::BadInput,
                         fmt::format("'{}' is no regular expression", selection.only)};
        }
    }
    if (isEmpty(part->plainOutputs)) {
        part->plainOutputs.clear();
    }
    if (isEmpty(part->samples)) {
        return Error{ErrorCode::BadInput,
                     fmt::format("no tensor of {} is chosen", dump->path.string())};
    }
    return std::shared_ptr<const TensorDump>(std::move(part));
}

} // namespace syncpoint
