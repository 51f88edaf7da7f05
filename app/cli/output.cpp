#include "app/cli/output.h"

#include "core/base/atomic_file.h"

#include <algorithm>
#include <cstdio>

namespace syncpoint {

void printSummary(const CommonOptions &common, std::string_view text)
{
    if (!common.quiet && common.json != "-") {
        std::fwrite(text.data(), 1, text.size(), stdout);
    }
}

Result<void> emitJson(const CommonOptions &common, std::string_view document)
{
    if (common.json.empty()) {
        return {};
    }
    if (common.json != "-") {
        return writeFileAtomically(common.json, document);
    }
    const bool complete =
        std::fwrite(document.data(), 1, document.size(), stdout) == document.size() &&
        std::fflush(stdout) == 0;
    return complete ? Result<void>() : Error{ErrorCode::Io, "cannot write to standard output"};
}

Result<void> checkWritable(const std::vector<std::string> &paths)
{
    for (const std::string &path : paths) {
        if (path.empty() || path == "-") {
            continue;
        }
        if (const auto file = AtomicFile::create(path); !file) { // removed again when it goes
            return file.error();
        }
    }
    return {};
}

std::string withoutControls(std::string_view text)
{
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
    return out;
}

namespace {
/// Characters, not bytes: names and units hold UTF-8.
std::size_t widthOf(const std::string &text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}
} // namespace

void TextTable::add(std::vector<std::string> cells)
{
    for (std::string &cell : cells) {
        cell = withoutControls(cell);
    }
    cells.resize(m_alignment.size());
    m_rows.push_back(std::move(cells));
}

std::string TextTable::text() const
{
    std::vector<std::size_t> widths(m_alignment.size());
    for (const auto &row : m_rows) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            widths[i] = std::max(widths[i], widthOf(row[i]));
        }
    }
    std::string out;
    for (const auto &row : m_rows) {
        std::string line;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string padding(widths[i] - widthOf(row[i]), ' ');
            line += "  ";
            line += m_alignment[i] == 'r' ? padding + row[i] : row[i] + padding;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    }
    return out;
}

} // namespace syncpoint
