#pragma once
#include <cstddef>
#include <memory>
#include <span>

namespace syncpoint {

/// Bytes and what keeps them alive: a mapped file or memory of their own.
struct OwnedBytes
{
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner;
};

} // namespace syncpoint
