#pragma once
#include "compare/align/pairing.h"

#include <vector>

namespace syncpoint {

/// Two classes that must hold the same numbers because of pairs found before.
struct Conclusion
{
    ValueClassId reference;
    ValueClassId candidate;
    double confidence = 0.0; ///< at most; a conclusion is no surer than what it rests on
    const char *evidence = "";
};
using Conclusions = std::vector<Conclusion>;

/// Values read by more ops than this give no evidence: who reads them says little.
constexpr std::size_t kLargestFanOut = 32;

// Each step looks around one pair and concludes; none looks further than a bounded number of ops.

/// Ops that read both and agree in all operands, if no other op does.
Conclusions followReaders(const Pairing &pairing, ValueClassId r, ValueClassId c);
/// The same where equal small constants (indices, bounds) tell several such ops apart.
Conclusions followReadersByConstants(const Pairing &pairing, ValueClassId r, ValueClassId c);
/// The operands and the other results of the ops that make both.
Conclusions followOperands(const Pairing &pairing, ValueClassId r, ValueClassId c);
/// The operands of two ops that are known to be the same.
Conclusions operandsOf(const Pairing &pairing, NodeId op, NodeId match);
/// Parts of both: results of Split against slices, in order.
Conclusions followParts(const Pairing &pairing, ValueClassId r, ValueClassId c);
/// Results of a product that is split against the products that it merges, by their weights.
Conclusions followMerged(const Pairing &pairing, ValueClassId r, ValueClassId c);
/// Ops after both that are one op on one side and several on the other: their exits.
Conclusions followWrittenOut(const Pairing &pairing, ValueClassId r, ValueClassId c);
/// Ops after both that fit but for inserted, removed or replaced ops before them.
Conclusions followBridges(const Pairing &pairing, ValueClassId r, ValueClassId c);

/// Whether all results of two ops are free and fit.
bool outputsFree(const Pairing &pairing, NodeId r, NodeId c);
/// The results of two ops that fit; of linear ops, what includes the same (equalSteps()).
Conclusions resultsOf(const Pairing &pairing, NodeId op, NodeId match, double confidence,
                      const char *evidence);

} // namespace syncpoint
