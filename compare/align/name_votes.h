#pragma once
#include "compare/align/name_rules.h"
#include "compare/align/pairing.h"

#include <string>
#include <vector>

namespace syncpoint {

/// Two members whose names say that they are the same tensor.
struct NameVote
{
    ValueId reference;
    ValueId candidate;
    NameStrength strength = NameStrength::Strong;
    std::string evidence;
};

/// How the operands of two ops relate under the pairs found so far. Operands of commutative ops
/// count in any order; ops with different operand counts neither agree nor contradict.
struct OperandAgreement
{
    std::size_t agree = 0;      ///< paired with each other
    std::size_t contradict = 0; ///< one of the two is paired with something else
};
OperandAgreement compareOperands(const Pairing &pairing, NodeId r, NodeId c);

/// Pairs the classes of the votes, strong names first. A weak name needs the same op family and,
/// unless nearly all weak names of the two graphs fit each other, agreeing operands; a generated
/// one always needs both. When most of the names in common contradict the ops that made the values,
/// the models share names by accident and none is accepted.
void acceptVotes(Pairing &pairing, std::vector<NameVote> votes, const char *rule,
                 double confidence);

} // namespace syncpoint
