#include "core/run/limited_allocator.h"

#include <cstdlib>
#include <new>

namespace syncpoint {

namespace {
/// Stands before every block; as long as the alignment, which suits vector instructions.
struct alignas(64) BlockHeader
{
    std::uint64_t counted = 0;
};
} // namespace

LimitedAllocator::LimitedAllocator(std::uint64_t limit)
    : OrtAllocator{}, m_limit(limit),
      m_info(Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault))
{
    version = ORT_API_VERSION;
    Alloc = [](OrtAllocator *self, std::size_t size) {
        return static_cast<LimitedAllocator *>(self)->allocate(size, true);
    };
    Reserve = [](OrtAllocator *self, std::size_t size) { // what is kept with the model
        return static_cast<LimitedAllocator *>(self)->allocate(size, false);
    };
    Free = [](OrtAllocator *self, void *block) {
        static_cast<LimitedAllocator *>(self)->free(block);
    };
    Info = [](const OrtAllocator *self) -> const OrtMemoryInfo * {
        return static_cast<const LimitedAllocator *>(self)->m_info;
    };
}

void *LimitedAllocator::allocate(std::size_t size, bool counts)
{
    if (size > SIZE_MAX - 2 * sizeof(BlockHeader)) {
        throw std::bad_alloc();
    }
    const std::size_t rounded =
        (size + 2 * sizeof(BlockHeader) - 1) / sizeof(BlockHeader) * sizeof(BlockHeader);
    const std::uint64_t counted = counts ? rounded : 0;
    if (m_used.fetch_add(counted) + counted > m_limit && counts) {
        m_used.fetch_sub(counted);
        throw std::bad_alloc();
    }
    void *start = std::aligned_alloc(alignof(BlockHeader), rounded);
    if (start == nullptr) {
        m_used.fetch_sub(counted);
        throw std::bad_alloc();
    }
    return ::new (start) BlockHeader{counted} + 1;
}

void LimitedAllocator::free(void *block)
{
    if (block != nullptr) {
        BlockHeader *header = static_cast<BlockHeader *>(block) - 1;
        m_used.fetch_sub(header->counted);
        std::free(header);
    }
}

} // namespace syncpoint
