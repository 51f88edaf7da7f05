#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <onnxruntime_cxx_api.h>

namespace syncpoint {

/// Memory for the runtime's tensors that is counted exactly and may not exceed a limit; asked for
/// more, it throws std::bad_alloc, as the runtime's own arena throws. Weights are not counted. No
/// arena: one keeps what it has, in pieces that do not fit the next request. Must outlive the
/// sessions and results that use it.
class LimitedAllocator final : public OrtAllocator
{
public:
    explicit LimitedAllocator(std::uint64_t limit);
    LimitedAllocator(const LimitedAllocator &) = delete;
    LimitedAllocator &operator=(const LimitedAllocator &) = delete;

private:
    void *allocate(std::size_t size, bool counts);
    void free(void *block);

    std::uint64_t m_limit;
    std::atomic<std::uint64_t> m_used{0};
    Ort::MemoryInfo m_info;
};

} // namespace syncpoint
