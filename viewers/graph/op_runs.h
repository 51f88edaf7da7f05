#pragma once
#include "ui/session/selection.h"

#include "compare/session/comparison_result.h"

#include <QString>
#include <vector>

namespace syncpoint {

/// Where and how long one op ran.
struct OpRun
{
    static constexpr std::uint8_t kUnknown = 0, kMixed = 255;
    std::uint8_t place = kUnknown; ///< index into OpRuns::places; kMixed for a module over several
    double microseconds = 0.0;     ///< 0 when not measured
    /// A module from its ops: the sum, and their place when it is one.
    void add(const OpRun &part);
};

/// Of all ops of one side.
struct OpRuns
{
    std::vector<OpRun> ofNode;
    std::vector<QString> places{QString()}; ///< at most 254 hardware units; [0] is unknown
    double total = 0.0;                     ///< microseconds of all ops
    double slowest = 0.0;
    bool hasTransitions() const { return places.size() > 2; }
};

/// From the file's own placement and from what the run measured; the baseline's placement is known
/// only from its file.
OpRuns opRuns(const Graph &graph, Side side, const ComparisonResult &result);

/// Bytes of a value whose extents are all known, else 0.
std::uint64_t bytesOf(const Value &value);

} // namespace syncpoint
