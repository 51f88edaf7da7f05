#pragma once
#include "compare/session/comparison_result.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace syncpoint {

class ResultIndex;

/// What the ops born on one line add up to.
struct LineHeat
{
    std::vector<NodeId> ops; ///< of the baseline, most introduced error first
    double introduced = 0.0; ///< worst of the ops
    SyncPointId worst;       ///< the point of that op; invalid when none was compared
};

/// Source lines of the baseline and the ops that each gave birth to: the innermost user frame.
class LineIndex
{
public:
    LineIndex(const ComparisonResult &result, const ResultIndex &index);

    /// Lines of a file as written in the frames, by line number.
    const std::map<std::uint32_t, LineHeat> &lines(const std::string &framePath) const;
    bool isEmpty() const { return m_files.empty(); }
    double highest() const { return m_highest; } ///< largest introduced error of any line

private:
    std::map<std::string, std::map<std::uint32_t, LineHeat>> m_files;
    double m_highest = 0.0;
};

/// The frame where an op was born: its innermost user frame, null when it has none.
const SourceFrame *birthFrame(const Node &node);

} // namespace syncpoint
