#include "core/formats/pytorch/unpickler.h"

#include "core/base/byte_reader.h"
#include "core/formats/pytorch/torch_globals.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <optional>
#include <unordered_map>

namespace syncpoint::pytorch {
namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t kMostValues = 2'000'000; // some 50 per tensor of a state dict
constexpr std::size_t kMostLinks = 8'000'000;  // on the stack, in containers and in the memo

std::string printable(std::string_view text)
{
    std::string out(text.substr(0, 80));
    std::replace_if(
        out.begin(), out.end(), [](unsigned char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

/// The machine that a pickle is a program for, with every instruction that would run code left
/// out.
class Unpickler
{
public:
    explicit Unpickler(std::span<const std::byte> bytes) : m_reader(bytes) {}

    Result<Pickle> run()
    {
        while (true) {
            m_start = m_reader.position();
            const auto code = m_reader.read<std::uint8_t>();
            if (!code) {
                return cutOff();
            }
            if (*code == '.') {
                break;
            }
            if (auto done = step(*code); !done) {
                return done.error();
            }
            if (m_pickle.values.size() > kMostValues || m_links > kMostLinks) {
                return Error{ErrorCode::Limit,
                             fmt::format("the pickle has more than {} values", kMostValues)};
            }
        }
        if (m_stack.empty()) {
            return bad("it ends without a value");
        }
        m_pickle.root = m_stack.back();
        return std::move(m_pickle);
    }

private:
    using Void = Result<void>;

    Void step(std::uint8_t code);
    Void stepNumber(std::uint8_t code);
    Void stepText(std::uint8_t code);
    Void stepContainer(std::uint8_t code);
    Void stepMemo(std::uint8_t code);
    Void stepObject(std::uint8_t code);

    Void pushLong(std::uint64_t size);
    Void pushText(std::optional<std::uint64_t> size);
    Void pushTuple(std::size_t count);
    Void pushGlobal(std::string_view module, std::string_view name);
    Void pushCall();
    Void get(std::optional<std::uint64_t> slot);
    Void put(std::optional<std::uint64_t> slot);
    Void addItems(std::size_t from, bool isDict);
    std::optional<std::string_view> readLine();

    PickleId push(PickleValue value)
    {
        m_links += 1 + value.items.size();
        const PickleId id{m_pickle.values.size()};
        m_pickle.values.push_back(std::move(value));
        m_stack.push_back(id);
        return id;
    }
    Void pushed(PickleValue value)
    {
        push(std::move(value));
        return {};
    }
    PickleId pop()
    {
        const PickleId id = m_stack.back();
        m_stack.pop_back();
        return id;
    }
    /// How many values may be taken off the stack: those above the last mark.
    std::size_t available() const
    {
        return m_stack.size() - (m_marks.empty() ? 0 : m_marks.back());
    }
    std::vector<PickleId> takeFrom(std::size_t position)
    {
        const auto first = m_stack.begin() + static_cast<std::ptrdiff_t>(position);
        std::vector<PickleId> items(first, m_stack.end());
        m_stack.erase(first, m_stack.end());
        return items;
    }
    std::optional<std::size_t> popMark()
    {
        if (m_marks.empty()) {
            return std::nullopt;
        }
        const std::size_t mark = m_marks.back();
        m_marks.pop_back();
        return mark;
    }
    Error bad(std::string_view what) const
    {
        return {ErrorCode::BadFormat,
                fmt::format("the pickle is damaged at byte {}: {}", m_start, what)};
    }
    Error cutOff() const { return bad("it is cut off"); }
    Error underflow() const { return bad("an instruction lacks its operands"); }

    ByteReader m_reader;
    std::size_t m_start = 0; ///< of the instruction
    Pickle m_pickle;
    std::vector<PickleId> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::uint64_t, PickleId> m_memo;
    std::size_t m_links = 0;
};

Result<void> Unpickler::step(std::uint8_t code)
{
    switch (code) {
    case 0x80: // PROTO
        return m_reader.readBytes(1) ? Void{} : cutOff();
    case 0x95: // FRAME
        return m_reader.readBytes(8) ? Void{} : cutOff();
    case '(':
        m_marks.push_back(m_stack.size());
        ++m_links;
        return {};
    case '0': // POP
        if (available() == 0) {
            return underflow();
        }
        pop();
        return {};
    case '1': // POP_MARK
        if (const auto mark = popMark()) {
            m_stack.resize(*mark);
            return {};
        }
        return underflow();
    case '2': // DUP
        if (available() == 0) {
            return underflow();
        }
        m_stack.push_back(m_stack.back());
        ++m_links;
        return {};
    case 'N':
    case 0x88: // NEWTRUE
    case 0x89: // NEWFALSE
    case 'J':
    case 'K':
    case 'M':
    case 'G':
    case 0x8A: // LONG1
    case 0x8B: // LONG4
        return stepNumber(code);
    case 'X':
    case 'U':
    case 'T':
    case 'B':
    case 'C':
    case 0x8C: // SHORT_BINUNICODE
    case 0x8D: // BINUNICODE8
    case 0x8E: // BINBYTES8
        return stepText(code);
    case 'h':
    case 'j':
    case 'q':
    case 'r':
    case 0x94: // MEMOIZE
        return stepMemo(code);
    case 'c':
    case 0x93: // STACK_GLOBAL
    case 'R':
    case 0x81: // NEWOBJ
    case 'b':
    case 'Q':
        return stepObject(code);
    default:
        return stepContainer(code);
    }
}

Result<void> Unpickler::pushLong(std::uint64_t size)
{
    const auto bytes = m_reader.readBytes(size);
    if (!bytes) {
        return cutOff();
    }
    if (size > sizeof(std::uint64_t)) {
        return Error{
            ErrorCode::Unsupported,
            fmt::format("the pickle has an integer of {} bytes at byte {}", size, m_start)};
    }
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < size; ++i) {
        bits |= std::uint64_t{std::to_integer<std::uint8_t>((*bytes)[i])} << (8 * i);
    }
    const bool isNegative = size > 0 && (bits >> (8 * size - 1) & 1U) != 0;
    if (isNegative && size < sizeof(bits)) {
        bits |= ~std::uint64_t{0} << (8 * size);
    }
    return pushed({Kind::Integer, static_cast<std::int64_t>(bits)});
}

Result<void> Unpickler::stepNumber(std::uint8_t code)
{
    const auto integer = [this](auto value) -> Void {
        return value ? pushed({Kind::Integer, std::int64_t{*value}}) : cutOff();
    };
    switch (code) {
    case 'N':
        return pushed({});
    case 0x88:
    case 0x89:
        return pushed({Kind::Bool, code == 0x88 ? 1 : 0});
    case 'J':
        return integer(m_reader.read<std::int32_t>());
    case 'K':
        return integer(m_reader.read<std::uint8_t>());
    case 'M':
        return integer(m_reader.read<std::uint16_t>());
    case 0x8A: {
        const auto size = m_reader.read<std::uint8_t>();
        return size ? pushLong(*size) : cutOff();
    }
    case 0x8B: {
        const auto size = m_reader.read<std::uint32_t>();
        return size ? pushLong(*size) : cutOff();
    }
    default: { // 'G': a big-endian double
        const auto bits = m_reader.read<std::uint64_t>();
        return bits ? pushed({Kind::Real, 0, std::bit_cast<double>(__builtin_bswap64(*bits))})
                    : cutOff();
    }
    }
}

Result<void> Unpickler::pushText(std::optional<std::uint64_t> size)
{
    const auto bytes = size ? m_reader.readBytes(*size) : std::nullopt;
    return bytes ? pushed({Kind::Text, 0, 0.0, asText(*bytes)}) : cutOff();
}

Result<void> Unpickler::stepText(std::uint8_t code)
{
    switch (code) {
    case 'U':
    case 'C':
    case 0x8C:
        return pushText(m_reader.read<std::uint8_t>());
    case 0x8D:
    case 0x8E:
        return pushText(m_reader.read<std::uint64_t>());
    default:
        return pushText(m_reader.read<std::uint32_t>());
    }
}

Result<void> Unpickler::get(std::optional<std::uint64_t> slot)
{
    if (!slot) {
        return cutOff();
    }
    const auto found = m_memo.find(*slot);
    if (found == m_memo.end()) {
        return bad(fmt::format("nothing was remembered as {}", *slot));
    }
    m_stack.push_back(found->second);
    ++m_links;
    return {};
}

Result<void> Unpickler::put(std::optional<std::uint64_t> slot)
{
    if (!slot) {
        return cutOff();
    }
    if (available() == 0) {
        return underflow();
    }
    m_memo[*slot] = m_stack.back();
    ++m_links;
    return {};
}

Result<void> Unpickler::stepMemo(std::uint8_t code)
{
    switch (code) {
    case 'h':
        return get(m_reader.read<std::uint8_t>());
    case 'j':
        return get(m_reader.read<std::uint32_t>());
    case 'q':
        return put(m_reader.read<std::uint8_t>());
    case 'r':
        return put(m_reader.read<std::uint32_t>());
    default:
        return put(m_memo.size());
    }
}

Result<void> Unpickler::pushTuple(std::size_t count)
{
    if (available() < count) {
        return underflow();
    }
    return pushed({Kind::Tuple, 0, 0.0, {}, takeFrom(m_stack.size() - count)});
}

Result<void> Unpickler::addItems(std::size_t from, bool isDict)
{
    if (from == 0 || (!m_marks.empty() && from <= m_marks.back())) {
        return underflow();
    }
    const std::vector<PickleId> items = takeFrom(from);
    PickleValue &target = m_pickle.values[m_stack.back().index()];
    if (target.kind != (isDict ? Kind::Dict : Kind::List) || (isDict && items.size() % 2 != 0)) {
        return bad("it adds to something that is no container");
    }
    target.items.insert(target.items.end(), items.begin(), items.end());
    m_links += items.size();
    return {};
}

Result<void> Unpickler::stepContainer(std::uint8_t code)
{
    switch (code) {
    case ']':
    case 0x8F: // EMPTY_SET
        return pushed({Kind::List});
    case '}':
        return pushed({Kind::Dict});
    case ')':
        return pushed({Kind::Tuple});
    case 0x85:
    case 0x86:
    case 0x87: // TUPLE1, TUPLE2, TUPLE3
        return pushTuple(code - std::size_t{0x84});
    case 'a':
        return available() < 2 ? underflow() : addItems(m_stack.size() - 1, false);
    case 's':
        return available() < 3 ? underflow() : addItems(m_stack.size() - 2, true);
    case 't':
    case 'l':
    case 'd':
    case 'e':
    case 'u':
    case 0x90: // ADDITEMS
    case 0x91: // FROZENSET
        break;
    default:
        return bad(fmt::format("instruction 0x{:02X} is not used by PyTorch", code));
    }
    const auto mark = popMark();
    if (!mark) {
        return underflow();
    }
    switch (code) {
    case 't':
        return pushed({Kind::Tuple, 0, 0.0, {}, takeFrom(*mark)});
    case 'l':
    case 0x91:
        return pushed({Kind::List, 0, 0.0, {}, takeFrom(*mark)});
    case 'd': {
        std::vector<PickleId> items = takeFrom(*mark);
        return items.size() % 2 != 0 ? underflow()
                                     : pushed({Kind::Dict, 0, 0.0, {}, std::move(items)});
    }
    default:
        return addItems(*mark, code == 'u');
    }
}

std::optional<std::string_view> Unpickler::readLine()
{
    const std::size_t start = m_reader.position();
    std::size_t length = 0;
    while (const auto byte = m_reader.read<char>()) {
        if (*byte == '\n') {
            m_reader.seek(start);
            const auto line = m_reader.readBytes(length);
            m_reader.seek(start + length + 1);
            return asText(*line);
        }
        ++length;
    }
    return std::nullopt;
}

Result<void> Unpickler::pushGlobal(std::string_view module, std::string_view name)
{
    const auto global = allowedGlobal(module, name);
    if (!global) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("the pickle refers to '{}.{}' at byte {}: only tensors and plain "
                                 "containers are read and no code is run; save the state dict "
                                 "alone",
                                 printable(module), printable(name), m_start)};
    }
    return pushed({Kind::Global, 0, 0.0, *global});
}

/// An empty ordered dictionary becomes a dictionary; any other call is only noted.
Result<void> Unpickler::pushCall()
{
    if (available() < 2) {
        return underflow();
    }
    const PickleId arguments = pop();
    const PickleId called = pop();
    const PickleValue &what = m_pickle[called];
    if (what.kind == Kind::Global && m_pickle[arguments].items.empty() &&
        what.text.starts_with("collections.")) {
        return pushed({Kind::Dict});
    }
    return pushed({Kind::Call, 0, 0.0, {}, {called, arguments}});
}

Result<void> Unpickler::stepObject(std::uint8_t code)
{
    switch (code) {
    case 'c': {
        const auto module = readLine();
        const auto name = module ? readLine() : std::nullopt;
        return name ? pushGlobal(*module, *name) : cutOff();
    }
    case 0x93: {
        if (available() < 2) {
            return underflow();
        }
        const PickleId name = pop();
        const PickleId module = pop();
        return pushGlobal(m_pickle[module].text, m_pickle[name].text);
    }
    case 'b': // BUILD: the state of an object, such as the versions of a state dict
        if (available() < 2) {
            return underflow();
        }
        pop();
        return {};
    case 'Q':
        return available() == 0 ? underflow() : pushed({Kind::Persistent, 0, 0.0, {}, {pop()}});
    default:
        return pushCall();
    }
}

} // namespace

Result<Pickle> readPickle(std::span<const std::byte> bytes)
{
    return Unpickler(bytes).run();
}

} // namespace syncpoint::pytorch
