#pragma once
#include <bit>
#include <cstdint>

namespace syncpoint {

/// Hashes numbers one after the other.
class StructureHash
{
public:
    void add(std::uint64_t word)
    {
        // splitmix64's finaliser: equal structures differ from near-equal ones in many bits.
        word += m_state + 0x9E3779B97F4A7C15ULL;
        word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        word = (word ^ (word >> 27U)) * 0x94D049BB133111EBULL;
        m_state = word ^ (word >> 31U);
    }
    void add(double number) { add(std::bit_cast<std::uint64_t>(number)); }
    std::uint64_t value() const { return m_state; }

private:
    std::uint64_t m_state = 0;
};

} // namespace syncpoint
