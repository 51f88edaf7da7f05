#pragma once
#include "core/tensor/tensor_store.h"

namespace syncpoint {

/// What some dumps hold in place of a tensor's elements.
struct TensorSummary
{
    double min = 0.0, max = 0.0, mean = 0.0;
    double norm = 0.0; ///< √Σx²
};

/// A store that knows some of its tensors by their summary alone: their elements cannot be read.
class SummaryStore : public TensorStore
{
public:
    /// Nothing for tensors that have their elements.
    virtual std::optional<TensorSummary> summary(TensorId id) const = 0;
};

/// The summary that stands in for the elements of a tensor, in any store.
inline std::optional<TensorSummary> summaryOf(const TensorStore &store, TensorId id)
{
    const auto *summaries = dynamic_cast<const SummaryStore *>(&store);
    return summaries == nullptr ? std::nullopt : summaries->summary(id);
}

} // namespace syncpoint
