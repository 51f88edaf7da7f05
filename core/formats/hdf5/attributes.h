#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace syncpoint::hdf5 {

/// The attributes of one object that dumps use (docs/dump-format.md), by name. Damaged ones are
/// left out.
struct Attributes
{
    using Value = std::variant<std::string, std::vector<double>, std::vector<std::int64_t>>;
    std::map<std::string, Value> values;

    std::string text(const std::string &name) const; ///< "" when missing
    std::optional<std::int64_t> integer(const std::string &name) const;
    std::vector<double> numbers(const std::string &name) const; ///< empty when missing
    std::vector<std::int64_t> integers(const std::string &name) const;
};

/// All that are read.
std::span<const char *const> attributeNames();

} // namespace syncpoint::hdf5
