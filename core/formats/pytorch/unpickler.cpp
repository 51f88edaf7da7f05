#include "core/formats/pytorch/unpickler.h"

#include "core/base/byte_reader.h"
#include "core/formats/pytorch/pickle_stack.h"
#include "core/formats/pytorch/torch_globals.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <optional>

namespace syncpoint::pytorch {
namespace {

using Kind = PickleValue::Kind;

std::string printable(std::string_view text)
{
    std::string out(text.substr(0, 80));
    std::replace_if(
        out.begin(), out.end(), [](unsigned char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

/// Carries out the instructions of a pickle, those left out that would run code. Instructions are
/// named as in pickletools.
class Unpickler
{
public:
    explicit Unpickler(std::span<const std::byte> bytes) : m_reader(bytes) {}

    Result<Pickle> run()
    {
        for (std::uint8_t code = 0; code != '.';) {
            m_start = m_reader.position();
            const auto next = m_reader.read<std::uint8_t>();
            if (!next) {
                return cutOff();
            }
            code = *next;
            if (auto done = step(code); !done) {
                return done.error();
            }
            if (m_stack.isFull()) {
                return Error{ErrorCode::Limit,
                             fmt::format("the pickle has too many values at byte {}", m_start)};
            }
        }
        auto pickle = m_stack.finish();
        return pickle ? Result<Pickle>(std::move(*pickle)) : bad("it ends without a value");
    }

private:
    using Void = Result<void>;

    Void step(std::uint8_t code);
    Void stepNumber(std::uint8_t code);
    Void stepText(std::uint8_t code);
    Void stepMemo(std::uint8_t code);
    Void stepContainer(std::uint8_t code);
    Void stepMarked(std::uint8_t code);
    Void stepObject(std::uint8_t code);

    Void pushLong(std::optional<std::uint64_t> size);
    Void pushText(std::optional<std::uint64_t> size);
    Void pushGlobal(std::string_view module, std::string_view name);
    Void pushCall();
    Void extend(const std::vector<PickleId> &items, Kind container);
    std::optional<std::string_view> readLine();

    Void push(PickleValue value)
    {
        m_stack.push(std::move(value));
        return {};
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
    PickleStack m_stack;
};

Result<void> Unpickler::step(std::uint8_t code)
{
    constexpr std::string_view kNumbers = "NJKMG\x88\x89\x8A\x8B";
    constexpr std::string_view kTexts = "XUTBC\x8C\x8D\x8E";
    constexpr std::string_view kMemo = "hjqr\x94";
    constexpr std::string_view kMarked = "tldeu\x90\x91";
    constexpr std::string_view kObjects = "cRbQ\x81\x93";
    const auto isOneOf = [code](std::string_view codes) {
        return codes.find(static_cast<char>(code)) != std::string_view::npos;
    };
    return isOneOf(kNumbers)   ? stepNumber(code)
           : isOneOf(kTexts)   ? stepText(code)
           : isOneOf(kMemo)    ? stepMemo(code)
           : isOneOf(kMarked)  ? stepMarked(code)
           : isOneOf(kObjects) ? stepObject(code)
                               : stepContainer(code);
}

Result<void> Unpickler::pushLong(std::optional<std::uint64_t> size)
{
    const auto bytes = size ? m_reader.readBytes(*size) : std::nullopt;
    if (!bytes) {
        return cutOff();
    }
    if (bytes->size() > sizeof(std::uint64_t)) {
        return Error{
            ErrorCode::Unsupported,
            fmt::format("the pickle has an integer of {} bytes at byte {}", *size, m_start)};
    }
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < bytes->size(); ++i) {
        bits |= std::uint64_t{std::to_integer<std::uint8_t>((*bytes)[i])} << (8 * i);
    }
    const std::size_t used = 8 * bytes->size();
    if (used > 0 && used < 64 && (bits >> (used - 1) & 1U) != 0) {
        bits |= ~std::uint64_t{0} << used;
    }
    return push({Kind::Integer, static_cast<std::int64_t>(bits)});
}

Result<void> Unpickler::stepNumber(std::uint8_t code)
{
    const auto integer = [this](auto value) -> Void {
        return value ? push({Kind::Integer, std::int64_t{*value}}) : cutOff();
    };
    switch (code) {
    case 'N':
        return push({});
    case 0x88: // NEWTRUE
    case 0x89: // NEWFALSE
        return push({Kind::Bool, code == 0x88 ? 1 : 0});
    case 'J':
        return integer(m_reader.read<std::int32_t>());
    case 'K':
        return integer(m_reader.read<std::uint8_t>());
    case 'M':
        return integer(m_reader.read<std::uint16_t>());
    case 0x8A: // LONG1
        return pushLong(m_reader.read<std::uint8_t>());
    case 0x8B: // LONG4
        return pushLong(m_reader.read<std::uint32_t>());
    default: // BINFLOAT, big-endian
        const auto bits = m_reader.read<std::uint64_t>();
        return bits ? push({Kind::Real, 0, std::bit_cast<double>(__builtin_bswap64(*bits))})
                    : cutOff();
    }
}

Result<void> Unpickler::pushText(std::optional<std::uint64_t> size)
{
    const auto bytes = size ? m_reader.readBytes(*size) : std::nullopt;
    return bytes ? push({Kind::Text, 0, 0.0, asText(*bytes)}) : cutOff();
}

Result<void> Unpickler::stepText(std::uint8_t code)
{
    switch (code) {
    case 'U':  // SHORT_BINSTRING
    case 'C':  // SHORT_BINBYTES
    case 0x8C: // SHORT_BINUNICODE
        return pushText(m_reader.read<std::uint8_t>());
    case 0x8D: // BINUNICODE8
    case 0x8E: // BINBYTES8
        return pushText(m_reader.read<std::uint64_t>());
    default: // BINUNICODE, BINSTRING, BINBYTES
        return pushText(m_reader.read<std::uint32_t>());
    }
}

Result<void> Unpickler::stepMemo(std::uint8_t code)
{
    if (code == 0x94) { // MEMOIZE
        return m_stack.remember(m_stack.remembered()) ? Void{} : underflow();
    }
    const bool isShort = code == 'h' || code == 'q';
    const std::optional<std::uint64_t> slot =
        isShort ? std::optional<std::uint64_t>(m_reader.read<std::uint8_t>())
                : std::optional<std::uint64_t>(m_reader.read<std::uint32_t>());
    if (!slot) {
        return cutOff();
    }
    if (code == 'q' || code == 'r') { // BINPUT, LONG_BINPUT
        return m_stack.remember(*slot) ? Void{} : underflow();
    }
    return m_stack.recall(*slot) ? Void{} : bad(fmt::format("nothing was kept as {}", *slot));
}

Result<void> Unpickler::extend(const std::vector<PickleId> &items, Kind container)
{
    return m_stack.extend(items, container) ? Void{} : bad("it adds to what is no container");
}

/// Instructions that use no mark, or only set or drop it.
Result<void> Unpickler::stepContainer(std::uint8_t code)
{
    const std::size_t available = m_stack.available();
    switch (code) {
    case '.':
        return {};
    case 0x80: // PROTO
        return m_reader.readBytes(1) ? Void{} : cutOff();
    case 0x95: // FRAME
        return m_reader.readBytes(8) ? Void{} : cutOff();
    case '(':
        m_stack.mark();
        return {};
    case '1': // POP_MARK
        return m_stack.dropToMark() ? Void{} : underflow();
    case ']':
    case 0x8F: // EMPTY_SET
        return push({Kind::List});
    case '}':
        return push({Kind::Dict});
    case ')':
        return push({Kind::Tuple});
    case 0x85: // TUPLE1 to TUPLE3
    case 0x86:
    case 0x87: {
        const std::size_t count = code - std::size_t{0x84};
        return available < count ? underflow()
                                 : push({Kind::Tuple, 0, 0.0, {}, m_stack.take(count)});
    }
    case 'a': // APPEND
        return available < 2 ? underflow() : extend(m_stack.take(1), Kind::List);
    case 's': // SETITEM
        return available < 3 ? underflow() : extend(m_stack.take(2), Kind::Dict);
    case '0': // POP
    case '2': // DUP
        if (available == 0) {
            return underflow();
        }
        code == '0' ? static_cast<void>(m_stack.pop()) : m_stack.duplicate();
        return {};
    default:
        return bad(fmt::format("instruction 0x{:02X} is not used by PyTorch", code));
    }
}

/// Instructions that take everything above the last mark.
Result<void> Unpickler::stepMarked(std::uint8_t code)
{
    auto items = m_stack.takeToMark();
    if (!items) {
        return underflow();
    }
    switch (code) {
    case 't': // TUPLE
        return push({Kind::Tuple, 0, 0.0, {}, std::move(*items)});
    case 'l':  // LIST
    case 0x91: // FROZENSET
        return push({Kind::List, 0, 0.0, {}, std::move(*items)});
    case 'd': // DICT
        return items->size() % 2 != 0 ? underflow()
                                      : push({Kind::Dict, 0, 0.0, {}, std::move(*items)});
    case 'u': // SETITEMS
        return extend(*items, Kind::Dict);
    default: // APPENDS, ADDITEMS
        return extend(*items, Kind::List);
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
    return push({Kind::Global, 0, 0.0, *global});
}

/// An empty ordered dictionary becomes a dictionary; any other call is only noted.
Result<void> Unpickler::pushCall()
{
    std::vector<PickleId> items = m_stack.take(2);
    const PickleValue &called = m_stack[items[0]];
    const bool isEmpty = m_stack[items[1]].items.empty();
    if (called.kind == Kind::Global && isEmpty && called.text.starts_with("collections.")) {
        return push({Kind::Dict});
    }
    return push({Kind::Call, 0, 0.0, {}, std::move(items)});
}

Result<void> Unpickler::stepObject(std::uint8_t code)
{
    if (code == 'c') { // GLOBAL
        const auto module = readLine();
        const auto name = module ? readLine() : std::nullopt;
        return name ? pushGlobal(*module, *name) : cutOff();
    }
    const std::size_t needed = code == 'Q' ? 1 : 2;
    if (m_stack.available() < needed) {
        return underflow();
    }
    switch (code) {
    case 0x93: { // STACK_GLOBAL
        const auto names = m_stack.take(2);
        return pushGlobal(m_stack[names[0]].text, m_stack[names[1]].text);
    }
    case 'b': // BUILD: the state of an object, such as the versions of a state dict
        m_stack.pop();
        return {};
    case 'Q': // BINPERSID
        return push({Kind::Persistent, 0, 0.0, {}, m_stack.take(1)});
    default: // REDUCE, NEWOBJ
        return pushCall();
    }
}

} // namespace

Result<Pickle> readPickle(std::span<const std::byte> bytes)
{
    return Unpickler(bytes).run();
}

} // namespace syncpoint::pytorch
