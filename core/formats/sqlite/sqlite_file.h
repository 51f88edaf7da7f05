#pragma once
#include "core/base/job_context.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace syncpoint {

/// One row while it is looked at. Databases do not keep to the types that they declare: nothing
/// when a column holds something else.
class SqliteRow
{
public:
    explicit SqliteRow(sqlite3_stmt *statement) : m_statement(statement) {}
    std::optional<std::int64_t> integer(int column) const;
    std::optional<std::string_view> text(int column) const; ///< until the next row

private:
    sqlite3_stmt *m_statement;
};

/// A SQLite database of an untrusted file, for reading alone: nothing is written, no extension is
/// loaded, no view, trigger or virtual table is run, and sizes and steps are bounded. Members may
/// be called from several threads.
class SqliteFile
{
public:
    /// "SQLite format 3", as the first bytes of a file.
    static bool startsLikeOne(std::string_view start);

    /// Fails when the file is damaged at its start or is none.
    static Result<std::shared_ptr<const SqliteFile>> open(const std::filesystem::path &path);

    /// Whether it is a stored table, and no view or virtual table.
    Result<bool> hasTable(std::string_view name) const;

    /// Calls `use` for every row of the query until it fails.
    Result<void> forEachRow(const std::string &query,
                            const std::function<Result<void>(const SqliteRow &)> &use) const;

    /// A blob or text in its place.
    struct Cell
    {
        const char *table;
        const char *column;
        std::int64_t row = 0; ///< rowid
    };
    struct CellStart
    {
        std::uint64_t size = 0; ///< of the whole cell
        std::vector<std::byte> bytes;
    };
    /// The cell's size and at most its first `most` bytes; the rest is not read from the file.
    Result<CellStart> readCell(const Cell &cell, std::uint64_t most) const;

private:
    struct Closing
    {
        void operator()(sqlite3 *database) const;
    };
    using Database = std::unique_ptr<sqlite3, Closing>;

    SqliteFile(Database database, std::uint64_t fileSize)
        : m_database(std::move(database)), m_fileSize(fileSize)
    {
    }
    Error lastError() const;

    Database m_database;
    std::uint64_t m_fileSize;
    mutable std::mutex m_mutex;
};

} // namespace syncpoint
