#pragma once
#include <cstdint>
#include <string>

/// Just enough of pickle protocol 2 to write what PyTorch writes, and what it does not.
namespace syncpoint::test {

inline std::string pickleNumber(std::uint32_t value)
{
    std::string out = "J";
    for (int i = 0; i < 4; ++i) {
        out += static_cast<char>(value >> (8 * i));
    }
    return out;
}

inline std::string pickleText(const std::string &text)
{
    std::string out = "X";
    for (int i = 0; i < 4; ++i) {
        out += static_cast<char>(text.size() >> (8 * i));
    }
    return out + text;
}

inline std::string pickleGlobal(const std::string &module, const std::string &name)
{
    return "c" + module + "\n" + name + "\n";
}

/// `items` are written one after the other.
inline std::string pickleTuple(const std::string &items)
{
    return "(" + items + "t";
}

inline std::string pickleCall(const std::string &called, const std::string &arguments)
{
    return called + pickleTuple(arguments) + "R";
}

/// ('storage', torch.TYPE, 'key', 'cpu', count) as a persistent id.
inline std::string pickleStorage(const std::string &type, const std::string &key,
                                 std::uint32_t count)
{
    return pickleTuple(pickleText("storage") + pickleGlobal("torch", type) + pickleText(key) +
                       pickleText("cpu") + pickleNumber(count)) +
           "Q";
}

/// `shape` and `strides` are written numbers.
inline std::string pickleTensor(const std::string &storage, std::uint32_t offset,
                                const std::string &shape, const std::string &strides)
{
    return pickleCall(pickleGlobal("torch._utils", "_rebuild_tensor_v2"),
                      storage + pickleNumber(offset) + pickleTuple(shape) + pickleTuple(strides) +
                          "\x89" + "}");
}

/// `items` are keys and values.
inline std::string pickleDict(const std::string &items)
{
    return "}(" + items + "u";
}

inline std::string pickle(const std::string &value)
{
    return "\x80\x02" + value + ".";
}

} // namespace syncpoint::test
