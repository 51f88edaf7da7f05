#include "compare/align/aligner.h"
#include "tests/bench/benches.h"
#include "tests/bench/timing.h"
#include "tests/eval/evaluation.h"

#include <fmt/format.h>

namespace syncpoint::bench {
namespace {

constexpr std::uint32_t kSeeds = 3;

void printScore(std::string_view edit, std::string_view method, const eval::Score &score)
{
    fmt::print("  {:<50} {:<16} {:>6.3f} {:>6.3f} {:>6.3f} {:>6} {:>9.1f} ms\n", edit, method,
               score.precision(), score.recall(), score.f1(), score.violations,
               score.seconds * 1e3);
}

using Nets = std::vector<eval::NamedNet> (*)(std::uint32_t seed);

/// An edit of every network, both ways round, by the project and by what other tools do.
void scoreEdit(const eval::Edit &edit, Nets nets, const std::string &label, BenchReport &report)
{
    const auto methods = eval::simpleMethods();
    eval::Score own;
    std::vector<eval::Score> others(methods.size());
    for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
        for (const eval::NamedNet &base : nets(100 * seed)) {
            for (const bool swapped : {false, true}) {
                const auto made = eval::editedCase(base, edit, seed + 1, swapped);
                if (!made) {
                    continue;
                }
                own += eval::alignCase(*made);
                for (std::size_t i = 0; i < methods.size(); ++i) {
                    others[i] += eval::simpleCase(*made, methods[i]);
                }
            }
        }
    }
    printScore(label, "syncpoint", own);
    for (std::size_t i = 0; i < methods.size(); ++i) {
        printScore("", methods[i].name, others[i]);
    }
    const bool isStacked = edit.name.find('+') != std::string::npos;
    const std::string against =
        fmt::format("best of names and order: F1 {:.3f}",
                    std::max({others[0].f1(), others[1].f1(), others[2].f1()}));
    report.add(
        {"align precision: " + label, own.precision(), "", isStacked ? 0.98 : 0.99, true, against});
    report.add(
        {"align recall: " + label, own.recall(), "", isStacked ? 0.90 : 0.95, true, against});
}

void timeOps(std::size_t count, double limit, BenchReport &report)
{
    const eval::Net net = eval::longNet(count);
    eval::Net other = net;
    eval::Truth truth;
    eval::Random random(5);
    scramble(other, truth, random);
    const auto baseline = net.build();
    const auto candidate = other.build();
    const auto seconds = fastestSeconds(
        {{"align", [&] { keep(alignGraphs(*baseline, *candidate, {}, {}) ? 1.0 : 0.0); }}}, 2);
    report.add({fmt::format("align {} x {} ops", count, count), seconds[0], "s", limit, false,
                "all names scrambled, every fourth op has a weight"});
}

} // namespace

void alignBench(BenchReport &report)
{
    fmt::print("  {:<50} {:<16} {:>6} {:>6} {:>6} {:>6} {:>12}\n", "edit, all names scrambled",
               "method", "prec.", "recall", "F1", "viol.", "time");
    for (const eval::Edit &edit : eval::edits()) {
        scoreEdit(edit, eval::developedNets, edit.name, report);
    }
    for (const eval::Edit &edit : eval::edits()) {
        scoreEdit(edit, eval::heldBackNets, "held-back nets: " + edit.name, report);
    }
    for (const eval::Edit &edit : eval::heldBackEdits()) {
        scoreEdit(edit, eval::developedNets, "held back: " + edit.name, report);
        scoreEdit(edit, eval::heldBackNets, "held-back nets, held back: " + edit.name, report);
    }
    timeOps(10000, 1.0, report);
    timeOps(100000, 15.0, report);
}

} // namespace syncpoint::bench
