#pragma once
#include "core/formats/loader.h"

#include <span>
#include <string_view>

namespace syncpoint {

/// A kind of file that people meet and that no loader reads.
struct KnownKind
{
    std::string_view id;         ///< "tf-savedmodel"
    std::string_view name;       ///< "TensorFlow SavedModel"
    std::string_view extensions; ///< as in FormatInfo; may be empty
    std::string_view advice;     ///< what to do, after "this is a …: "
    /// Looks at the content as far as it tells.
    bool (*matches)(const FileProbe &file);
    bool hasTensors = false; ///< may be opened as a dump all the same
};

/// Every such kind, the most certain first: a new one is one entry in known_kinds.cpp.
std::span<const KnownKind> knownKinds();

/// The kind of a file that no loader could read; null when it is none of these.
const KnownKind *knownKindOf(const FileProbe &file);

} // namespace syncpoint
