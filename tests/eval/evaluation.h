#pragma once
#include "base_nets.h"
#include "edits.h"
#include "scoring.h"

#include <optional>
#include <vector>

namespace syncpoint::eval {

/// Two graphs and which of their values belong together.
struct Case
{
    std::shared_ptr<const Graph> baseline;
    std::shared_ptr<const Graph> candidate;
    Truth truth;
};

/// A network against its edited form with every name scrambled; `swapped`: the other way round.
/// Nothing when the edit finds nothing to change.
std::optional<Case> editedCase(const NamedNet &base, const Edit &edit, std::uint32_t seed,
                               bool swapped);

/// Pairs and scores a case; the default method is the project's own.
Score alignCase(const Case &made);

/// What the alignment is compared with: how other tools pair.
struct SimpleMethod
{
    const char *name;
    Pairs (*pair)(const Graph &baseline, const Graph &candidate);
};
std::vector<SimpleMethod> simpleMethods();
Score simpleCase(const Case &made, const SimpleMethod &method);

/// A chain of `count` ops with residual sums; every fourth has a weight, all of one shape.
Net longNet(std::size_t count);

} // namespace syncpoint::eval
