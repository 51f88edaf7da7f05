#include "evaluation.h"

#include "compare/session/compare_models.h"
#include "core/formats/hdf5/dump_reader.h"
#include "core/launch/runner_client.h"
#include "core/tensor/decode.h"
#include "deep_nets.h"
#include "plant.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <memory>

namespace syncpoint::faults {
namespace {

using Compared = std::shared_ptr<const ComparisonResult>;
constexpr double kLeastEffect = 1.58; // 2 dB
constexpr std::size_t kSamples = 2;
constexpr int kTries = 6;

/// One network with its float run.
class Bed
{
public:
    Bed(const std::filesystem::path &runner, const std::filesystem::path &folder, FaultNet net,
        const QuantizationStyle &style)
        : m_runner(runner), m_folder(folder), m_net(std::move(net)), m_isFused(style.isFused)
    {
        write("float.onnx", m_net.toOnnx());
        RunRequest request;
        request.model = m_folder / "float.onnx";
        request.output = m_folder / "float.h5";
        request.inputs.samples = kSamples;
        request.plainOutputs = false;
        m_isReady = bool(RunnerClient(m_runner).run(request, {}));
        if (m_isReady) {
            m_healthy = quantized(m_net, ranges(request.output), style);
        }
    }

    bool isReady() const { return m_isReady; }
    const QuantizedNet &healthy() const { return m_healthy; }

    Compared compare(const QuantizedNet &candidate) const
    {
        write("candidate.onnx", candidate.toOnnx());
        SessionConfig config;
        config.baseline.model = m_folder / "float.onnx";
        config.baseline.dump = m_folder / "float.h5";
        config.candidate.model = m_folder / "candidate.onnx";
        config.candidate.optimize = m_isFused ? Optimization::Extended : Optimization::None;
        config.inputs.samples = kSamples;
        config.minCoverage = 0.0;
        CompareEnvironment environment;
        environment.runner = m_runner;
        environment.scratchRoot = m_folder;
        const auto result = compareModels(config, environment, {});
        return result ? *result : nullptr;
    }

private:
    void write(const char *name, const std::string &bytes) const
    {
        std::ofstream(m_folder / name, std::ios::binary) << bytes;
    }

    static Ranges ranges(const std::filesystem::path &path)
    {
        Ranges found;
        const auto dump = readDump(path, {});
        for (const auto &store : dump ? (*dump)->samples : decltype((*dump)->samples)()) {
            for (std::size_t i = 0; i < store->entries().size(); ++i) {
                const auto tensor = store->read(TensorId{i});
                const auto values = tensor ? decodeAll(tensor->view()) : tensor.error();
                if (!values || values->empty()) {
                    continue;
                }
                const auto [low, high] = std::minmax_element(values->begin(), values->end());
                auto &range =
                    found.try_emplace(store->entries()[i].name, *low, *high).first->second;
                range = {std::min(range.first, *low), std::max(range.second, *high)};
            }
        }
        return found;
    }

