#include "evaluation.h"

#include "compare/align/aligner.h"
#include "compare/align/value_classes.h"

#include <chrono>
#include <set>
#include <string>

namespace syncpoint::eval {
namespace {

/// Counts the ops that one model is said to lack, and those of them that it has. Only of the op's
/// own result: the truth pairs views by name, also behind an op that was inserted before them.
void countProofs(const Graph &graph, const std::vector<ValueOutcome> &outcomes,
                 const std::set<std::string> &known, Score &score)
{
    const ValueClasses classes(graph);
    for (const ValueClass &group : classes.all()) {
        if (outcomes[group.root().index()].status == ValueStatus::OneSided) {
            ++score.proven;
            score.disproved += known.contains(graph.qualifiedName(group.root())) ? 1U : 0U;
        }
    }
}

void countProofs(const Case &made, const Alignment &alignment, Score &score)
{
    std::set<std::string> reference;
    std::set<std::string> candidate;
    for (const auto &[name, partners] : made.truth) {
        if (!partners.empty()) {
            reference.insert(name);
        }
        candidate.insert(partners.begin(), partners.end());
    }
    countProofs(*made.baseline, alignment.reference, reference, score);
    countProofs(*made.candidate, alignment.candidate, candidate, score);
}

} // namespace

std::optional<Case> editedCase(const NamedNet &base, const Edit &edit, std::uint32_t seed,
                               bool swapped)
{
    Random random(seed);
    Net net = base.net;
    Truth truth = identityOf(net);
    if (edit.apply != nullptr) {
        edit.apply(net, truth, random);
        if (net == base.net) {
            return {};
        }
    }
    scramble(net, truth, random);
    Case made{base.net.build(), net.build(), {}};
    if (!swapped) {
        made.truth = std::move(truth);
        return made;
    }
    std::swap(made.baseline, made.candidate);
    for (const auto &[name, partners] : truth) {
        for (const std::string &partner : partners) {
            made.truth[partner].insert(name);
        }
    }
    return made;
}

Score alignCase(const Case &made)
{
    const auto start = std::chrono::steady_clock::now();
    const auto alignment = alignGraphs(*made.baseline, *made.candidate, {}, {});
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    Score score = judge(*made.baseline, *made.candidate, made.truth,
                        alignment ? pairsOf(*alignment) : Pairs{});
    score.seconds = seconds;
    if (alignment) {
        countProofs(made, *alignment, score);
    }
    return score;
}

std::vector<SimpleMethod> simpleMethods()
{
    return {{"exact name", pairByName},
            {"name and suffix", pairByNameAndSuffix},
            {"op family order", pairByFamilyOrder}};
}

Score simpleCase(const Case &made, const SimpleMethod &method)
{
    return judge(*made.baseline, *made.candidate, made.truth,
                 method.pair(*made.baseline, *made.candidate));
}

Net longNet(std::size_t count)
{
    Net net;
    Random random(11);
    std::normal_distribution<float> normal;
    net.inputs = {"x"};
    net.shapes["x"] = {1, 8};
    std::string at = "x";
    std::string skip = "x";
    for (std::size_t i = 0; i < count; ++i) {
        const std::string made = "v" + std::to_string(i);
        Op op{"Tanh", {at}, {made}, {}, {}};
        if (i % 4 == 0) {
            Weight weight{{8, 8}, std::vector<float>(64)};
            for (float &value : weight.data) {
                value = normal(random);
            }
            op = {"MatMul", {at, "w" + std::to_string(i)}, {made}, {}, {}};
            net.weights.emplace(op.inputs[1], std::move(weight));
        } else if (i % 4 == 3) {
            op = {"Add", {at, skip}, {made}, {}, {}};
            skip = made;
        }
        net.shapes[made] = {1, 8};
        net.ops.push_back(std::move(op));
        at = made;
    }
    net.outputs = {at};
    return net;
}

} // namespace syncpoint::eval
