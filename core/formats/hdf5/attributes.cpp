#include "core/formats/hdf5/attributes.h"

#include <array>
#include <cstring>

namespace syncpoint::hdf5 {
namespace {

herr_t readAttribute(hid_t attribute, hid_t type, void *buffer)
{
    return H5Aread(attribute, type, buffer);
}

/// Every attribute that dumps have. They are asked for by name, because listing the attributes of a
/// damaged object crashes HDF5 1.10.
constexpr std::array kNames{"format",       "version",    "producer", "created", "model",
                            "model_sha256", "runtime",    "name",     "kind",    "dtype",
                            "scale",        "zero_point", "axis",     "node",    "op_type",
                            "block_size",   "module",     "layout"};

template <typename Number>
std::optional<std::vector<Number>> readNumbers(hid_t attribute, hid_t type, std::size_t count)
{
    std::vector<Number> numbers(count);
    if (H5Aread(attribute, type, numbers.data()) < 0) {
        return std::nullopt;
    }
    return numbers;
}

} // namespace

std::optional<std::string> readText(hid_t fileType, hid_t space, std::uint64_t mostBytes,
                                    herr_t (*read)(hid_t object, hid_t type, void *buffer),
                                    hid_t object)
{
    if (H5Sget_simple_extent_npoints(space) != 1) {
        return std::nullopt;
    }
    const Handle memory{H5Tcopy(fileType), H5Tclose};
    if (H5Tis_variable_str(fileType) > 0) {
        char *text = nullptr;
        if (read(object, memory.get(), &text) < 0 || text == nullptr) {
            return std::nullopt;
        }
        std::string copy(text);
        static_cast<void>(H5free_memory(text));
        return copy;
    }
    const std::size_t size = H5Tget_size(fileType);
    if (size == 0 || size > mostBytes) {
        return std::nullopt;
    }
    std::string text(size, '\0');
    if (read(object, memory.get(), text.data()) < 0) {
        return std::nullopt;
    }
    text.resize(::strnlen(text.data(), size));
    if (H5Tget_strpad(fileType) == H5T_STR_SPACEPAD) {
        text.resize(text.find_last_not_of(' ') + 1);
    }
    return text;
}

std::optional<Attributes::Value> Attributes::read(hid_t attribute, std::uint64_t fileSize)
{
    const Handle type{H5Aget_type(attribute), H5Tclose};
    const Handle space{H5Aget_space(attribute), H5Sclose};
    if (!type || !space) {
        return std::nullopt;
    }
    const H5T_class_t kind = H5Tget_class(type.get());
    if (kind == H5T_STRING) {
        auto text = readText(type.get(), space.get(), fileSize, readAttribute, attribute);
        return text ? std::optional<Value>(std::move(*text)) : std::nullopt;
    }
    const hssize_t points = H5Sget_simple_extent_npoints(space.get());
    const std::size_t size = H5Tget_size(type.get());
    if (points < 1 || size == 0 || static_cast<std::uint64_t>(points) > fileSize / size) {
        return std::nullopt;
    }
    const auto count = static_cast<std::size_t>(points);
    if (kind == H5T_INTEGER) {
        return readNumbers<std::int64_t>(attribute, H5T_NATIVE_INT64, count);
    }
    if (kind == H5T_FLOAT) {
        return readNumbers<double>(attribute, H5T_NATIVE_DOUBLE, count);
    }
    return std::nullopt;
}

Attributes Attributes::of(hid_t object, std::uint64_t fileSize)
{
    Attributes result;
    H5O_info_t info{};
    if (H5Oget_info2(object, &info, H5O_INFO_NUM_ATTRS) >= 0 && info.num_attrs == 0) {
        return result;
    }
    for (const char *name : kNames) {
        if (H5Aexists(object, name) <= 0) {
            continue;
        }
        const Handle attribute{H5Aopen(object, name, H5P_DEFAULT), H5Aclose};
        auto value = attribute ? read(attribute.get(), fileSize) : std::nullopt;
        if (value) {
            result.m_values.emplace(name, std::move(*value));
        }
    }
    return result;
}

std::string Attributes::text(const std::string &name) const
{
    const auto found = m_values.find(name);
    const auto *value =
        found == m_values.end() ? nullptr : std::get_if<std::string>(&found->second);
    return value == nullptr ? std::string{} : *value;
}

std::vector<std::int64_t> Attributes::integers(const std::string &name) const
{
    const auto found = m_values.find(name);
    const auto *value =
        found == m_values.end() ? nullptr : std::get_if<std::vector<std::int64_t>>(&found->second);
    return value == nullptr ? std::vector<std::int64_t>{} : *value;
}

std::optional<std::int64_t> Attributes::integer(const std::string &name) const
{
    const auto values = integers(name);
    return values.size() == 1 ? std::optional(values.front()) : std::nullopt;
}

std::vector<double> Attributes::numbers(const std::string &name) const
{
    const auto found = m_values.find(name);
    if (found == m_values.end()) {
        return {};
    }
    if (const auto *exact = std::get_if<std::vector<double>>(&found->second)) {
        return *exact;
    }
    const auto whole = integers(name);
    return {whole.begin(), whole.end()};
}

} // namespace syncpoint::hdf5
