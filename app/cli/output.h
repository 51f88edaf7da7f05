#pragma once
#include "app/cli/command.h"

#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// Text for people: to standard output, unless that carries JSON or --quiet was given.
void printSummary(const CommonOptions &common, std::string_view text);
/// The document where --json asks for it: a file, whole or not at all, or standard output.
Result<void> emitJson(const CommonOptions &common, std::string_view document);
/// Fails when one of the files cannot be written, before any work is done. Empty paths are skipped.
Result<void> checkWritable(const std::vector<std::string> &paths);

/// Columns of text with two spaces between them, sized to their content; names from files lose
/// their control characters so that they cannot steer the terminal.
class TextTable
{
public:
    /// `alignment` has one letter per column: 'l' or 'r'.
    explicit TextTable(std::string alignment) : m_alignment(std::move(alignment)) {}
    void add(std::vector<std::string> cells);
    std::string text() const; ///< each line indented by two spaces; empty without rows

private:
    std::string m_alignment;
    std::vector<std::vector<std::string>> m_rows;
};

std::string withoutControls(std::string_view text);

} // namespace syncpoint
