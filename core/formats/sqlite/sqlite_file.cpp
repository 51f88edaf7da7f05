#include "core/formats/sqlite/sqlite_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <sqlite3.h>

namespace syncpoint {

namespace {
namespace fs = std::filesystem;

constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr int kStepsPerCheck = 10'000;
constexpr int kMostChecks = 2000; // twenty million steps of SQLite's machine

// What SQLite's documentation advises for databases of others; texts and whole schemas are short.
constexpr std::array kLimits{
    std::pair{SQLITE_LIMIT_LENGTH, 1'000'000},
    std::pair{SQLITE_LIMIT_SQL_LENGTH, 100'000},
    std::pair{SQLITE_LIMIT_COLUMN, 100},
    std::pair{SQLITE_LIMIT_EXPR_DEPTH, 10},
    std::pair{SQLITE_LIMIT_COMPOUND_SELECT, 3},
    std::pair{SQLITE_LIMIT_VDBE_OP, 25'000},
    std::pair{SQLITE_LIMIT_FUNCTION_ARG, 8},
    std::pair{SQLITE_LIMIT_ATTACHED, 0},
    std::pair{SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
    std::pair{SQLITE_LIMIT_VARIABLE_NUMBER, 10},
    std::pair{SQLITE_LIMIT_TRIGGER_DEPTH, 1},
    std::pair{SQLITE_LIMIT_WORKER_THREADS, 0},
};

constexpr std::array kSwitches{
    std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
    std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    std::pair{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    std::pair{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
    std::pair{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    std::pair{SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
};

struct Finalizing
{
    void operator()(sqlite3_stmt *statement) const { ::sqlite3_finalize(statement); }
    void operator()(sqlite3_blob *blob) const { ::sqlite3_blob_close(blob); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalizing>;
using Blob = std::unique_ptr<sqlite3_blob, Finalizing>;

/// Stops statements that take too many steps while it lives: a damaged tree of pages may lead in
/// circles.
class StepLimit
{
public:
    explicit StepLimit(sqlite3 *database) : m_database(database)
    {
        ::sqlite3_progress_handler(m_database, kStepsPerCheck, isPassed, &m_checks);
    }
    ~StepLimit() { ::sqlite3_progress_handler(m_database, 0, nullptr, nullptr); }
    StepLimit(const StepLimit &) = delete;
    StepLimit &operator=(const StepLimit &) = delete;

private:
    static int isPassed(void *checks)
    {
        return ++*static_cast<int *>(checks) > kMostChecks ? 1 : 0;
    }
    sqlite3 *m_database;
    int m_checks = 0;
};

/// The path as part of a URI.
std::string uriOf(const fs::path &path)
{
    std::string uri = "file:";
    for (const char c : fs::absolute(path).string()) {
        const bool isPlain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '/' ||
                             c == '.' || c == '_' || c == '-';
        uri += isPlain
                   ? std::string(1, c)
                   : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    // Immutable: no locks, and no journal of another program is replayed into the file.
    return uri + "?mode=ro&immutable=1";
}

void harden(sqlite3 *database)
{
    for (const auto &[what, limit] : kLimits) {
        ::sqlite3_limit(database, what, limit);
    }
    for (const auto &[what, value] : kSwitches) {
        ::sqlite3_db_config(database, what, value, static_cast<int *>(nullptr));
    }
    ::sqlite3_exec(database, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;", nullptr, nullptr,
                   nullptr);
}
} // namespace

std::optional<std::int64_t> SqliteRow::integer(int column) const
{
    return ::sqlite3_column_type(m_statement, column) == SQLITE_INTEGER
               ? std::optional(std::int64_t{::sqlite3_column_int64(m_statement, column)})
               : std::nullopt;
}

std::optional<std::string_view> SqliteRow::text(int column) const
{
    if (::sqlite3_column_type(m_statement, column) != SQLITE_TEXT) {
        return std::nullopt;
    }
    const unsigned char *text = ::sqlite3_column_text(m_statement, column);
    return text == nullptr
               ? std::nullopt
               : std::optional(std::string_view(
                     reinterpret_cast<const char *>(text),
                     static_cast<std::size_t>(::sqlite3_column_bytes(m_statement, column))));
}

void SqliteFile::Closing::operator()(sqlite3 *database) const
{
    ::sqlite3_close(database);
}

bool SqliteFile::startsLikeOne(std::string_view start)
{
    return start.starts_with(kMagic);
}

Result<std::shared_ptr<const SqliteFile>> SqliteFile::open(const fs::path &path)
{
    std::error_code problem;
    const auto size = fs::file_size(path, problem);
    if (problem) {
        return Error{ErrorCode::Io, "the file cannot be read"};
    }
    sqlite3 *opened = nullptr;
    const int status =
        ::sqlite3_open_v2(uriOf(path).c_str(), &opened,
                          SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_FULLMUTEX |
                              SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE,
                          nullptr);
    Database database(opened);
    if (status != SQLITE_OK) {
        return Error{ErrorCode::Io,
                     fmt::format("the database cannot be opened: {}", ::sqlite3_errstr(status))};
    }
    harden(opened);
    return std::shared_ptr<const SqliteFile>(new SqliteFile(std::move(database), size));
}

Error SqliteFile::lastError() const
{
    const int code = ::sqlite3_errcode(m_database.get());
    const bool isLimit = code == SQLITE_TOOBIG || code == SQLITE_INTERRUPT;
    return {isLimit ? ErrorCode::Limit : ErrorCode::BadFormat,
            fmt::format("the database is damaged or not as expected: {}",
                        ::sqlite3_errmsg(m_database.get()))};
}

Result<bool> SqliteFile::hasTable(std::string_view name) const
{
    bool isThere = false;
    auto read = forEachRow("SELECT name, type, rootpage FROM sqlite_schema",
                           [&](const SqliteRow &row) -> Result<void> {
                               // Virtual tables have no page.
                               isThere =
                                   isThere || (row.text(0) == name && row.text(1) == "table" &&
                                               row.integer(2).value_or(0) > 0);
                               return {};
                           });
    return read ? Result<bool>(isThere) : read.error();
}

Result<void> SqliteFile::forEachRow(const std::string &query,
                                    const std::function<Result<void>(const SqliteRow &)> &use) const
{
    const std::lock_guard lock(m_mutex);
    const StepLimit limit(m_database.get());
    sqlite3_stmt *prepared = nullptr;
    const int status =
        ::sqlite3_prepare_v2(m_database.get(), query.c_str(), -1, &prepared, nullptr);
    const Statement statement(prepared);
    if (status != SQLITE_OK) {
        return lastError();
    }
    int step = SQLITE_ROW;
    while ((step = ::sqlite3_step(prepared)) == SQLITE_ROW) {
        if (auto used = use(SqliteRow(prepared)); !used) {
            return used;
        }
    }
    return step == SQLITE_DONE ? Result<void>() : lastError();
}

Result<SqliteFile::CellStart> SqliteFile::readCell(const Cell &cell, std::uint64_t most) const
{
    const std::lock_guard lock(m_mutex);
    const StepLimit limit(m_database.get());
    sqlite3_blob *opened = nullptr;
    const int status = ::sqlite3_blob_open(m_database.get(), "main", cell.table, cell.column,
                                           cell.row, 0, &opened);
    const Blob blob(opened);
    if (status != SQLITE_OK) {
        return lastError();
    }
    CellStart start;
    start.size = static_cast<std::uint64_t>(::sqlite3_blob_bytes(opened));
    if (start.size > m_fileSize) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("its size of {} bytes is more than the file", start.size)};
    }
    start.bytes.resize(std::min(start.size, most));
    if (::sqlite3_blob_read(opened, start.bytes.data(), static_cast<int>(start.bytes.size()), 0) !=
        SQLITE_OK) {
        return lastError();
    }
    return start;
}

} // namespace syncpoint
