#include "compare/align/stage.h"

#include <algorithm>

namespace syncpoint {
namespace {

std::size_t computedClasses(const GraphSide &side)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < side.classCount(); ++i) {
        count += side.isComputed(ValueClassId{i}) ? 1U : 0U;
    }
    return count;
}

/// Models that share next to nothing are not two forms of one network: what they have in common –
/// an input's name, a stem of the same ops – is then likely to be accident, whatever paired it.
class PlausibilityStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "plausibility"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &) const override
    {
        constexpr double kLittle = 0.1; // of the smaller model
        constexpr double kAccident = 0.5;
        const auto pairs = pairing.pairs();
        const auto common = static_cast<double>(
            std::count_if(pairs.begin(), pairs.end(), [&](const ClassPair &pair) {
                return pairing.reference.isComputed(pair.reference);
            }));
        const auto smaller = static_cast<double>(
            std::min(computedClasses(pairing.reference), computedClasses(pairing.candidate)));
        if (common >= kLittle * smaller) {
            return {};
        }
        for (ClassPair pair : pairs) {
            if (pair.match.rule != "manual") {
                pair.match.confidence = std::min(pair.match.confidence, kAccident);
                pair.match.evidence += ", but the models have little else in common";
                pairing.unpair(pair.reference);
                pairing.pair(std::move(pair));
            }
        }
        return {};
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makePlausibilityStage()
{
    return std::make_unique<PlausibilityStage>();
}

} // namespace syncpoint
