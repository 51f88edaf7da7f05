#pragma once
#include "core/base/result.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// "the run request is not valid: …", code BadInput.
Error badRequest(std::string_view text);

/// Takes the members of one JSON object of a request. Each keeps its value when it is missing. The
/// first mistake is kept; finish() reports it, or a member that nobody asked for, which would
/// otherwise be a silently ignored typing error.
class RequestReader
{
public:
    RequestReader(const nlohmann::json &object, std::string where);

    const nlohmann::json *find(const char *key); ///< null when missing
    void text(const char *key, std::string &out);
    void texts(const char *key, std::vector<std::string> &out);
    void numbers(const char *key, std::vector<double> &out);
    void flag(const char *key, bool &out);
    template <typename Number>
    void count(const char *key, Number &out, std::uint64_t limit)
    {
        auto value = static_cast<std::uint64_t>(out);
        wholeNumber(key, value, limit);
        out = static_cast<Number>(value);
    }
    void fail(std::string_view what);
    Result<void> finish() const;

private:
    void wholeNumber(const char *key, std::uint64_t &out, std::uint64_t limit);
    template <typename Item>
    void list(const char *key, std::vector<Item> &out, bool (*isItem)(const nlohmann::json &),
              std::string_view items);

    const nlohmann::json &m_object;
    std::string m_where;
    std::set<std::string> m_known;
    std::string m_error;
};

} // namespace syncpoint
