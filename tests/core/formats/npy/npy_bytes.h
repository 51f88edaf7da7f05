#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace syncpoint::test {

/// A .npy file with that header text and data.
inline std::string npyBytes(const std::string &header, const std::string &data, int version = 1)
{
    std::string bytes("\x93NUMPY", 6);
    bytes += static_cast<char>(version);
    bytes += '\0';
    const std::size_t sizeBytes = version == 1 ? 2 : 4;
    for (std::size_t i = 0; i < sizeBytes; ++i) {
        bytes += static_cast<char>((header.size() >> (8 * i)) & 0xFFU);
    }
    return bytes + header + data;
}

inline std::string npyHeaderText(const std::string &type, const std::string &shape,
                                 bool columnMajor = false)
{
    return "{'descr': '" + type + "', 'fortran_order': " + (columnMajor ? "True" : "False") +
           ", 'shape': " + shape + ", }          \n";
}

template <typename Number>
std::string rawBytes(const std::vector<Number> &numbers)
{
    std::string bytes(numbers.size() * sizeof(Number), '\0');
    std::memcpy(bytes.data(), numbers.data(), bytes.size());
    return bytes;
}

} // namespace syncpoint::test
