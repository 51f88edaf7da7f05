#pragma once
#include "core/tensor/tensor_store.h"

#include <list>
#include <mutex>
#include <optional>

namespace syncpoint {

/// Tensors that a store had to unpack or copy, kept for a while so that a pass by range does that
/// once: the most recent ones, 128 MiB in all, or one that is larger. Safe to use from several
/// threads.
class KeptTensors
{
public:
    std::optional<Tensor> find(TensorId id);
    void keep(TensorId id, const Tensor &tensor);
    void forget(TensorId id);

private:
    struct Kept
    {
        TensorId id;
        Tensor tensor;
    };
    std::mutex m_mutex;
    std::list<Kept> m_kept; ///< most recent first, guarded by m_mutex
};

} // namespace syncpoint
