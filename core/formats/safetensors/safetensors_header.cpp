#include "core/formats/safetensors/safetensors_header.h"

#include "core/base/byte_reader.h"
#include "core/formats/bounded_json.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace syncpoint {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLongestHeader = 100'000'000; // the format's own limit

constexpr auto kTypes = std::to_array<std::pair<std::string_view, DType>>({
    {"BOOL", DType::Bool},
    {"F4", DType::Float4E2M1},
    {"U8", DType::UInt8},
    {"I8", DType::Int8},
    {"F8_E5M2", DType::Float8E5M2},
    {"F8_E4M3", DType::Float8E4M3FN},
    {"F8_E8M0", DType::Float8E8M0},
    {"F8_E4M3FNUZ", DType::Float8E4M3FNUZ},
    {"F8_E5M2FNUZ", DType::Float8E5M2FNUZ},
    {"I16", DType::Int16},
    {"U16", DType::UInt16},
    {"F16", DType::Float16},
    {"BF16", DType::BFloat16},
    {"I32", DType::Int32},
    {"U32", DType::UInt32},
    {"F32", DType::Float32},
    {"C64", DType::Complex64},
    {"F64", DType::Float64},
    {"I64", DType::Int64},
    {"U64", DType::UInt64},
});

Error bad(std::string_view name, std::string_view what)
{
    return {ErrorCode::BadFormat, fmt::format("tensor '{}' {}", name.substr(0, 200), what)};
}

std::optional<std::vector<std::int64_t>> integersOf(const Json &tensor, const char *key)
{
    const auto field = tensor.find(key);
    if (field == tensor.end() || !field->is_array()) {
        return std::nullopt;
    }
    std::vector<std::int64_t> numbers;
    for (const Json &number : *field) {
        if (!number.is_number_unsigned()) {
            return std::nullopt;
        }
        numbers.push_back(number.get<std::int64_t>());
    }
    return numbers;
}

/// The entry, or nothing when its type is not known.
Result<std::optional<SafetensorsEntry>> entryOf(const std::string &name, const Json &tensor,
                                                std::size_t start, std::size_t end)
{
    const auto shape = tensor.is_object() ? integersOf(tensor, "shape") : std::nullopt;
    const auto offsets = tensor.is_object() ? integersOf(tensor, "data_offsets") : std::nullopt;
    if (!shape || !offsets || offsets->size() != 2) {
        return bad(name, "lacks a shape or data_offsets");
    }
    const auto first = static_cast<std::uint64_t>(offsets->front());
    const auto last = static_cast<std::uint64_t>(offsets->back());
    if (first > last || last > end - start) {
        return bad(name, fmt::format("lies at bytes {} to {} of {}", first, last, end - start));
    }
    const auto type = tensor.find("dtype");
    const auto known = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto &each) {
        return type != tensor.end() && type->is_string() &&
               type->get_ref<const std::string &>() == each.first;
    });
    if (known == kTypes.end()) {
        return std::optional<SafetensorsEntry>();
    }
    SafetensorsEntry entry{name, {known->second, *shape, nullptr}, start + first, last - first};
    const auto elements = elementCount(*shape);
    const auto needed = elements ? storageBytes(entry.info.dtype, *elements) : std::nullopt;
    if (needed != entry.size) {
        return bad(name, fmt::format("has {} bytes, which do not fit {} {}", entry.size,
                                     known->first, toText(*shape)));
    }
    return std::optional(std::move(entry));
}

Result<void> checkOverlaps(const std::vector<SafetensorsEntry> &tensors)
{
    for (std::size_t i = 1; i < tensors.size(); ++i) {
        const SafetensorsEntry &before = tensors[i - 1];
        if (tensors[i].begin < before.begin + before.size) {
            return bad(tensors[i].name, fmt::format("overlaps with '{}'", before.name));
        }
    }
    return {};
}

Result<Json> headerJson(std::span<const std::byte> file, std::size_t &end)
{
    ByteReader reader(file);
    const auto length = reader.read<std::uint64_t>();
    if (!length || *length > kLongestHeader || *length > reader.remaining()) {
        return Error{ErrorCode::BadFormat, "not a safetensors file, or cut off in its header"};
    }
    const std::string_view text = asText(*reader.readBytes(*length));
    if (!text.starts_with('{')) {
        return Error{ErrorCode::BadFormat, "not a safetensors file: no JSON header at byte 8"};
    }
    end = reader.position();
    auto json = parseBoundedJson(text);
    return json ? json : json.error().withContext("header");
}

} // namespace

std::span<const std::pair<std::string_view, DType>> safetensorsTypes()
{
    return kTypes;
}

Result<SafetensorsHeader> readSafetensorsHeader(std::span<const std::byte> file)
{
    std::size_t start = 0;
    const auto json = headerJson(file, start);
    if (!json) {
        return json.error();
    }
    SafetensorsHeader header;
    for (auto each = json->begin(); each != json->end(); ++each) {
        if (each.key() == "__metadata__") {
            for (auto fact = each->begin(); each->is_object() && fact != each->end(); ++fact) {
                header.metadata.emplace_back(
                    fact.key(), fact->is_string() ? fact->get<std::string>() : std::string());
            }
            continue;
        }
        auto entry = entryOf(each.key(), *each, start, file.size());
        if (!entry) {
            return entry.error();
        }
        if (*entry) {
            header.tensors.push_back(**std::move(entry));
        } else {
            header.diagnostics.push_back({Diagnostic::Severity::Warning, each.key(),
                                          "the tensor is not used: its type is not known"});
        }
    }
    std::sort(header.tensors.begin(), header.tensors.end(),
              [](const SafetensorsEntry &a, const SafetensorsEntry &b) {
                  return std::pair(a.begin, a.size) < std::pair(b.begin, b.size);
              });
    if (auto separate = checkOverlaps(header.tensors); !separate) {
        return separate.error();
    }
    return header;
}

} // namespace syncpoint
