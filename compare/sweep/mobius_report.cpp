#include "compare/sweep/mobius_report.h"

#include "compare/report/report_text.h"
#include "compare/sweep/mobius_models.h"
#include "core/formats/json_fields.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace syncpoint {

namespace {
using nlohmann::json;
namespace fs = std::filesystem;
using Labels = std::vector<std::string>;

constexpr std::size_t kMostRows = 10'000;
constexpr std::size_t kMostLabels = 8;

/// Fields of which one makes an object a measurement, with their units in ours.
struct Field
{
    const char *key;
    double factor;
};
constexpr std::array kSizes{Field{"size_bytes", 1.0}, Field{"size_mb", 1048576.0},
                            Field{"size_kb", 1024.0}};
constexpr std::array kBaselineSizes{Field{"baseline_mb", 1048576.0},
                                    Field{"original_mb", 1048576.0}};
constexpr std::array kLatencies{Field{"latency_ms", 1e3}, Field{"total_latency_ms", 1e3}};

struct Measure
{
    const char *key, *name;
    bool higherIsBetter;
};
constexpr const char *kRelative = "1 − relative L2 error";
constexpr std::array kMeasures{
    Measure{"quality", kRelative, true},
    Measure{"quality_norm_l2", kRelative, true},
    Measure{"acc", "equal decisions", true},
    Measure{"mse_error", "MSE", false},
};

template <typename Fields>
std::optional<double> firstOf(const json &object, const Fields &fields)
{
    for (const Field &field : fields) {
        if (const auto number = numberOf(object, field.key)) {
            return *number * field.factor;
        }
    }
    return std::nullopt;
}

std::optional<std::uint64_t> wholeBytes(std::optional<double> bytes)
{
    constexpr double kMost = 1e18;
    return bytes && *bytes >= 0.0 && *bytes < kMost
               ? std::optional(static_cast<std::uint64_t>(*bytes + 0.5))
               : std::nullopt;
}

bool isMeasurement(const json &object)
{
    return firstOf(object, kSizes) || firstOf(object, kBaselineSizes) ||
           firstOf(object, kLatencies) || !textOf(object, "error").empty();
}

bool isBaselineName(std::string_view name)
{
    return name == "baseline" || name == "original";
}

std::optional<SweepQuality> qualityOf(const json &object)
{
    for (const Measure &measure : kMeasures) {
        if (const auto value = numberOf(object, measure.key)) {
            return SweepQuality{measure.name, "", value, measure.higherIsBetter};
        }
    }
    return std::nullopt;
}

/// The fields that have no place of their own in a row.
std::vector<std::pair<std::string, std::string>> factsOf(const json &object)
{
    std::vector<std::pair<std::string, std::string>> facts;
    for (const auto &field : object.items()) {
        const auto isKey = [&field](const auto &known) { return field.key() == known.key; };
        const bool isShown = std::any_of(kSizes.begin(), kSizes.end(), isKey) ||
                             std::any_of(kLatencies.begin(), kLatencies.end(), isKey) ||
                             std::any_of(kMeasures.begin(), kMeasures.end(), isKey) ||
                             field.key() == "error";
        std::string name = field.key();
        std::replace(name.begin(), name.end(), '_', ' ');
        if (isShown) {
            continue;
        }
        if (field.value().is_number()) {
            facts.emplace_back(std::move(name), numberText(numberOf(field.value())));
        } else if (field.value().is_string()) {
            facts.emplace_back(std::move(name), std::string(plainText(field.value())));
        }
    }
    return facts;
}

/// Collects the measurements of a summary, whichever way it nests variants and components.
class Summary
{
public:
    explicit Summary(const json &document) { walk(document, {}, false); }
    std::vector<SweepRow> rows() && { return std::move(m_rows); }

private:
    /// `areVariants`: the keys of `object` name variants of what its own key names.
    void walk(const json &object, const Labels &labels, bool areVariants)
    {
        if (!object.is_object() || labels.size() > kMostLabels || m_rows.size() >= kMostRows) {
            return;
        }
        if (!labels.empty() && isMeasurement(object)) {
            add(object, labels, areVariants);
            return;
        }
        const bool haveBaseline = object.contains("baseline") || object.contains("original");
        for (const auto &member : object.items()) {
            if (!member.key().starts_with('_')) { // "_meta"
                Labels inner = labels;
                inner.push_back(member.key());
                walk(member.value(), inner, haveBaseline && labels.size() == 1);
            }
        }
    }

