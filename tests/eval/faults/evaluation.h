#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint::faults {

struct Hits
{
    std::size_t cases = 0, top1 = 0, top3 = 0;
    std::map<std::string, std::size_t> others; ///< top-1 hits of other methods, by name
    Hits &operator+=(const Hits &more);
};

struct FaultScores
{
    std::map<std::string, Hits> kinds;
    std::size_t healthy = 0, cleared = 0; ///< fault-free pairs; those called accumulated or none
    std::vector<std::string> misses;      ///< one line each

    Hits all() const;
    std::string table() const; ///< Markdown
};

/// Plants one fault of every kind into every network of each seed, on top of 8-bit quantization,
/// runs the comparison and sees whom it blames. Faults that change the outputs' error by less than
/// 2 dB are passed over. `runner` is syncpoint-runner, `folder` for files. Of the kinds, every
/// `stride`-th is planted, another choice in each network. Networks whose label does not contain
/// `only` are left out.
FaultScores evaluateFaults(const std::filesystem::path &runner, const std::filesystem::path &folder,
                           const std::vector<std::uint32_t> &seeds, std::size_t stride,
                           std::string_view only = {});

} // namespace syncpoint::faults
