#include "core/formats/hdf5/handle.h"

#include <string_view>

namespace syncpoint::hdf5 {
namespace {

std::mutex &libraryMutex()
{
    static std::mutex mutex; // one per process, because the library's state is
    return mutex;
}

herr_t keepInnermost(unsigned /*depth*/, const H5E_error2_t *problem, void *text)
{
    if (problem->desc != nullptr) {
        *static_cast<std::string *>(text) = problem->desc;
    }
    return 0;
}

/// Failed system calls are told with a date, a line break and addresses around what matters.
std::string systemMessageIn(const std::string &text)
{
    constexpr std::string_view kStart = "error message = '";
    const auto start = text.find(kStart);
    const auto end = start == std::string::npos ? start : text.find('\'', start + kStart.size());
    return end == std::string::npos
               ? text
               : text.substr(start + kStart.size(), end - start - kStart.size());
}

} // namespace

LibraryLock::LibraryLock() : m_lock(libraryMutex())
{
    // Its clean-up at exit crashes after a damaged file; everything of ours is closed explicitly.
    [[maybe_unused]] static const herr_t noExitHandler = H5dont_atexit();
    static_cast<void>(H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr)); // it prints by default
}

std::string lastProblem()
{
    std::string text;
    static_cast<void>(H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keepInnermost, &text));
    return systemMessageIn(text);
}

std::string problemNote()
{
    const std::string problem = lastProblem();
    return problem.empty() ? std::string{} : " (" + problem + ")";
}

bool Handle::close()
{
    const hid_t id = std::exchange(m_id, H5I_INVALID_HID);
    return id < 0 || m_close(id) >= 0;
}

} // namespace syncpoint::hdf5
