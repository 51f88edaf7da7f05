#include "core/placement/csv_rows.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace syncpoint {

namespace {
constexpr std::size_t kMostRows = 1'000'000;
constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(kBlanks);
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// Takes one line, which quotes may stretch over several lines of text.
CsvRow takeRow(std::string_view &text)
{
    CsvRow row;
    std::string cell;
    bool isQuoted = false;
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"' && isQuoted && at + 1 < text.size() && text[at + 1] == '"') {
            cell += '"';
            ++at;
        } else if (c == '"') {
            isQuoted = !isQuoted;
        } else if (!isQuoted && c == '\n') {
            break;
        } else if (!isQuoted && c == ',') {
            row.emplace_back(trimmed(cell));
            cell.clear();
        } else {
            cell += c;
        }
    }
    row.emplace_back(trimmed(cell));
    text.remove_prefix(std::min(at + 1, text.size()));
    return row;
}
} // namespace

Result<std::vector<CsvRow>> parseCsv(std::string_view text)
{
    std::vector<CsvRow> rows;
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    while (!text.empty()) {
        CsvRow row = takeRow(text);
        if (row.size() > 1 || !row.front().empty()) {
            rows.push_back(std::move(row));
        }
        if (rows.size() > kMostRows) {
            return Error{ErrorCode::Limit, "the table has more than a million rows"};
        }
    }
    return rows;
}

Result<std::vector<CsvRow>> readCsv(const std::filesystem::path &path)
{
    const auto file = MappedFile::open(path);
    return file ? parseCsv(asText((*file)->bytes())) : file.error();
}

CsvHeader::CsvHeader(const CsvRow &names) : m_names(names)
{
    for (std::string &name : m_names) {
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    }
}

std::optional<std::size_t> CsvHeader::containing(std::string_view part) const
{
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        if (m_names[i].find(part) != std::string::npos) {
            return i;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> CsvHeader::named(std::string_view name) const
{
    const auto found = std::find(m_names.begin(), m_names.end(), name);
    return found == m_names.end() ? std::nullopt
                                  : std::optional<std::size_t>(found - m_names.begin());
}

std::string_view cellOf(const CsvRow &row, std::optional<std::size_t> column)
{
    return column && *column < row.size() ? std::string_view(row[*column]) : std::string_view();
}

std::optional<double> leadingNumber(std::string_view cell)
{
    double number = 0.0;
    const auto read = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    return read.ec == std::errc{} && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::vector<std::string> partsOf(std::string_view text, std::string_view separators)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t end = text.find_first_of(separators);
        if (const auto part = trimmed(text.substr(0, end)); !part.empty()) {
            parts.emplace_back(part);
        }
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return parts;
}

} // namespace syncpoint
