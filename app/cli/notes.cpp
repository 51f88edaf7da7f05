#include "app/cli/notes.h"

#include "app/cli/output.h"

#include <cstdio>
#include <fmt/format.h>

namespace syncpoint {

void printNotes(const Diagnostics &diagnostics)
{
    constexpr std::size_t kMost = 10;
    std::size_t printed = 0;
    std::size_t left = 0;
    for (const Diagnostic &note : diagnostics) {
        if (note.severity == Diagnostic::Severity::Info) {
            continue;
        }
        if (printed == kMost) {
            ++left;
            continue;
        }
        const std::string where = note.where.empty() ? "" : withoutControls(note.where) + ": ";
        const std::string_view kind =
            note.severity == Diagnostic::Severity::Error ? "error" : "warning";
        std::fputs(fmt::format("syncpoint-cli: {}: {}{}\n", kind, where, withoutControls(note.text))
                       .c_str(),
                   stderr);
        ++printed;
    }
    if (left > 0) {
        std::fputs(
            fmt::format("syncpoint-cli: warning: {} more notes are in --json\n", left).c_str(),
            stderr);
    }
}

void warnOfRandomInputs(const InputSource &inputs)
{
    if (!inputs.file && inputs.useFallback && inputs.perInput.empty()) {
        printNotes(
            {{Diagnostic::Severity::Warning, "inputs",
              fmt::format("random (seed {}): random inputs rank layers differently from real "
                          "ones; give real ones with --inputs",
                          inputs.seed)}});
    }
}

} // namespace syncpoint
