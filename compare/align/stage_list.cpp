#include "compare/align/stage.h"

namespace syncpoint {

std::vector<std::unique_ptr<AlignmentStage>> alignmentStages()
{
    std::vector<std::unique_ptr<AlignmentStage>> stages;
    stages.push_back(makeManualStage());
    stages.push_back(makeExactNameStage());
    stages.push_back(makeNameRuleStage());
    stages.push_back(makeKeptNameStage());
    stages.push_back(makeBoundaryStage());
    stages.push_back(makeWeightStage());
    stages.push_back(makePropagationStage());
    stages.push_back(makeBoundaryOrderStage());
    stages.push_back(makePropagationStage());
    stages.push_back(makeValueStage());
    stages.push_back(makeConsistencyStage());
    stages.push_back(makePlausibilityStage());
    return stages;
}

} // namespace syncpoint
