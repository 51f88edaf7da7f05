#pragma once
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// Reads the members of one JSON object strictly: wrong types are errors, and so are the members
/// that nobody asked for when it goes. `where` is the object's path in the document, "" for the
/// document; `error` keeps the first thing that is wrong.
class JsonObjectReader
{
public:
    JsonObjectReader(const nlohmann::json &object, std::string where, std::optional<Error> &error);
    ~JsonObjectReader();
    JsonObjectReader(const JsonObjectReader &) = delete;
    JsonObjectReader &operator=(const JsonObjectReader &) = delete;

    /// The member; null when it is absent or JSON's null.
    const nlohmann::json *find(const std::string &key);
    /// These leave `out` alone when the member is absent.
    void read(const std::string &key, std::string &out);
    void read(const std::string &key, double &out);
    void read(const std::string &key, std::vector<double> &out);
    void read(const std::string &key, bool &out);
    void read(const std::string &key, std::uint64_t &out);
    /// Relative to `folder`; nothing when it is absent or empty.
    std::optional<std::filesystem::path> path(const std::string &key,
                                              const std::filesystem::path &folder);
    /// The index of the member's text in `names`.
    template <typename Enum>
    void choice(const std::string &key, std::span<const std::string_view> names, Enum &out)
    {
        if (const auto index = choice(key, names)) {
            out = static_cast<Enum>(*index);
        }
    }

    /// The member's path in the document: "inputs.seed".
    std::string member(std::string_view key) const;
    void fail(const std::string &where, std::string_view what) const;

private:
    using IsType = bool (nlohmann::json::*)() const noexcept;
    template <typename T>
    void read(const std::string &key, IsType isType, std::string_view what, T &out);
    std::optional<std::size_t> choice(const std::string &key,
                                      std::span<const std::string_view> names);

    const nlohmann::json &m_object;
    std::string m_where;
    std::optional<Error> &m_error;
    std::set<std::string> m_known;
};

} // namespace syncpoint
