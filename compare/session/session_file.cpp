#include "compare/session/compare_models.h"
#include "compare/session/session_json.h"
#include "core/base/atomic_file.h"
#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace syncpoint {

namespace {
constexpr std::string_view kFormat = "syncpoint-session";
constexpr int kVersion = 1;
constexpr std::size_t kLargestSession = std::size_t{16} << 20U;

std::filesystem::path folderOf(const std::filesystem::path &path)
{
    std::error_code ignored;
    return std::filesystem::absolute(path, ignored).parent_path();
}

Result<SessionFile> parseSession(std::string_view text, const std::filesystem::path &folder)
{
    const auto document = nlohmann::json::parse(text, nullptr, false);
    if (document.is_discarded() || !document.is_object()) {
        return Error{ErrorCode::BadFormat, "not a JSON object"};
    }
    if (document.value("format", nlohmann::json()) != kFormat) {
        return Error{ErrorCode::BadFormat, "not a Syncpoint session"};
    }
    if (document.value("version", nlohmann::json()) != kVersion) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("this program reads sessions of version {} only", kVersion)};
    }
    for (const auto &item : document.items()) {
        const std::string &key = item.key();
        if (key != "format" && key != "version" && key != "session" && key != "view") {
            return Error{ErrorCode::BadFormat, fmt::format("'{}' is not known", key)};
        }
    }
    const auto view = document.find("view");
    if (view != document.end() && !view->is_object()) {
        return Error{ErrorCode::BadFormat, "'view' must be an object"};
    }
    auto config = sessionFromJson(document.value("session", nlohmann::json::object()), folder);
    if (!config) {
        return config.error();
    }
    return SessionFile{std::move(*config), view == document.end() ? "{}" : view->dump()};
}
} // namespace

Result<SessionFile> readSession(const std::filesystem::path &path)
{
    const auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    const std::string where = fmt::format("reading {}", path.string());
    if ((*file)->bytes().size() > kLargestSession) {
        return Error{ErrorCode::Limit, "too large for a session"}.withContext(where);
    }
    auto session = parseSession(asText((*file)->bytes()), folderOf(path));
    if (!session) {
        return session.error().withContext(where);
    }
    return session;
}

Result<void> writeSession(const std::filesystem::path &path, const SessionFile &session)
{
    const auto view = nlohmann::ordered_json::parse(session.view, nullptr, false);
    if (!view.is_object()) {
        return Error{ErrorCode::Internal, "the window's state is not a JSON object"};
    }
    nlohmann::ordered_json document;
    document["format"] = kFormat;
    document["version"] = kVersion;
    document["session"] = sessionToJson(session.config, folderOf(path));
    document["view"] = view;
    // Names come from files and need not be valid UTF-8; replacing beats failing to save.
    return writeFileAtomically(
        path,
        document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

} // namespace syncpoint