    void add(const json &object, Labels labels, bool areVariants)
    {
        SweepRow row;
        const auto marker = std::find(labels.begin(), labels.end(), "components");
        if (marker != labels.end() && marker + 1 != labels.end() && marker != labels.begin()) {
            row.variant = *(marker - 1);
            row.component = *(marker + 1);
        } else {
            labels.erase(std::remove(labels.begin(), labels.end(), "variants"), labels.end());
            row.variant = areVariants || labels.size() == 1 ? labels.back() : labels.front();
            row.component = labels.size() == 1 ? "" : areVariants ? labels.front() : labels.back();
        }
        row.isBaseline = isBaselineName(row.variant);
        row.bytes = wholeBytes(firstOf(object, kSizes));
        row.latency = firstOf(object, kLatencies);
        row.quality = qualityOf(object);
        row.error = textOf(object, "error");
        row.facts = factsOf(object);
        addWithBaseline(object, std::move(row));
    }

    /// Some forms tell the baseline's size beside that of each variant, one of them under the name
    /// of the type: {"encoder": {"original_mb": 1120, "int8_mb": 560}}.
    void addWithBaseline(const json &object, SweepRow row)
    {
        if (numberOf(object, "original_mb")) {
            for (const auto &field : object.items()) {
                constexpr std::string_view kEnd = "_mb";
                const auto size = numberOf(field.value());
                if (size && field.key().ends_with(kEnd) && field.key() != "original_mb") {
                    row.component = std::exchange(
                        row.variant, field.key().substr(0, field.key().size() - kEnd.size()));
                    row.bytes = wholeBytes(*size * 1048576.0);
                    break;
                }
            }
        }
        const auto baseline = wholeBytes(firstOf(object, kBaselineSizes));
        const bool isKnown = std::any_of(m_rows.begin(), m_rows.end(), [&row](const SweepRow &r) {
            return r.isBaseline && r.component == row.component;
        });
        if (baseline && !isKnown) {
            SweepRow reference;
            reference.variant = "baseline";
            reference.component = row.component;
            reference.isBaseline = true;
            reference.bytes = baseline;
            m_rows.push_back(std::move(reference));
        }
        m_rows.push_back(std::move(row));
    }

    std::vector<SweepRow> m_rows;
};

/// The largest error of a component's outputs: {"encoder": {"max_abs", "max_rel", "match"}, …}.
std::optional<SweepQuality> largestError(const json &component)
{
    std::optional<double> largest;
    for (const auto &output : component.items()) {
        if (const auto error = numberOf(output.value(), "max_abs")) {
            largest = std::max(largest.value_or(0.0), *error);
        }
    }
    return largest ? std::optional(SweepQuality{"largest absolute error", "", largest, false})
                   : std::nullopt;
}

std::optional<double> meanLatency(const json &latency, std::initializer_list<const char *> keys)
{
    for (const char *key : keys) {
        if (const auto mean = numberOf(objectOf(latency, key), "mean")) {
            return *mean * 1e3;
        }
    }
    return std::nullopt;
}

/// metadata.json: one conversion, its packages and, once they were validated, their times and
/// errors against PyTorch.
std::vector<SweepRow> conversionRows(const json &metadata, const fs::path &folder)
{
    const json &coreml = objectOf(metadata, "coreml");
    const std::string_view quantization = textOf(coreml, "quantization");
    const std::string_view precision = textOf(coreml, "compute_precision");
    const std::string variant(!quantization.empty() ? quantization
                              : !precision.empty()  ? precision
                                                    : std::string_view("Core ML"));
    const json &validated = objectOf(objectOf(metadata, "validation"), "components");
    std::vector<SweepRow> rows;
    for (const auto &each : objectOf(metadata, "components").items()) {
        if (textOf(each.value(), "path").empty()) {
            continue;
        }
        const json &measured = objectOf(validated, each.key().c_str());
        const json &latency = objectOf(measured, "latency");
        SweepRow row;
        row.variant = variant;
        row.component = each.key();
        row.model = packageIn(folder, each.key());
        row.bytes = row.model.empty() ? std::nullopt : bytesOnDisk(row.model);
        row.latency = meanLatency(latency, {"coreml_ms", "fused_coreml_ms"});
        row.quality = largestError(measured);
        if (const auto torch = meanLatency(latency, {"torch_ms", "separate_torch_ms"})) {
            SweepRow reference;
            reference.variant = "PyTorch";
            reference.component = each.key();
            reference.isBaseline = true;
            reference.latency = torch;
            rows.push_back(std::move(reference));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}
} // namespace

Result<SweepOverview> sweepFromMobius(const json &document, const fs::path &folder)
{
    SweepOverview overview;
    overview.source = "möbius";
    overview.rows = conversionRows(document, folder);
    if (overview.rows.empty()) {
        overview.rows = Summary(document).rows();
        findMobiusModels(overview, folder);
    }
    if (overview.rows.empty()) {
        return Error{ErrorCode::BadFormat,
                     "this is no sweep: neither the JSON of syncpoint-cli sweep nor a summary of "
                     "möbius with sizes or latencies"};
    }
    return overview;
}

} // namespace syncpoint
