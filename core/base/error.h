#pragma once
#include <string>
#include <string_view>
#include <utility>

namespace syncpoint {

/// What kind of thing went wrong; decides the exit code of the command-line tool.
enum class ErrorCode {
    Io,          ///< a file cannot be opened, read or written
    BadFormat,   ///< a file is damaged, truncated or of a kind we do not read
    BadInput,    ///< valid files or options that do not fit together
    Unsupported, ///< understood, but this build or platform cannot do it
    Limit,       ///< a guard against hostile or oversized input stepped in
    Runtime,     ///< the child process or the inference runtime failed
    Cancelled,   ///< the user stopped the job
    Internal,    ///< our own mistake
};

/// One sentence a user can act on. Callers add where it happened: `loading a.onnx: node 17 'conv1':
/// …`.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string message;

    [[nodiscard]] Error withContext(std::string_view where) const
    {
        return {code, std::string(where) + ": " + message};
    }
};

} // namespace syncpoint
