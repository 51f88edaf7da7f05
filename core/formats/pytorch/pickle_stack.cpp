#include "core/formats/pytorch/pickle_stack.h"

namespace syncpoint::pytorch {
namespace {

constexpr std::size_t kMostValues = 2'000'000; // some 50 per tensor of a state dict
constexpr std::size_t kMostLinks = 8'000'000;

} // namespace

void PickleStack::push(PickleValue value)
{
    m_links += 1 + value.items.size();
    m_stack.push_back(PickleId{m_pickle.values.size()});
    m_pickle.values.push_back(std::move(value));
}

std::size_t PickleStack::available() const
{
    return m_stack.size() - (m_marks.empty() ? 0 : m_marks.back());
}

PickleId PickleStack::pop()
{
    const PickleId id = m_stack.back();
    m_stack.pop_back();
    return id;
}

void PickleStack::duplicate()
{
    m_stack.push_back(m_stack.back());
    ++m_links;
}

void PickleStack::mark()
{
    m_marks.push_back(m_stack.size());
    ++m_links;
}

bool PickleStack::dropToMark()
{
    return takeToMark().has_value();
}

std::optional<std::vector<PickleId>> PickleStack::takeToMark()
{
    if (m_marks.empty()) {
        return std::nullopt;
    }
    auto items = take(available());
    m_marks.pop_back();
    return items;
}

std::vector<PickleId> PickleStack::take(std::size_t count)
{
    const auto first = m_stack.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<PickleId> items(first, m_stack.end());
    m_stack.erase(first, m_stack.end());
    return items;
}

bool PickleStack::extend(const std::vector<PickleId> &items, PickleValue::Kind container)
{
    if (available() == 0) {
        return false;
    }
    PickleValue &target = m_pickle.values[m_stack.back().index()];
    const bool isPaired = container != PickleValue::Kind::Dict || items.size() % 2 == 0;
    if (target.kind != container || !isPaired) {
        return false;
    }
    target.items.insert(target.items.end(), items.begin(), items.end());
    m_links += items.size();
    return true;
}

bool PickleStack::remember(std::uint64_t slot)
{
    if (available() == 0) {
        return false;
    }
    m_memo[slot] = m_stack.back();
    ++m_links;
    return true;
}

bool PickleStack::recall(std::uint64_t slot)
{
    const auto found = m_memo.find(slot);
    if (found == m_memo.end()) {
        return false;
    }
    m_stack.push_back(found->second);
    ++m_links;
    return true;
}

bool PickleStack::isFull() const
{
    return m_pickle.values.size() > kMostValues || m_links > kMostLinks;
}

std::optional<Pickle> PickleStack::finish()
{
    if (available() == 0) {
        return std::nullopt;
    }
    m_pickle.root = m_stack.back();
    return std::move(m_pickle);
}

} // namespace syncpoint::pytorch
