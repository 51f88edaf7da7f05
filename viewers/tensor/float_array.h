#pragma once
#include <cstddef>
#include <memory>
#include <span>

namespace syncpoint {

/// Numbers that whoever makes them sets all: a vector would write zeros first, alone and page by
/// page, which takes as long as what several threads then do.
class FloatArray
{
public:
    FloatArray() = default;
    explicit FloatArray(std::size_t count)
        : m_data(std::make_unique_for_overwrite<float[]>(count)), m_count(count)
    {
    }
    std::span<float> values() { return {m_data.get(), m_count}; }
    std::span<const float> values() const { return {m_data.get(), m_count}; }
    bool empty() const { return m_count == 0; }

private:
    std::unique_ptr<float[]> m_data;
    std::size_t m_count = 0;
};

} // namespace syncpoint
