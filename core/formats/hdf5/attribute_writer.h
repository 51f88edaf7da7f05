#pragma once
#include "core/formats/hdf5/handle.h"
#include "core/tensor/dtype.h"
#include "core/tensor/quantization.h"

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace syncpoint::hdf5 {

/// Types, spaces and properties that most tensors share; making them takes longer than using them.
/// Needs the lock.
class SharedHandles
{
public:
    SharedHandles();
    hid_t scalar() const { return m_scalar.get(); }
    hid_t plain() const { return m_plain.get(); } ///< contiguous data that is never filled
    hid_t type(DType dtype);                      ///< see storedTypeOf()

private:
    Handle m_scalar;
    Handle m_plain;
    std::map<DType, Handle> m_types;
};

/// Writes the attributes of one object; false when the library fails. Needs the lock.
class AttributeWriter
{
public:
    AttributeWriter(hid_t object, SharedHandles &shared) : m_object(object), m_shared(shared) {}

    bool text(const char *name, std::string_view value); ///< empty text is not stored
    bool integer(const char *name, std::int64_t value);
    bool quantization(const Quantization &parameters);

private:
    /// One number as a scalar, several as a vector.
    template <typename Number>
    bool numbers(const char *name, hid_t type, const std::vector<Number> &values);

    hid_t m_object;
    SharedHandles &m_shared;
};

} // namespace syncpoint::hdf5
