#pragma once
#include "compare/align/aligner.h"
#include "compare/align/pairing.h"
#include "core/base/job_context.h"
#include "core/base/result.h"

#include <memory>
#include <string_view>
#include <vector>

namespace syncpoint {

/// One way of finding pairs. Stages run in the order of alignmentStages(); a later one sees what
/// the earlier ones found and adds to it. Stateless.
class AlignmentStage
{
public:
    virtual ~AlignmentStage() = default;
    virtual std::string_view id() const = 0; ///< for progress and profiling: "exact_name"
    /// Fails on cancel, or when the user's own input is wrong.
    virtual Result<void> run(Pairing &pairing, const ManualMap &map,
                             const JobContext &job) const = 0;
};

/// Every stage in order: a new one is one line in stage_list.cpp.
std::vector<std::unique_ptr<AlignmentStage>> alignmentStages();

std::unique_ptr<AlignmentStage> makeManualStage();
std::unique_ptr<AlignmentStage> makeExactNameStage();
std::unique_ptr<AlignmentStage> makeKeptNameStage();
std::unique_ptr<AlignmentStage> makeNameRuleStage();
std::unique_ptr<AlignmentStage> makeBoundaryStage();
std::unique_ptr<AlignmentStage> makeBoundaryOrderStage();
std::unique_ptr<AlignmentStage> makeWeightStage();
std::unique_ptr<AlignmentStage> makePropagationStage();
std::unique_ptr<AlignmentStage> makeValueStage();
std::unique_ptr<AlignmentStage> makeConsistencyStage();
std::unique_ptr<AlignmentStage> makePlausibilityStage();

} // namespace syncpoint
