#include "core/formats/pytorch/program_json.h"

#include "core/formats/pytorch/torch_globals.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>

namespace syncpoint::pytorch {
namespace {

std::int64_t integerOf(const Json &json)
{
    return json.is_number_integer() ? json.get<std::int64_t>() : json == true ? 1 : 0;
}

/// Infinite numbers are written as text.
double realOf(const Json &json)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const std::string_view text = plainText(json);
    return json.is_number()      ? json.get<double>()
           : text == "Infinity"  ? kInfinity
           : text == "-Infinity" ? -kInfinity
                                 : std::numeric_limits<double>::quiet_NaN();
}

/// A SymInt: {"as_int": 3}, or an expression or a name of a value, which give −1.
std::int64_t extentOf(const Json &json)
{
    const Json *known = fieldOf(json, "as_int");
    return known != nullptr && known->is_number_integer() ? known->get<std::int64_t>() : -1;
}

template <typename T, typename Read>
std::vector<T> eachOf(const Json &list, Read read)
{
    std::vector<T> values;
    for (const Json &item : list) {
        values.push_back(read(item));
    }
    return values;
}

std::string scalarTypeName(const Json &number)
{
    return std::string(dtypeName(dtypeOfScalarType(integerOf(number))));
}

template <std::size_t count>
std::string nameIn(const std::array<std::string_view, count> &names, const Json &number)
{
    const std::int64_t index = integerOf(number);
    return index >= 0 && index < static_cast<std::int64_t>(count)
               ? std::string(names[static_cast<std::size_t>(index)])
               : std::to_string(index);
}

std::string deviceText(const Json &device)
{
    const Json *index = fieldOf(device, "index");
    const std::string_view type = textOf(device, "type");
    return index == nullptr ? std::string(type) : fmt::format("{}:{}", type, integerOf(*index));
}

void appendSymbol(const Json &number, std::vector<std::string_view> &names)
{
    if (const std::string_view name = textOf(number, "as_name"); !name.empty()) {
        names.push_back(name);
    }
}

/// How a kind of argument becomes an attribute.
struct AttributeKind
{
    std::string_view name;
    Attribute::Data (*read)(const Json &value);
};

constexpr std::array<std::string_view, 5> kMemoryFormats{
    "unknown", "contiguous_format", "channels_last", "channels_last_3d", "preserve_format"};
constexpr std::array<std::string_view, 8> kLayouts{"unknown",    "sparse_coo", "sparse_csr",
                                                   "sparse_csc", "sparse_bsr", "sparse_bsc",
                                                   "mkldnn",     "strided"};

constexpr auto kAttributeKinds = std::to_array<AttributeKind>({
    {"as_int", [](const Json &value) -> Attribute::Data { return integerOf(value); }},
    {"as_bool", [](const Json &value) -> Attribute::Data { return integerOf(value); }},
    {"as_float", [](const Json &value) -> Attribute::Data { return realOf(value); }},
    {"as_string",
     [](const Json &value) -> Attribute::Data { return std::string(plainText(value)); }},
    {"as_operator",
     [](const Json &value) -> Attribute::Data { return std::string(plainText(value)); }},
    {"as_ints",
     [](const Json &value) -> Attribute::Data { return eachOf<std::int64_t>(value, integerOf); }},
    {"as_bools",
     [](const Json &value) -> Attribute::Data { return eachOf<std::int64_t>(value, integerOf); }},
    {"as_floats",
     [](const Json &value) -> Attribute::Data { return eachOf<double>(value, realOf); }},
    {"as_strings",
     [](const Json &value) -> Attribute::Data {
         return eachOf<std::string>(value,
                                    [](const Json &item) { return std::string(plainText(item)); });
     }},
    {"as_sym_int", [](const Json &value) -> Attribute::Data { return extentOf(value); }},
    {"as_sym_ints",
     [](const Json &value) -> Attribute::Data { return eachOf<std::int64_t>(value, extentOf); }},
    {"as_scalar_type", [](const Json &value) -> Attribute::Data { return scalarTypeName(value); }},
    {"as_scalar_types",
     [](const Json &value)
         -> Attribute::Data { return eachOf<std::string>(value, scalarTypeName); }},
    {"as_memory_format",
     [](const Json &value) -> Attribute::Data { return nameIn(kMemoryFormats, value); }},
    {"as_layout", [](const Json &value) -> Attribute::Data { return nameIn(kLayouts, value); }},
    {"as_device", [](const Json &value) -> Attribute::Data { return deviceText(value); }},
});

} // namespace

