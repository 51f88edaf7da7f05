#pragma once
#include "core/base/result.h"
#include "core/base/strong_id.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace syncpoint::pytorch {

using PickleId = StrongId<struct PickleTag>;

/// One value of a pickle. Containers hold ids, so that values may be shared and even contain
/// themselves: whoever walks them has to bound the walk.
struct PickleValue
{
    enum class Kind : std::uint8_t {
        None,
        Bool,
        Integer,
        Real,
        Text, ///< or bytes
        Tuple,
        List,      ///< or a set
        Dict,      ///< `items` are key, value, key, value, …
        Global,    ///< `text` is "module.name", one of the allowed ones
        Call,      ///< `items` are what would be called and its arguments; nothing is ever called
        Persistent ///< `items` is the id of something outside of the pickle
    };
    Kind kind = Kind::None;
    std::int64_t integer = 0; ///< of Integer and Bool
    double real = 0.0;
    std::string_view text = {}; ///< points into the pickle
    std::vector<PickleId> items = {};
};

struct Pickle
{
    std::vector<PickleValue> values;
    PickleId root;

    const PickleValue &operator[](PickleId id) const { return values[id.index()]; }
};

/// Reads a pickle of protocol 2 to 5 as data: no code is run, and a pickle that refers to anything
/// but the tensors, storages and plain containers of PyTorch is refused. `bytes` must outlive the
/// result. Format: CPython, Lib/pickletools.py.
Result<Pickle> readPickle(std::span<const std::byte> bytes);

} // namespace syncpoint::pytorch
