#include "core/formats/hdf5/attribute_writer.h"

#include "core/formats/hdf5/element_type.h"

#include <string>

namespace syncpoint::hdf5 {
namespace {

bool writeAttribute(hid_t object, const char *name, hid_t type, hid_t space, const void *data)
{
    Handle attribute{H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose};
    return attribute && H5Awrite(attribute.get(), type, data) >= 0 && attribute.close();
}

} // namespace

SharedHandles::SharedHandles()
    : m_scalar(H5Screate(H5S_SCALAR), H5Sclose), m_plain(H5Pcreate(H5P_DATASET_CREATE), H5Pclose)
{
    static_cast<void>(H5Pset_fill_time(m_plain.get(), H5D_FILL_TIME_NEVER));
}

hid_t SharedHandles::type(DType dtype)
{
    const auto [known, isNew] = m_types.try_emplace(dtype);
    if (isNew) {
        known->second = storedTypeOf(dtype);
    }
    return known->second.get();
}

bool AttributeWriter::text(const char *name, std::string_view value)
{
    if (value.empty()) {
        return true;
    }
    const std::string copy(value);
    const char *data = copy.c_str();
    return writeAttribute(m_object, name, m_shared.type(DType::String), m_shared.scalar(), &data);
}

bool AttributeWriter::integer(const char *name, std::int64_t value)
{
    return writeAttribute(m_object, name, H5T_STD_I64LE, m_shared.scalar(), &value);
}

bool AttributeWriter::quantization(const Quantization &parameters)
{
    return numbers("scale", H5T_IEEE_F64LE, parameters.scales) &&
           numbers("zero_point", H5T_STD_I64LE, parameters.zeroPoints) &&
           (!parameters.axis || integer("axis", static_cast<std::int64_t>(*parameters.axis))) &&
           (parameters.blockSize == 0 ||
            integer("block_size", static_cast<std::int64_t>(parameters.blockSize)));
}

template <typename Number>
bool AttributeWriter::numbers(const char *name, hid_t type, const std::vector<Number> &values)
{
    const hsize_t count = values.size();
    if (count == 1) {
        return writeAttribute(m_object, name, type, m_shared.scalar(), values.data());
    }
    const Handle space{H5Screate_simple(1, &count, nullptr), H5Sclose};
    return count == 0 || writeAttribute(m_object, name, type, space.get(), values.data());
}

} // namespace syncpoint::hdf5
