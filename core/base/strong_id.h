#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

namespace syncpoint {

/// An index into one particular vector, so that a node's index cannot be used for a value.
/// Default-constructed ids are invalid and mean "none".
template <typename Tag>
class StrongId
{
public:
    constexpr StrongId() = default;
    constexpr explicit StrongId(std::size_t index) : m_index(static_cast<std::uint32_t>(index)) {}

    constexpr bool isValid() const { return m_index != kNone; }
    constexpr std::size_t index() const { return m_index; }
    constexpr auto operator<=>(const StrongId &) const = default;

private:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t m_index = kNone;
};

} // namespace syncpoint

template <typename Tag>
struct std::hash<syncpoint::StrongId<Tag>>
{
    std::size_t operator()(syncpoint::StrongId<Tag> id) const noexcept
    {
        return std::hash<std::size_t>{}(id.index());
    }
};
