#pragma once
#include "core/formats/hdf5/handle.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace syncpoint::hdf5 {

/// The attributes of one object that dumps use (docs/dump-format.md), by name. Damaged ones are
/// left out.
class Attributes
{
public:
    /// Reads them all; `fileSize` bounds what a damaged file can make us allocate. Needs the lock.
    static Attributes of(hid_t object, std::uint64_t fileSize);

    std::string text(const std::string &name) const; ///< "" when missing
    std::optional<std::int64_t> integer(const std::string &name) const;
    std::vector<double> numbers(const std::string &name) const; ///< empty when missing
    std::vector<std::int64_t> integers(const std::string &name) const;

private:
    using Value = std::variant<std::string, std::vector<double>, std::vector<std::int64_t>>;
    static std::optional<Value> read(hid_t attribute, std::uint64_t fileSize);
    std::map<std::string, Value> m_values;
};

/// A scalar string dataset or attribute, of fixed or variable length. `read` is called with the
/// memory type and a buffer.
std::optional<std::string> readText(hid_t fileType, hid_t space, std::uint64_t mostBytes,
                                    herr_t (*read)(hid_t object, hid_t type, void *buffer),
                                    hid_t object);

} // namespace syncpoint::hdf5
