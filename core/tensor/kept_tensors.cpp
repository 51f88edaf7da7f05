#include "core/tensor/kept_tensors.h"

#include <algorithm>

namespace syncpoint {

namespace {
constexpr std::size_t kMostKeptBytes = std::size_t{128} << 20U;
} // namespace

std::optional<Tensor> KeptTensors::find(TensorId id)
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::find_if(m_kept.begin(), m_kept.end(),
                                    [id](const Kept &each) { return each.id == id; });
    if (found == m_kept.end()) {
        return std::nullopt;
    }
    m_kept.splice(m_kept.begin(), m_kept, found);
    return found->tensor;
}

void KeptTensors::keep(TensorId id, const Tensor &tensor)
{
    const std::lock_guard lock(m_mutex);
    const bool isKept =
        std::any_of(m_kept.begin(), m_kept.end(), [id](const Kept &each) { return each.id == id; });
    if (isKept) {
        return;
    }
    m_kept.push_front({id, tensor});
    std::size_t total = 0;
    for (auto each = m_kept.begin(); each != m_kept.end(); ++each) {
        total += each->tensor.bytes().size();
        if (total > kMostKeptBytes && each != m_kept.begin()) {
            m_kept.erase(each, m_kept.end());
            return;
        }
    }
}

void KeptTensors::forget(TensorId id)
{
    const std::lock_guard lock(m_mutex);
    m_kept.remove_if([id](const Kept &each) { return each.id == id; });
}

} // namespace syncpoint
