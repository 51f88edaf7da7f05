#include "scoring.h"

#include "compare/align/op_family.h"
#include "compare/align/value_classes.h"

#include <algorithm>

namespace syncpoint::eval {
namespace {

Pairs pairByKey(const Graph &baseline, const Graph &candidate, auto key)
{
    std::map<std::string, ValueId> byKey;
    for (std::size_t i = 0; i < candidate.values().size(); ++i) {
        if (!candidate.values()[i].isConstant) {
            byKey.emplace(key(candidate.values()[i].name), ValueId{i});
        }
    }
    Pairs pairs;
    for (std::size_t i = 0; i < baseline.values().size(); ++i) {
        const auto found = byKey.find(key(baseline.values()[i].name));
        if (!baseline.values()[i].isConstant && found != byKey.end()) {
            pairs.emplace_back(ValueId{i}, found->second);
        }
    }
    return pairs;
}

/// By class: the classes it is computed from, itself included.
std::vector<std::vector<bool>> ancestors(const Graph &graph, const ValueClasses &classes)
{
    const std::size_t count = classes.all().size();
    std::vector<std::vector<bool>> before(count, std::vector<bool>(count));
    for (std::size_t i = 0; i < count; ++i) { // class ids follow execution order
        before[i][i] = true;
        const NodeId producer = classes[ValueClassId{i}].producer;
        if (!producer.isValid()) {
            continue;
        }
        for (const ValueId input : graph.node(producer).inputs) {
            if (!input.isValid()) {
                continue;
            }
            const auto &more = before[classes.classOf(input).index()];
            for (std::size_t j = 0; j < i; ++j) {
                before[i][j] = before[i][j] || more[j];
            }
        }
    }
    return before;
}

/// Pairs of pairs in one order on one side and in the other order on the other side.
std::size_t violationsOf(const Graph &baseline, const ValueClasses &own, const Graph &candidate,
                         const ValueClasses &other, const Pairs &pairs)
{
    const auto beforeOwn = ancestors(baseline, own);
    const auto beforeOther = ancestors(candidate, other);
    std::size_t count = 0;
    for (const auto &[r, c] : pairs) {
        for (const auto &[r2, c2] : pairs) {
            const std::size_t from = own.classOf(r).index();
            const std::size_t to = own.classOf(r2).index();
            const std::size_t otherFrom = other.classOf(c).index();
            const std::size_t otherTo = other.classOf(c2).index();
            count += from != to && otherFrom != otherTo && beforeOwn[to][from] &&
                             beforeOther[otherFrom][otherTo]
                         ? 1U
                         : 0U;
        }
    }
    return count;
}

} // namespace

double Score::precision() const
{
    return right + wrong == 0 ? 1.0
                              : static_cast<double>(right) / static_cast<double>(right + wrong);
}

double Score::recall() const
{
    return known == 0 ? 1.0 : static_cast<double>(found) / static_cast<double>(known);
}

double Score::f1() const
{
    const double sum = precision() + recall();
    return sum > 0.0 ? 2.0 * precision() * recall() / sum : 0.0;
}

Score &Score::operator+=(const Score &other)
{
    right += other.right;
    wrong += other.wrong;
    found += other.found;
    known += other.known;
    violations += other.violations;
    proven += other.proven;
    disproved += other.disproved;
    seconds += other.seconds;
    return *this;
}

Score judge(const Graph &baseline, const Graph &candidate, const Truth &truth, const Pairs &pairs,
            bool countViolations)
{
    const ValueClasses own(baseline);
    const ValueClasses other(candidate);
    std::map<ValueClassId, std::set<ValueClassId>> right;
    std::set<ValueClassId> known;
    for (const auto &[name, partners] : truth) {
        const ValueClassId group = own.classOf(*baseline.findValue(name));
        for (const std::string &partner : partners) {
            const ValueClassId twin = other.classOf(*candidate.findValue(partner));
            right[group].insert(twin);
            known.insert(twin);
        }
    }
    Score score;
    std::set<ValueClassId> hit;
    for (const auto &[reference, partner] : pairs) {
        const ValueClassId r = own.classOf(reference);
        const ValueClassId c = other.classOf(partner);
        if (!right.contains(r) && !known.contains(c)) {
            continue;
        }
        const bool isRight = right.contains(r) && right[r].contains(c);
        score.right += isRight ? 1U : 0U;
        score.wrong += isRight ? 0U : 1U;
        if (isRight) {
            hit.insert(c);
        }
    }
    // Of values that are computed twice on one side, one pair finds all.
    for (const auto &[group, partners] : right) {
        score.found += std::any_of(partners.begin(), partners.end(),
                                   [&](ValueClassId twin) { return hit.contains(twin); })
                           ? 1U
                           : 0U;
    }
    score.known = right.size();
    if (countViolations) {
        score.violations = violationsOf(baseline, own, candidate, other, pairs);
    }
    return score;
}

Pairs pairsOf(const Alignment &alignment)
{
    Pairs pairs;
    for (const SyncPoint &point : alignment.points) {
        pairs.emplace_back(point.reference, point.candidate);
    }
    return pairs;
}

Pairs pairByName(const Graph &baseline, const Graph &candidate)
{
    return pairByKey(baseline, candidate, [](const std::string &name) { return name; });
}

Pairs pairByNameAndSuffix(const Graph &baseline, const Graph &candidate)
{
    return pairByKey(baseline, candidate, [](std::string name) {
        for (const std::string_view suffix :
             {"_DequantizeLinear_Output", "_QuantizeLinear_Output", "_quantized", "_cast"}) {
            if (name.ends_with(suffix)) {
                name.resize(name.size() - suffix.size());
            }
        }
        return name;
    });
}

Pairs pairByFamilyOrder(const Graph &baseline, const Graph &candidate)
{
    const auto ordered = [](const Graph &graph) {
        std::map<std::string, std::vector<ValueId>> result;
        for (const Node &node : graph.nodes()) {
            const OpFamily *family = opFamilyOf(node);
            if (family == nullptr || !family->transparent) {
                result[family ? std::string(family->name) : node.opType].push_back(
                    node.outputs.front());
            }
        }
        return result;
    };
    auto own = ordered(baseline);
    auto other = ordered(candidate);
    Pairs pairs;
    for (const auto &[family, values] : own) {
        for (std::size_t i = 0; i < std::min(values.size(), other[family].size()); ++i) {
            pairs.emplace_back(values[i], other[family][i]);
        }
    }
    return pairs;
}

} // namespace syncpoint::eval