    std::filesystem::path m_runner, m_folder;
    FaultNet m_net;
    QuantizedNet m_healthy;
    bool m_isFused, m_isReady = false;
};

double outputError(const ComparisonResult &result)
{
    double sum = 0.0;
    for (const SyncPointId id : result.outputs) {
        const Measurement &overall = result.point(id).overall;
        sum += overall.state == PairState::NonfiniteMismatch
                   ? std::numeric_limits<double>::infinity()
                   : overall.nsr();
    }
    return sum;
}

bool isIn(const ComparisonResult &result, SyncPointId id, const std::string &op)
{
    constexpr std::size_t kLargestRegion = 5;
    const SyncPoint &point = result.alignment.point(id);
    const auto is = [&](NodeId node) {
        return node.isValid() && result.baseline.graph->node(node).name == op;
    };
    const auto &region = result.point(id).attribution.region;
    return is(point.referenceNode) ||
           (region.size() <= kLargestRegion && std::any_of(region.begin(), region.end(), is));
}

/// What people do by hand: points compared, in execution order.
std::map<std::string, SyncPointId> otherMethods(const ComparisonResult &result)
{
    std::map<std::string, SyncPointId> found;
    double worst = -1.0;
    double largestDrop = -1e9;
    for (std::size_t i = 0; i < result.points.size(); ++i) {
        const PointResult &point = result.points[i];
        if (point.status != PointStatus::Compared ||
            !result.alignment.points[i].referenceNode.isValid()) {
            continue;
        }
        const double nsr = point.overall.state == PairState::NonfiniteMismatch
                               ? 1e30
                               : std::max(1e-30, point.overall.nsr());
        for (const int limit : {20, 30, 40}) {
            if (-10.0 * std::log10(nsr) < limit) {
                found.try_emplace(fmt::format("first < {} dB", limit), SyncPointId{i});
            }
        }
        if (nsr > worst) {
            worst = nsr;
            found["worst"] = SyncPointId{i};
        }
        double before = 1e-30;
        for (const SyncPointId input : point.attribution.inputs) {
            before = std::max(before, result.point(input).overall.nsr());
        }
        const double drop = 10.0 * std::log10(nsr / before);
        if (drop > largestDrop) {
            largestDrop = drop;
            found["largest drop"] = SyncPointId{i};
        }
    }
    return found;
}

/// What the comparison says of the op that was spoiled.
std::string standing(const ComparisonResult &result, const std::string &op)
{
    for (std::size_t i = 0; i < result.points.size(); ++i) {
        const PointAttribution &attribution = result.points[i].attribution;
        if (isIn(result, SyncPointId{i}, op)) {
            return attribution.excess ? fmt::format("excess {:.3g}", *attribution.excess)
                                      : "not replayed: " + attribution.obstacle;
        }
    }
    return "in no sync point";
}

void judge(const ComparisonResult &result, const std::string &op, const std::string &label,
           Hits &hits, FaultScores &scores)
{
    const auto &suspects = result.divergence.suspects;
    ++hits.cases;
    std::size_t rank = suspects.size();
    for (std::size_t i = suspects.size(); i-- > 0;) {
        rank = isIn(result, suspects[i].point, op) ? i : rank;
    }
    hits.top1 += rank == 0 && !suspects.empty() ? 1U : 0U;
    hits.top3 += rank < std::min<std::size_t>(3, suspects.size()) ? 1U : 0U;
    if (rank != 0 || suspects.empty()) {
        scores.misses.push_back(fmt::format("{} at {} ({}): {}", label, op, standing(result, op),
                                            result.divergence.sentence));
    }
    for (const auto &[method, point] : otherMethods(result)) {
        hits.others[method] += isIn(result, point, op) ? 1U : 0U;
    }
}

struct Planted
{
    bool isPossible = false;
    Compared result; ///< none: no strength raises the outputs' error to the limit
    float strength = 0.0F;
};

/// Weak faults are the hard ones: halves the strength as long as the outputs show it.
Planted weakest(const Bed &bed, const FaultKind &kind, std::size_t op, double limit,
                const Random &random)
{
    Planted found;
    for (const float strength : {1.0F, 0.5F, 0.25F, 0.12F, 0.06F}) {
        QuantizedNet spoiled = bed.healthy();
        Random same = random; // the same channel at every strength
        if (!kind.plant(spoiled, op, strength, same)) {
            break;
        }
        found.isPossible = true;
        const Compared result = bed.compare(spoiled);
        if (!result || outputError(*result) < limit) {
            break;
        }
        found.result = result;
        found.strength = strength;
        if (!kind.isGradual) {
            break;
        }
    }
    return found;
}

void evaluateNet(const Bed &bed, const std::string &name, const std::vector<FaultKind> &kinds,
                 Random &random, FaultScores &scores)
{
    const Compared healthy = bed.compare(bed.healthy());
    if (!healthy) {
        scores.misses.push_back(name + " could not be compared");
        return;
    }
    ++scores.healthy;
    const auto verdict = healthy->divergence.verdict;
    const bool isCleared =
        verdict == Divergence::Verdict::Accumulated || verdict == Divergence::Verdict::None;
    scores.cleared += isCleared ? 1U : 0U;
    if (!isCleared) {
        scores.misses.push_back(name + " is healthy: " + healthy->divergence.sentence);
    }
    const double usual = outputError(*healthy);
    for (const FaultKind &kind : kinds) {
        std::vector<std::size_t> order(bed.healthy().net.ops.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i] = i;
        }
        std::shuffle(order.begin(), order.end(), random);
        int tries = 0;
        for (const std::size_t op : order) {
            if (tries == kTries) {
                break;
            }
            const auto found = weakest(bed, kind, op, kLeastEffect * usual, random);
            tries += found.isPossible ? 1 : 0;
            if (found.result) {
                judge(*found.result, bed.healthy().net.ops[op].name,
                      fmt::format("{}, {} of strength {}", name, kind.name, found.strength),
                      scores.kinds[kind.name], scores);
                break;
            }
        }
    }
}

} // namespace

