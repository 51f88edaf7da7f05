#pragma once
#include "core/base/result.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace syncpoint {

/// A child process without a shell, in its own process group, with its three standard streams
/// connected to this one. It is killed and reaped at the latest when this object goes: no zombie
/// stays. Used by one thread.
class ChildProcess
{
public:
    static Result<std::unique_ptr<ChildProcess>> start(const std::filesystem::path &program,
                                                       const std::vector<std::string> &arguments);
    ~ChildProcess();
    ChildProcess(const ChildProcess &) = delete;
    ChildProcess &operator=(const ChildProcess &) = delete;

    /// Text still to be fed to the child's standard input, which is closed after it. A child that
    /// does not read it is no error.
    void setInput(std::string text);

    /// Waits up to `patience` for anything to happen and collects it.
    void poll(std::chrono::milliseconds patience);

    std::string &output() { return m_output.text; } ///< what came so far; the caller takes it out
    std::string &errors() { return m_errors.text; }

    struct Exit
    {
        int code = 0;
        int signal = 0; ///< 0: it ended by itself with `code`
    };
    /// Set when the child has ended and everything it wrote has been collected.
    const std::optional<Exit> &exit() const { return m_exit; }
    /// Asks the child to end by itself.
    void terminate();
    /// Kills the child and all it started, and waits for its end.
    void kill();

private:
    struct Stream
    {
        int file = -1;
        std::string text;
    };
    ChildProcess() = default;
    void feed();
    bool drain(Stream &stream);
    void reap(bool wait);

    int m_pid = -1;
    int m_pidFile = -1; ///< becomes readable when the child ends; −1 on old kernels
    int m_input = -1;
    std::string m_pending;
    Stream m_output;
    Stream m_errors;
    std::optional<Exit> m_exit;
};

} // namespace syncpoint
