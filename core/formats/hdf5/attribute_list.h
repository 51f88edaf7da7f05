#pragma once
#include "core/formats/hdf5/encoded_types.h"
#include "core/formats/hdf5/object_header.h"
#include "core/formats/hdf5/text_heap.h"
#include "core/tensor/quantization.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint::hdf5 {

/// The attributes of an object that is still to be written.
class AttributeList
{
public:
    /// Texts go to `texts`, which must be written before writeTo().
    AttributeList(EncodedTypes &types, TextHeap &texts) : m_types(types), m_texts(texts) {}

    void text(const char *name, std::string_view value); ///< empty text is not stored
    void integer(const char *name, std::int64_t value);
    void quantization(const Quantization &parameters);
    void writeTo(ObjectHeader &object) const;

private:
    struct Attribute
    {
        const char *name;
        std::span<const std::byte> type;
        std::string value;     ///< its bytes, or what the text heap has
        std::size_t count;     ///< of a vector
        bool isInHeap = false; ///< then `count` is that of the heap's items
    };
    /// One number as a scalar, several as a vector, more than fit into a header as a list.
    template <typename Number>
    void numbers(const char *name, DType dtype, const std::vector<Number> &values);

    EncodedTypes &m_types;
    TextHeap &m_texts;
    std::vector<Attribute> m_attributes;
};

} // namespace syncpoint::hdf5
