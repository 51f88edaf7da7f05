#pragma once
#include <hdf5.h>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace syncpoint::hdf5 {

/// The HDF5 library keeps its state in globals, so no two threads may be inside it, whatever file
/// they use. Every public function that writes takes the lock once, and so does forking the process
/// that lists a file, in which it stays taken; what they call relies on it. Not recursive.
class LibraryLock
{
public:
    LibraryLock();

private:
    std::unique_lock<std::mutex> m_lock;
};

/// The innermost message of the library's error stack, "" when there is none. Needs the lock.
std::string lastProblem();
/// The same in brackets after a space, to end a sentence with.
std::string problemNote();

/// Owns one HDF5 identifier. Make and destroy it under the lock.
class Handle
{
public:
    using Close = herr_t (*)(hid_t);

    Handle() = default;
    Handle(hid_t id, Close closer) : m_id(id), m_close(closer) {}
    Handle(Handle &&other) noexcept
        : m_id(std::exchange(other.m_id, H5I_INVALID_HID)), m_close(other.m_close)
    {
    }
    Handle &operator=(Handle &&other) noexcept
    {
        std::swap(m_id, other.m_id);
        std::swap(m_close, other.m_close);
        return *this;
    }
    ~Handle() { static_cast<void>(close()); }

    explicit operator bool() const { return m_id >= 0; }
    hid_t get() const { return m_id; }
    /// Closes now; false when the library reports a failure, as when written data is lost.
    bool close();

private:
    hid_t m_id = H5I_INVALID_HID;
    Close m_close = nullptr;
};

} // namespace syncpoint::hdf5
