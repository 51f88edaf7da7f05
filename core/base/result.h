#pragma once
#include "core/base/error.h"

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

namespace syncpoint {

/// A value or the error that prevented it. Check with `if (!result)` before `value()`.
template <typename T>
class [[nodiscard]] Result
{
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return m_state.index() == 0; }

    const T &value() const &
    {
        assert(m_state.index() == 0);
        return *std::get_if<0>(&m_state);
    }
    T &value() &
    {
        assert(m_state.index() == 0);
        return *std::get_if<0>(&m_state);
    }
    T value() &&
    {
        assert(m_state.index() == 0);
        return std::move(*std::get_if<0>(&m_state));
    }
    const T *operator->() const { return &value(); }
    T *operator->() { return &value(); }
    const T &operator*() const & { return value(); }
    T &operator*() & { return value(); }
    T operator*() && { return std::move(*this).value(); }

    const Error &error() const
    {
        assert(m_state.index() == 1);
        return *std::get_if<1>(&m_state);
    }

private:
    std::variant<T, Error> m_state;
};

/// Success without a value: `return {};`.
template <>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    explicit operator bool() const { return !m_error.has_value(); }
    const Error &error() const
    {
        assert(m_error.has_value());
        return *m_error;
    }

private:
    std::optional<Error> m_error;
};

} // namespace syncpoint
