#pragma once
#include "core/formats/pytorch/unpickler.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace syncpoint::pytorch {

/// The stack, the marks on it and the memo of the machine that a pickle is a program for. Nothing
/// below the last mark can be taken; what would need it returns false or nothing.
class PickleStack
{
public:
    void push(PickleValue value);
    /// What lies above the last mark.
    std::size_t available() const;
    /// Needs available() > 0, as duplicate() does.
    PickleId pop();
    void duplicate();
    void mark();
    bool dropToMark();
    /// The values above the last mark, which goes with them.
    std::optional<std::vector<PickleId>> takeToMark();
    /// The last `count` values, of which so many must be available.
    std::vector<PickleId> take(std::size_t count);
    /// Puts items at the end of the list or dictionary on top of the stack.
    bool extend(const std::vector<PickleId> &items, PickleValue::Kind container);

    bool remember(std::uint64_t slot);
    bool recall(std::uint64_t slot);
    std::size_t remembered() const { return m_memo.size(); }

    /// More than any state dict needs: the limit on memory.
    bool isFull() const;
    const PickleValue &operator[](PickleId id) const { return m_pickle[id]; }
    /// The value on top of the stack and all it refers to.
    std::optional<Pickle> finish();

private:
    Pickle m_pickle;
    std::vector<PickleId> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::uint64_t, PickleId> m_memo;
    std::size_t m_links = 0; ///< ids put on the stack, into containers and into the memo
};

} // namespace syncpoint::pytorch
