#include "app/cli/command.h"
#include "app/cli/output.h"
#include "compare/metric/metric.h"
#include "compare/report/json_parts.h"
#include "compare/report/report_text.h"
#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <map>

namespace syncpoint {

namespace {
using nlohmann::json;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// What is read of one compare result: quality per baseline value, higher is better.
struct Scores
{
    std::string metric;
    std::map<std::string, double> points;
};

struct Change
{
    std::string value;
    double before = 0.0, after = 0.0;
};

Result<Scores> readScores(const std::string &path, const std::string &metric, bool higherIsBetter)
{
    const auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    const auto document = json::parse(asText((*file)->bytes()), nullptr, false);
    if (!document.is_object() || document.value("schema_version", json()) != 1 ||
        !document.contains("sync_points") || !document["sync_points"].is_array()) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("{} is not a result of syncpoint-cli compare --json", path)};
    }
    Scores scores{metric, {}};
    for (const json &point : document["sync_points"]) {
        if (!point.is_object() || point.value("status", json()) != "compared") {
            continue;
        }
        const json name = point.value(json::json_pointer("/baseline/value"), json());
        const json number = point.value(json::json_pointer("/metrics/" + metric), json());
        if (!name.is_string()) {
            continue;
        }
        const bool exact = point.value("state", json()) == "exact";
        const double raw = number.is_number() ? number.get<double>() : -kInfinity;
        scores.points[name.get<std::string>()] = exact                                   ? kInfinity
                                                 : higherIsBetter || !number.is_number() ? raw
                                                                                         : -raw;
    }
    return scores;
}

class DiffCommand final : public Command
{
public:
    CLI::App *declare(CLI::App &parent) override
    {
        CLI::App *command =
            parent.add_subcommand("diff", "Say what got worse between two compare results");
        command->add_option("OLD", m_old, "Result of compare --json")->required();
        command->add_option("NEW", m_new, "Result of compare --json")->required();
        command->add_option("--metric", m_metric, "Metric to judge by (default psnr)")
            ->type_name("ID");
        command
            ->add_option("--tolerance", m_tolerance, "Changes up to this are noise (default 0.5)")
            ->check(CLI::NonNegativeNumber)
            ->type_name("NUMBER");
        return command;
    }

    Result<void> checkOptions() override
    {
        const auto index = metricIndex(m_metric);
        if (!index) {
            return Error{
                ErrorCode::BadInput,
                fmt::format("there is no metric '{}' (see syncpoint-cli metrics)", m_metric)};
        }
        m_higherIsBetter = builtinMetrics()[*index]->descriptor().higherIsBetter;
        return {};
    }

    Result<ExitCode> run(const CommonOptions &common, const JobContext &) override
    {
        const auto before = readScores(m_old, m_metric, m_higherIsBetter);
        if (!before) {
            return before.error();
        }
        const auto after = readScores(m_new, m_metric, m_higherIsBetter);
        if (!after) {
            return after.error();
        }
        return report(*before, *after, common);
    }

private:
    Result<ExitCode> report(const Scores &before, const Scores &after, const CommonOptions &common)
    {
        std::vector<Change> worse;
        std::vector<Change> better;
        std::vector<std::string> lost;
        for (const auto &[value, score] : before.points) {
            const auto now = after.points.find(value);
            if (now == after.points.end()) {
                lost.push_back(value);
            } else if (score - now->second > m_tolerance) { // false for two infinities
                worse.push_back({value, score, now->second});
            } else if (now->second - score > m_tolerance) {
                better.push_back({value, score, now->second});
            }
        }
        std::stable_sort(worse.begin(), worse.end(),
                         [](const Change &a, const Change &b) { return a.after < b.after; });
        auto document = jsonDocument();
        document["metric"] = m_metric;
        document["tolerance"] = m_tolerance;
        document["worse"] = changesJson(worse);
        document["better"] = changesJson(better);
        document["no_longer_compared"] = lost;
        if (const auto written = emitJson(common, jsonText(document)); !written) {
            return written.error();
        }
        printSummary(common, summary(worse, better.size(), lost));
        return worse.empty() && lost.empty() ? ExitCode::Ok : ExitCode::Divergence;
    }

    double shown(double quality) const { return m_higherIsBetter ? quality : -quality; }

    nlohmann::ordered_json changesJson(const std::vector<Change> &changes) const
    {
        auto out = nlohmann::ordered_json::array();
        for (const Change &change : changes) {
            out.push_back({{"value", change.value},
                           {"before", jsonNumber(shown(change.before))},
                           {"after", jsonNumber(shown(change.after))}});
        }
        return out;
    }

    std::string summary(const std::vector<Change> &worse, std::size_t better,
                        const std::vector<std::string> &lost) const
    {
        constexpr std::size_t kMost = 20;
        std::string out =
            fmt::format("{} sync points got worse, {} better, {} are no longer compared\n",
                        worse.size(), better, lost.size());
        TextTable table("lrr");
        for (std::size_t i = 0; i < std::min(kMost, worse.size()); ++i) {
            table.add({elided(worse[i].value, 70), numberText(shown(worse[i].before)),
                       numberText(shown(worse[i].after))});
        }
        return out + table.text();
    }

    std::string m_old, m_new;
    std::string m_metric = "psnr";
    double m_tolerance = 0.5;
    bool m_higherIsBetter = true;
};
} // namespace

std::unique_ptr<Command> makeDiffCommand()
{
    return std::make_unique<DiffCommand>();
}

} // namespace syncpoint
