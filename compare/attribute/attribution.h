#pragma once
#include "compare/align/sync_point.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {

/// How much of a sync point's error is its own. Energies are relative to ‖r‖² (so NSR units).
struct PointAttribution
{
    enum class Level : std::uint8_t { None, Tensors, Replay };
    Level level = Level::None;
    std::optional<double> nsr; ///< ‖e‖²/‖r‖² of the output
    std::optional<double>
        deltaNsr; ///< NSR(output) − max NSR(synced inputs); inputs without error count 0
    std::optional<double> gain; ///< rel_l2(output) / √Σ rel_l2(input)²
    /// The part of the model outputs' NSR that starts at this op (docs/attribution.md, "Share of
    /// the outputs' error"); sums to the outputs' NSR over all points.
    std::optional<double> reachingOutput;
    bool isSource = false; ///< bad, while every nearest compared ancestor is ok
    /// By replay only: ‖c−f‖², ‖f−r‖² and 2⟨c−f, f−r⟩ over ‖r‖², with f the baseline's op on the
    /// candidate's inputs. Their sum is `nsr`.
    std::optional<double> introduced, propagated, cross;
    /// The parts of `introduced` that come from the weights and from the rest of the op: its
    /// output's rounding and its kernel. Only where the weights could be paired.
    std::optional<double> weightPart, kernelPart;
    /// Introduced error over what the candidate's number formats promise; about 1 when all is well.
    std::optional<double> excess;
    std::vector<double> sampleExcess; ///< per sample
    bool losesFinite = false; ///< the candidate is NaN or infinite where the replayed op is not
    std::string obstacle;     ///< why the op was not replayed; "" when it was
    std::vector<std::string> faults; ///< failed static checks (docs/attribution.md), sentences
    std::vector<SyncPointId> inputs; ///< nearest compared ancestors
    /// The baseline's ops that a suspicion covers besides the point's own: those that conversion
    /// fused with it, and views behind which the candidate rounds once more.
    std::vector<NodeId> region;
    std::vector<std::string> hints;  ///< sentences, each with the number behind it

    /// What ranks the op and fills the module table: the part of the outputs' error that starts
    /// here, else – no output was compared – what it introduced, else max(0, deltaNsr).
    double introducedOrDelta() const
    {
        if (reachingOutput || introduced) {
            return reachingOutput ? *reachingOutput : *introduced;
        }
        return deltaNsr && *deltaNsr > 0.0 ? *deltaNsr : 0.0;
    }
};

/// The sentence of the report: where the divergence starts, or that nothing stands out.
struct Divergence
{
    enum class Verdict : std::uint8_t { Start, Set, Accumulated, None };
    struct Suspect
    {
        SyncPointId point;
        /// What it is ranked by among suspects of its kind: the part of the outputs' error that
        /// starts there and that rounding does not explain; without replay introducedOrDelta().
        double score = 0.0;
        double share = 0.0; ///< of the outputs' error, 0–1; without replay of all introduced error
        bool isFaulty = false; ///< more than its number formats promise, and it matters
        std::vector<std::string> hints;
    };
    Verdict verdict = Verdict::None;
    std::vector<SyncPointId> start; ///< the op, or the branches, where it begins; execution order
    std::vector<Suspect> suspects;  ///< ranked, worst first
    /// The way of the error: the first start, else the first suspect, then always the reader with
    /// the largest error, up to an output.
    std::vector<SyncPointId> path;
    /// The part of the samples in which the first suspect's excess is the largest of all, 0–1;
    /// nothing for one sample or without replay.
    std::optional<double> stability;
    std::string sentence; ///< for people
};
std::string_view
verdictName(Divergence::Verdict verdict); ///< "start", "set", "accumulated", "none"

} // namespace syncpoint
