#include "compare/align/propagation_steps.h"
#include "compare/align/stage.h"
#include "compare/align/swallowed_activation.h"

#include <algorithm>
#include <array>
#include <deque>
#include <initializer_list>

namespace syncpoint {
namespace {

using Step = Conclusions (*)(const Pairing &, ValueClassId, ValueClassId);

/// What is done with every pair, level by level: a level waits until all before it have nothing
/// left to do. So the finest form is found first, and bridges over inserted ops come last.
const std::array<std::vector<Step>, 3> &levels()
{
    static const std::array<std::vector<Step>, 3> steps{{
        {followReaders, followReadersByConstants, followOperands, followParts, followMerged},
        {followWrittenOut},
        {followBridges},
    }};
    return steps;
}

/// Carries pairs to the ops around them until nothing changes.
class Propagation
{
public:
    explicit Propagation(Pairing &pairing) : m_pairing(pairing) {}

    Result<void> run(const JobContext &job)
    {
        const auto known = m_pairing.pairs();
        for (std::size_t i = m_pairing.propagated; i < known.size(); ++i) {
            m_queues[0].emplace_back(known[i].reference, known[i].candidate);
        }
        for (const auto &[op, match] : m_pairing.anchoredOps) {
            accept(operandsOf(m_pairing, op, match));
        }
        for (auto level = firstBusy(); level < m_queues.size(); level = firstBusy()) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            const auto [r, c] = m_queues[level].front();
            m_queues[level].pop_front();
            m_support = supportOf(r);
            for (const Step step : levels()[level]) {
                accept(step(m_pairing, r, c));
            }
            if (level + 1 < m_queues.size()) {
                m_queues[level + 1].emplace_back(r, c);
            }
        }
        m_pairing.propagated = m_pairing.pairs().size();
        return {};
    }

private:
    std::size_t firstBusy() const
    {
        const auto busy = std::find_if(m_queues.begin(), m_queues.end(),
                                       [](const auto &queue) { return !queue.empty(); });
        return static_cast<std::size_t>(busy - m_queues.begin());
    }

    /// How much can be concluded from a pair. Inputs say little: most networks start alike.
    double supportOf(ValueClassId r) const
    {
        constexpr double kInput = 0.8;
        if (!m_pairing.isReferencePaired(r)) {
            return kInput;
        }
        const double confidence = m_pairing.pairOf(r).match.confidence;
        return m_pairing.reference.producer(r).isValid() ? confidence
                                                         : std::min(confidence, kInput);
    }

    void accept(const Conclusions &conclusions)
    {
        for (const Conclusion &found : conclusions) {
            if (!m_pairing.canPair(found.reference, found.candidate)) {
                continue; // an earlier one of them took a side
            }
            const double confidence = std::min(found.confidence, m_support);
            const auto swallowed = swallowedActivation(m_pairing, found.reference, found.candidate);
            m_pairing.pair({swallowed.value_or(found.reference),
                            found.candidate,
                            {"propagated", confidence, found.evidence},
                            {},
                            {}});
            m_queues[0].emplace_back(found.reference, found.candidate);
            if (swallowed) {
                m_queues[0].emplace_back(*swallowed, found.candidate);
            }
        }
    }

    Pairing &m_pairing;
    double m_support = 1.0; ///< confidence of what the next pairs are concluded from
    std::array<std::deque<std::pair<ValueClassId, ValueClassId>>, 3> m_queues; ///< by level
};

class PropagationStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "propagation"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &job) const override
    {
        return Propagation(pairing).run(job);
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makePropagationStage()
{
    return std::make_unique<PropagationStage>();
}

} // namespace syncpoint
