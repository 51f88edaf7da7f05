#include "core/formats/hdf5/attribute_reader.h"

#include "core/base/byte_reader.h"

#include <cstring>

namespace syncpoint::hdf5 {
namespace {

herr_t readAttribute(hid_t attribute, hid_t type, void *buffer)
{
    return H5Aread(attribute, type, buffer);
}

template <typename Number>
std::optional<Attributes::Value> readNumbers(hid_t attribute, hid_t type, std::size_t count)
{
    std::vector<Number> numbers(count);
    if (H5Aread(attribute, type, numbers.data()) < 0) {
        return std::nullopt;
    }
    return numbers;
}

/// One list of varying length.
std::optional<Attributes::Value> readList(hid_t attribute, hid_t type, std::uint64_t fileSize)
{
    const Handle element{H5Tget_super(type), H5Tclose};
    const bool isFloat = H5Tget_class(element.get()) == H5T_FLOAT;
    const Handle list{H5Tvlen_create(isFloat ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64), H5Tclose};
    hvl_t found{};
    if ((!isFloat && H5Tget_class(element.get()) != H5T_INTEGER) ||
        H5Aread(attribute, list.get(), &found) < 0 || found.len > fileSize) {
        return std::nullopt;
    }
    // The process ends before the memory would need to be freed.
    if (isFloat) {
        const auto *numbers = static_cast<const double *>(found.p);
        return std::vector<double>(numbers, numbers + found.len);
    }
    const auto *numbers = static_cast<const std::int64_t *>(found.p);
    return std::vector<std::int64_t>(numbers, numbers + found.len);
}

std::optional<Attributes::Value> valueOf(hid_t attribute, std::uint64_t fileSize)
{
    const Handle type{H5Aget_type(attribute), H5Tclose};
    const Handle space{H5Aget_space(attribute), H5Sclose};
    const hssize_t points = space ? H5Sget_simple_extent_npoints(space.get()) : -1;
    const std::size_t size = type ? H5Tget_size(type.get()) : 0;
    if (points < 1 || size == 0 || static_cast<std::uint64_t>(points) > fileSize / size) {
        return std::nullopt;
    }
    const auto count = static_cast<std::size_t>(points);
    switch (H5Tget_class(type.get())) {
    case H5T_STRING: {
        const auto text = count == 1 ? readTexts(type.get(), 1, fileSize, readAttribute, attribute)
                                     : std::nullopt;
        return text ? std::optional<Attributes::Value>(
                          std::string(asText(std::span(*text).first(text->size() - 1))))
                    : std::nullopt;
    }
    case H5T_INTEGER:
        return readNumbers<std::int64_t>(attribute, H5T_NATIVE_INT64, count);
    case H5T_FLOAT:
        return readNumbers<double>(attribute, H5T_NATIVE_DOUBLE, count);
    case H5T_VLEN:
        return count == 1 ? readList(attribute, type.get(), fileSize) : std::nullopt;
    default:
        return std::nullopt;
    }
}

void append(std::vector<std::byte> &joined, std::string_view text)
{
    const auto bytes = std::as_bytes(std::span(text));
    joined.insert(joined.end(), bytes.begin(), bytes.end());
    joined.push_back(std::byte{0});
}

} // namespace

Attributes readAttributes(hid_t object, std::uint64_t fileSize)
{
    Attributes result;
    H5O_info_t info{};
    if (H5Oget_info2(object, &info, H5O_INFO_NUM_ATTRS) >= 0 && info.num_attrs == 0) {
        return result;
    }
    // By name, because listing the attributes of a damaged object crashes HDF5 1.10, and the rest
    // of the file may still be of use.
    for (const char *name : attributeNames()) {
        if (H5Aexists(object, name) <= 0) {
            continue;
        }
        const Handle attribute{H5Aopen(object, name, H5P_DEFAULT), H5Aclose};
        auto value = attribute ? valueOf(attribute.get(), fileSize) : std::nullopt;
        if (value) {
            result.values.emplace(name, std::move(*value));
        }
    }
    return result;
}

std::optional<std::vector<std::byte>>
readTexts(hid_t fileType, std::uint64_t count, std::uint64_t mostBytes,
          herr_t (*read)(hid_t object, hid_t type, void *buffer), hid_t object)
{
    const std::size_t width = H5Tget_size(fileType); // of a pointer where the length varies
    if (width == 0 || count > mostBytes / width) {
        return std::nullopt;
    }
    std::vector<std::byte> joined;
    if (H5Tis_variable_str(fileType) > 0) {
        std::vector<char *> texts(count, nullptr);
        if (read(object, fileType, texts.data()) < 0) {
            return std::nullopt;
        }
        for (char *text : texts) { // the process ends before they would need to be freed
            append(joined, text == nullptr ? std::string_view{} : std::string_view(text));
            if (joined.size() > mostBytes) {
                return std::nullopt;
            }
        }
        return joined;
    }
    std::vector<char> texts(count * width);
    if (read(object, fileType, texts.data()) < 0) {
        return std::nullopt;
    }
    const bool isPadded = H5Tget_strpad(fileType) == H5T_STR_SPACEPAD;
    for (std::uint64_t i = 0; i < count; ++i) {
        const char *start = texts.data() + i * width;
        std::string_view text(start, ::strnlen(start, width));
        append(joined, isPadded ? text.substr(0, text.find_last_not_of(' ') + 1) : text);
    }
    return joined;
}

} // namespace syncpoint::hdf5
