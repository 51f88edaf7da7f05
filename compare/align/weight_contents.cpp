#include "compare/align/weight_contents.h"

#include <algorithm>
#include <array>
#include <map>

namespace syncpoint {
namespace {

std::uint64_t mixed(std::uint64_t seed, std::uint64_t value)
{
    std::uint64_t z = seed + 0x9E3779B97F4A7C15ULL + value; // splitmix64 (Steele et al. 2014)
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

std::uint64_t bucketOf(const WeightSample &sample)
{
    std::uint64_t key = sample.isMatrix ? 1 : 2;
    for (const std::int64_t extent : sample.extents) {
        if (extent != 1) {
            key = mixed(key, static_cast<std::uint64_t>(extent));
        }
    }
    return key;
}

std::uint64_t contentHash(const WeightSample &sample)
{
    std::uint64_t hash = bucketOf(sample);
    const auto add = [&hash](float value) {
        std::uint32_t bits = 0;
        static_assert(sizeof bits == sizeof value);
        std::copy_n(reinterpret_cast<const std::byte *>(&value), sizeof bits,
                    reinterpret_cast<std::byte *>(&bits));
        hash = mixed(hash, bits);
    };
    std::for_each(sample.values.begin(), sample.values.end(), add);
    std::for_each(sample.lengths.begin(), sample.lengths.end(), add);
    return hash;
}

/// Keys under which similar samples meet: signs of random projections (locality-sensitive hashing,
/// Charikar 2002), from different rows, blind to the sign of the row. At an angle of 8° (4-bit
/// rounding) two samples share one of the keys with more than 99 %.
constexpr std::size_t kTables = 10;
std::array<std::uint64_t, kTables> keysOf(const WeightContent &content)
{
    constexpr std::size_t kBits = 13;
    const WeightSample &sample = content.sample;
    std::array<std::uint64_t, kTables> keys{};
    double mean = 0.0;
    if (!sample.isMatrix) { // what vectors such as norm scales have in common says nothing
        for (const float value : sample.values) {
            mean += double{value} / static_cast<double>(sample.values.size());
        }
    }
    for (std::size_t table = 0; table < kTables; ++table) {
        const auto row = sample.row(table % sample.rows);
        std::uint64_t bits = 0;
        for (std::size_t bit = 0; bit < kBits; ++bit) {
            double sum = 0.0;
            for (std::size_t i = 0; i < row.size(); ++i) {
                const std::uint64_t random = mixed(mixed(table, bit), i);
                const double weight = static_cast<double>(random >> 11U) * 0x1.0p-52 - 1.0; // −1…1
                sum += weight * (double{row[i]} - mean);
            }
            bits = bits << 1U | (sum > 0.0 ? 1U : 0U);
        }
        const bool flip = sample.isMatrix && (bits & 1U) != 0;
        keys[table] =
            mixed(mixed(content.bucket, table), flip ? ~bits & ((1U << kBits) - 1) : bits);
    }
    return keys;
}

} // namespace

void WeightContents::add(NodeId user, WeightSample sample, std::size_t channelBlock)
{
    const std::uint64_t hash = contentHash(sample);
    const auto [entry, isNew] = m_byHash.emplace(hash, m_all.size());
    if (isNew) {
        const std::uint64_t bucket = bucketOf(sample);
        m_all.push_back({std::move(sample), {}, bucket, channelBlock});
    }
    m_all[entry->second].users.push_back(user);
}

void forEachMeeting(const std::vector<WeightContent> &own, const std::vector<WeightContent> &other,
                    const std::function<void(std::size_t, std::size_t)> &visit)
{
    constexpr std::size_t kFew = 4096; // pairs of one bucket that are simply all compared
    std::map<std::uint64_t, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> buckets;
    for (std::size_t i = 0; i < own.size(); ++i) {
        buckets[own[i].bucket].first.push_back(i);
    }
    for (std::size_t j = 0; j < other.size(); ++j) {
        buckets[other[j].bucket].second.push_back(j);
    }
    for (const auto &[bucket, members] : buckets) {
        const auto &[left, right] = members;
        if (left.size() * right.size() <= kFew) {
            for (const std::size_t i : left) {
                for (const std::size_t j : right) {
                    visit(i, j);
                }
            }
            continue;
        }
        std::unordered_map<std::uint64_t, std::vector<std::size_t>> byKey;
        for (const std::size_t j : right) {
            for (const std::uint64_t key : keysOf(other[j])) {
                byKey[key].push_back(j);
            }
        }
        for (const std::size_t i : left) {
            std::vector<std::size_t> met;
            for (const std::uint64_t key : keysOf(own[i])) {
                const auto found = byKey.find(key);
                constexpr std::size_t kCrowd = 64; // alike in everything: no evidence
                if (found != byKey.end() && found->second.size() <= kCrowd) {
                    met.insert(met.end(), found->second.begin(), found->second.end());
                }
            }
            std::sort(met.begin(), met.end());
            met.erase(std::unique(met.begin(), met.end()), met.end());
            for (const std::size_t j : met) {
                visit(i, j);
            }
        }
    }
}

} // namespace syncpoint
