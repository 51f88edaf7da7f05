#include "core/formats/hdf5/checksum.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace syncpoint::hdf5 {
namespace {

constexpr std::size_t kBlock = 12;

/// Three words that the bytes are mixed into.
struct State
{
    std::uint32_t a, b, c;

    void add(const std::byte *block)
    {
        std::array<std::uint32_t, 3> words{};
        std::memcpy(words.data(), block, kBlock);
        a += words[0];
        b += words[1];
        c += words[2];
    }
    void mix()
    {
        step(a, c, b, 4);
        step(b, a, c, 6);
        step(c, b, a, 8);
        step(a, c, b, 16);
        step(b, a, c, 19);
        step(c, b, a, 4);
    }
    void finish()
    {
        last(c, b, 14);
        last(a, c, 11);
        last(b, a, 25);
        last(c, b, 16);
        last(a, c, 4);
        last(b, a, 14);
        last(c, b, 24);
    }

private:
    static void step(std::uint32_t &x, std::uint32_t &y, std::uint32_t z, int turn)
    {
        x = (x - y) ^ std::rotl(y, turn);
        y += z;
    }
    static void last(std::uint32_t &x, std::uint32_t y, int turn)
    {
        x = (x ^ y) - std::rotl(y, turn);
    }
};

} // namespace

std::uint32_t checksumOf(std::span<const std::byte> bytes)
{
    const std::uint32_t start = 0xDEADBEEF + static_cast<std::uint32_t>(bytes.size());
    State state{start, start, start};
    for (; bytes.size() > kBlock; bytes = bytes.subspan(kBlock)) {
        state.add(bytes.data());
        state.mix();
    }
    if (!bytes.empty()) {
        std::array<std::byte, kBlock> rest{};
        std::copy(bytes.begin(), bytes.end(), rest.begin());
        state.add(rest.data());
        state.finish();
    }
    return state.c;
}

} // namespace syncpoint::hdf5