Hits &Hits::operator+=(const Hits &more)
{
    cases += more.cases;
    top1 += more.top1;
    top3 += more.top3;
    for (const auto &[method, count] : more.others) {
        others[method] += count;
    }
    return *this;
}

Hits FaultScores::all() const
{
    Hits sum;
    for (const auto &[kind, hits] : kinds) {
        sum += hits;
    }
    return sum;
}

std::string FaultScores::table() const
{
    const Hits sum = all();
    std::string text = "| fault | cases | top-1 | top-3 |";
    std::string line = "|---|---|---|---|";
    for (const auto &[method, count] : sum.others) {
        text += fmt::format(" {} |", method);
        line += "---|";
    }
    text += '\n' + line + '\n';
    const auto row = [&](const std::string &name, const Hits &hits) {
        text += fmt::format("| {} | {} | {} | {} |", name, hits.cases, hits.top1, hits.top3);
        for (const auto &[method, count] : sum.others) {
            const auto found = hits.others.find(method);
            text += fmt::format(" {} |", found == hits.others.end() ? 0 : found->second);
        }
        text += '\n';
    };
    for (const auto &[kind, hits] : kinds) {
        row(kind, hits);
    }
    row("all", sum);
    return text + fmt::format("healthy pairs cleared: {} of {}\n", cleared, healthy);
}

FaultScores evaluateFaults(const std::filesystem::path &runner, const std::filesystem::path &folder,
                           const std::vector<std::uint32_t> &seeds, std::size_t stride,
                           std::string_view only)
{
    FaultScores scores;
    const std::vector<FaultKind> all = faultKinds();
    const std::vector<QuantizationStyle> styles = quantizationStyles();
    std::size_t count = 0;
    for (const std::uint32_t seed : seeds) {
        std::vector<FaultNet> nets = faultNets(10 * seed);
        std::ranges::move(deepFaultNets(10 * seed + 4), std::back_inserter(nets));
        for (FaultNet &net : nets) {
            const QuantizationStyle &style = styles[count % styles.size()];
            const std::string name = fmt::format("{} {} ({})", net.name, seed, style.name);
            if (name.find(only) == std::string::npos) {
                ++count;
                continue;
            }
            std::vector<FaultKind> kinds;
            for (std::size_t i = count++ % stride; i < all.size(); i += stride) {
                kinds.push_back(all[i]);
            }
            Random random(static_cast<std::uint32_t>(count)); // a network alone gives the same
            const Bed bed(runner, folder, std::move(net), style);
            if (!bed.isReady()) {
                scores.misses.push_back(name + " does not run");
                continue;
            }
            evaluateNet(bed, name, kinds, random, scores);
        }
    }
    return scores;
}

} // namespace syncpoint::faults
