#pragma once
#include "core/base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

using CsvRow = std::vector<std::string>; ///< cells without surrounding blanks and quotes

/// The rows of comma-separated text (RFC 4180); empty lines are left out. Fails above a million.
Result<std::vector<CsvRow>> parseCsv(std::string_view text);
/// The rows of a file. Fails when it cannot be read, and as parseCsv() does.
Result<std::vector<CsvRow>> readCsv(const std::filesystem::path &path);

/// Which column has which name, for tables whose columns may stand in any order.
class CsvHeader
{
public:
    explicit CsvHeader(const CsvRow &names);
    /// The first column whose name, in lower case, contains `part`.
    std::optional<std::size_t> containing(std::string_view part) const;
    /// The column of exactly that name in lower case.
    std::optional<std::size_t> named(std::string_view name) const;
    const std::string &name(std::size_t column) const { return m_names[column]; }

private:
    CsvRow m_names; ///< lower case
};

/// The cell; empty when there is no such column or the row is short.
std::string_view cellOf(const CsvRow &row, std::optional<std::size_t> column);
/// A number at the start of a cell: "1.5 ms", "12%".
std::optional<double> leadingNumber(std::string_view cell);
/// The parts of a cell between any of the separators, without blanks around them.
std::vector<std::string> partsOf(std::string_view text, std::string_view separators);

} // namespace syncpoint
