#include "core/formats/hdf5/attribute_list.h"

namespace syncpoint::hdf5 {

void AttributeList::text(const char *name, std::string_view value)
{
    if (!value.empty()) {
        m_texts.add(value);
        m_attributes.push_back(
            {name, m_types.of(DType::String), std::string(value), value.size(), true});
    }
}

void AttributeList::integer(const char *name, std::int64_t value)
{
    numbers(name, DType::Int64, std::vector{value});
}

void AttributeList::quantization(const Quantization &parameters)
{
    numbers("scale", DType::Float64, parameters.scales);
    numbers("zero_point", DType::Int64, parameters.zeroPoints);
    if (parameters.axis) {
        integer("axis", static_cast<std::int64_t>(*parameters.axis));
    }
    if (parameters.blockSize != 0) {
        integer("block_size", static_cast<std::int64_t>(parameters.blockSize));
    }
}

template <typename Number>
void AttributeList::numbers(const char *name, DType dtype, const std::vector<Number> &values)
{
    constexpr std::size_t kMostInHeader = 8000; // of 8 bytes: a header's parts have 64 KiB
    if (values.empty()) {
        return;
    }
    const bool isList = values.size() > kMostInHeader;
    std::string bytes(reinterpret_cast<const char *>(values.data()),
                      values.size() * sizeof(Number));
    if (isList) {
        m_texts.add(bytes);
    }
    m_attributes.push_back({name, isList ? m_types.listOf(dtype) : m_types.of(dtype),
                            std::move(bytes), values.size(), isList});
}

void AttributeList::writeTo(ObjectHeader &object) const
{
    for (const Attribute &each : m_attributes) {
        if (each.isInHeap) {
            object.attribute(each.name, each.type, m_texts.reference(each.value, each.count));
        } else {
            object.attribute(each.name, each.type, std::as_bytes(std::span(each.value)),
                             each.count);
        }
    }
}

} // namespace syncpoint::hdf5
