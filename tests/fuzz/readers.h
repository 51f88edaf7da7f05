#pragma once
#include "tests/fuzz/target.h"

#include <filesystem>
#include <functional>

namespace syncpoint::fuzz {

/// Reads a file or folder as a user's program would and looks at all that came out of it.
using Reader = std::function<void(const std::filesystem::path &)>;

/// What the target names; nothing when there is no such loader, importer or parser.
Reader readerOf(const Target &target);

} // namespace syncpoint::fuzz
