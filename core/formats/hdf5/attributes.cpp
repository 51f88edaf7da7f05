#include "core/formats/hdf5/attributes.h"

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

} // namespace syncpoint::hdf5
