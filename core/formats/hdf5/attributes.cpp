#include "core/formats/hdf5/attributes.h"

#include <array>

namespace syncpoint::hdf5 {
namespace {

/// The value under `name` when it is of that kind.
template <typename Kind>
const Kind *valueOf(const Attributes &attributes, const std::string &name)
{
    const auto found = attributes.values.find(name);
    return found == attributes.values.end() ? nullptr : std::get_if<Kind>(&found->second);
}

} // namespace

std::string Attributes::text(const std::string &name) const
{
    const auto *value = valueOf<std::string>(*this, name);
    return value == nullptr ? std::string{} : *value;
}

std::vector<std::int64_t> Attributes::integers(const std::string &name) const
{
    const auto *value = valueOf<std::vector<std::int64_t>>(*this, name);
    return value == nullptr ? std::vector<std::int64_t>{} : *value;
}

std::optional<std::int64_t> Attributes::integer(const std::string &name) const
{
    const auto *value = valueOf<std::vector<std::int64_t>>(*this, name);
    return value != nullptr && value->size() == 1 ? std::optional(value->front()) : std::nullopt;
}

std::vector<double> Attributes::numbers(const std::string &name) const
{
    if (const auto *exact = valueOf<std::vector<double>>(*this, name)) {
        return *exact;
    }
    const auto whole = integers(name);
    return {whole.begin(), whole.end()};
}

std::span<const char *const> attributeNames()
{
    static constexpr std::array kNames{"format",       "version", "producer",   "created", "model",
                                       "model_sha256", "runtime", "name",       "kind",    "dtype",
                                       "scale",        "axis",    "zero_point", "node",    "module",
                                       "layout",       "partial", "block_size", "op_type"};
    return kNames;
}

} // namespace syncpoint::hdf5
