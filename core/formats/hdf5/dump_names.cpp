#include "core/formats/hdf5/dump_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace syncpoint::hdf5 {
namespace {

constexpr std::array kKinds{
    std::pair{TensorEntry::Kind::Input, std::string_view("input")},
    std::pair{TensorEntry::Kind::Output, std::string_view("output")},
    std::pair{TensorEntry::Kind::Intermediate, std::string_view("intermediate")},
    std::pair{TensorEntry::Kind::Parameter, std::string_view("parameter")},
};

} // namespace

std::string keyOf(std::string_view tensorName)
{
    const bool onlyDots = tensorName.find_first_not_of('.') == std::string_view::npos;
    std::string key;
    key.reserve(tensorName.size());
    for (const char c : tensorName) {
        if (c == '%') {
            key += "%25";
        } else if (c == '/') {
            key += "%2F";
        } else if (c == '\0') {
            key += "%00";
        } else if (c == '.' && onlyDots) {
            key += "%2E";
        } else {
            key += c;
        }
    }
    return key;
}

std::string nameOfKey(std::string_view key)
{
    std::string name;
    name.reserve(key.size());
    for (std::size_t i = 0; i < key.size(); ++i) {
        unsigned code = 0;
        if (key[i] == '%' && i + 2 < key.size()) {
            const char *digits = key.data() + i + 1;
            if (std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
                name += static_cast<char>(code);
                i += 2;
                continue;
            }
        }
        name += key[i];
    }
    return name;
}

std::string_view kindName(TensorEntry::Kind kind)
{
    const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                    [kind](const auto &each) { return each.first == kind; });
    return found->second;
}

std::optional<TensorEntry::Kind> kindFromName(std::string_view name)
{
    const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                    [name](const auto &each) { return each.second == name; });
    return found == kKinds.end() ? std::nullopt : std::optional(found->first);
}

} // namespace syncpoint::hdf5
