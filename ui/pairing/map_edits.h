#pragma once
#include "compare/align/aligner.h"
#include "ui/session/selection.h"

#include <optional>
#include <string>
#include <vector>

namespace syncpoint {

struct ComparisonResult;

/// One value of each side, by qualified name.
struct NamePair
{
    std::string baseline, candidate;
    bool operator==(const NamePair &) const = default;
};

/// What may be done by hand with a selected op or value.
struct PairingState
{
    NamePair names;        ///< the selected value and its partner; empty where there is none
    bool isPinned = false; ///< the user paired them
    /// Pairs that the user forbade and that name the selected value.
    std::vector<NamePair> forbidden;
    bool isPaired() const { return !names.baseline.empty() && !names.candidate.empty(); }
    bool isEmpty() const { return names.baseline.empty() && names.candidate.empty(); }
};
PairingState pairingState(const ComparisonResult &result, const ManualMap &map,
                          const Selection::Item &item);

/// The value that stands for an item on its own side: of its sync point, else the op's first
/// output. Invalid for modules and nothing.
ValueId pairedValueOf(const ComparisonResult &result, const Selection::Item &item);

/// Edits return a changed copy. A value has one partner, so a pin replaces older pins of either
/// value and lifts the ban on the pair; a ban takes back the pin.
ManualMap withPair(ManualMap map, const NamePair &pair);
ManualMap withoutPair(ManualMap map, const NamePair &pair);
ManualMap withBan(ManualMap map, const NamePair &pair);
ManualMap withoutBan(ManualMap map, const NamePair &pair);

} // namespace syncpoint
