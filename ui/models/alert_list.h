#pragma once
#include "compare/session/comparison_result.h"
#include "ui/session/selection.h"

#include <QString>
#include <vector>

namespace syncpoint {

/// Something in a comparison that deserves a look of its own.
struct Alert
{
    enum class Kind : std::uint8_t {
        Start,           ///< where the error starts
        NonFinite,       ///< the first pair with NaN or Inf
        Overflow,        ///< the first Inf where the baseline is finite
        Saturated,       ///< candidate integers stuck at their limits
        SuspiciousMatch, ///< a pair that is probably wrong
        Unmatched,       ///< an op that computes data and has no counterpart
    };
    static constexpr std::size_t kKinds = 6;
    Kind kind = Kind::Start;
    Severity severity = Severity::Warn;
    Selection::Item item;
    QString name;   ///< of the op or value
    QString detail; ///< one sentence with its number
};

QString alertTitle(Alert::Kind kind); ///< "First overflow"

/// By kind, within a kind in execution order, saturated ones by share. Empty for a model alone.
///
/// A match is suspicious when it is bad although everything computed from it is ok, or bad and of
/// low confidence: wrong pairs look so, real errors spread.
std::vector<Alert> findAlerts(const ComparisonResult &result);

} // namespace syncpoint