Choice choiceOf(const Json &object)
{
    if (object.is_object()) {
        for (auto each = object.begin(); each != object.end(); ++each) {
            if (!each->is_null()) {
                return {each.key(), &*each};
            }
        }
    }
    return {};
}

void appendNames(const Choice &argument, std::vector<std::string_view> &names)
{
    if (argument.value == nullptr) {
        return;
    }
    const Json &value = *argument.value;
    const std::string_view kind = argument.kind;
    if (kind == "as_tensor" || kind == "as_custom_obj") {
        names.push_back(textOf(value, "name"));
    } else if (kind == "as_tensors") {
        for (const Json &tensor : value) {
            names.push_back(textOf(tensor, "name"));
        }
    } else if (kind == "as_nested_tensors") {
        for (const Json &tensors : value) {
            appendNames({"as_tensors", &tensors}, names);
        }
    } else if (kind == "as_optional_tensor") {
        const Choice inner = choiceOf(value);
        names.push_back(inner.kind == "as_tensor" ? textOf(*inner.value, "name")
                                                  : std::string_view{});
    } else if (kind == "as_optional_tensors") {
        for (const Json &tensor : value) {
            appendNames({"as_optional_tensor", &tensor}, names);
        }
    } else if (kind.starts_with("as_sym_") && value.is_array()) {
        for (const Json &number : value) {
            appendSymbol(number, names);
        }
    } else if (kind.starts_with("as_sym_")) {
        appendSymbol(value, names);
    }
}

bool isNone(const Choice &argument)
{
    return argument.kind.empty() || argument.kind == "as_none";
}

bool isValue(const Choice &argument)
{
    constexpr std::array<std::string_view, 6> kKinds{"as_tensor",          "as_tensors",
                                                     "as_optional_tensor", "as_optional_tensors",
                                                     "as_nested_tensors",  "as_custom_obj"};
    const Json *name =
        argument.kind.starts_with("as_sym_") ? fieldOf(*argument.value, "as_name") : nullptr;
    return name != nullptr ||
           std::find(kKinds.begin(), kKinds.end(), argument.kind) != kKinds.end();
}

Attribute::Data attributeOf(const Choice &argument)
{
    if (argument.value == nullptr) {
        return {};
    }
    const Json &value = *argument.value;
    const auto found =
        std::find_if(kAttributeKinds.begin(), kAttributeKinds.end(),
                     [&](const AttributeKind &kind) { return kind.name == argument.kind; });
    return found == kAttributeKinds.end() ? Attribute::Data{} : found->read(value);
}

StridedLayout layoutOf(const Json &tensorMeta)
{
    if (const Json *inner = fieldOf(tensorMeta, "meta")) { // as PyTorch 2.1 wrote it
        return layoutOf(*inner);
    }
    StridedLayout layout;
    const Json *dtype = fieldOf(tensorMeta, "dtype");
    layout.info.dtype = dtype == nullptr ? DType::Undefined : dtypeOfScalarType(integerOf(*dtype));
    layout.info.shape = eachOf<std::int64_t>(listOf(tensorMeta, "sizes"), extentOf);
    layout.strides = eachOf<std::int64_t>(listOf(tensorMeta, "strides"), extentOf);
    const Json *offset = fieldOf(tensorMeta, "storage_offset");
    layout.offset = offset == nullptr ? 0 : extentOf(*offset);
    return layout;
}

} // namespace syncpoint::pytorch
