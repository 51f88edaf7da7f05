#pragma once
#include "compare/align/weight_sample.h"

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace syncpoint {

/// One content on one side and who reads it.
struct WeightContent
{
    WeightSample sample;
    std::vector<NodeId> users;
    std::uint64_t bucket = 0;
    std::size_t channelBlock = 0; ///< that was undone
};

/// The contents that ops read, equal ones joined, in order of their first reader.
class WeightContents
{
public:
    void add(NodeId user, WeightSample sample, std::size_t channelBlock = 0);
    std::vector<WeightContent> take() { return std::move(m_all); }

private:
    std::vector<WeightContent> m_all;
    std::unordered_map<std::uint64_t, std::size_t> m_byHash;
};

/// Visits every index pair of contents that can be alike: those of equal extents, of many such only
/// those whose random projections agree. Near-linear.
void forEachMeeting(const std::vector<WeightContent> &own, const std::vector<WeightContent> &other,
                    const std::function<void(std::size_t, std::size_t)> &visit);

} // namespace syncpoint
