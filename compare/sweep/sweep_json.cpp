#include "compare/sweep/sweep_json.h"

#include "compare/report/json_parts.h"
#include "compare/session/session_json.h"
#include "core/formats/json_fields.h"

namespace syncpoint {

namespace {
using nlohmann::json;
using nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char *kKind = "sweep";

std::string relativeTo(const fs::path &path, const fs::path &folder)
{
    std::error_code ignored;
    return fs::absolute(path, ignored)
        .lexically_normal()
        .lexically_proximate(fs::absolute(folder, ignored).lexically_normal())
        .generic_string();
}

ordered_json qualityJson(const std::optional<SweepQuality> &quality)
{
    if (!quality) {
        return nullptr;
    }
    return {{"measure", quality->measure},
            {"unit", quality->unit},
            {"value", jsonNumber(quality->value)},
            {"exact", !quality->value.has_value()},
            {"higher_is_better", quality->higherIsBetter}};
}

ordered_json worstJson(const SweepRow &row)
{
    ordered_json worst = qualityJson(row.worst);
    if (row.worst) {
        worst["node"] = row.worstAt;
    }
    return worst;
}

ordered_json outputsJson(const std::vector<SweepOutput> &outputs)
{
    auto out = ordered_json::array();
    for (const SweepOutput &output : outputs) {
        out.push_back({{"name", output.name},
                       {"psnr", jsonNumber(output.psnr)},
                       {"sqnr", jsonNumber(output.sqnr)}});
    }
    return out;
}

ordered_json rowJson(const SweepRow &row, const fs::path &folder)
{
    ordered_json out{{"path", row.variant}};
    if (!row.component.empty()) {
        out["component"] = row.component;
    }
    if (!row.model.empty()) {
        out["model"] = relativeTo(row.model, folder);
    }
    out["bytes"] = row.bytes ? ordered_json(*row.bytes) : ordered_json();
    out["latency_p50_us"] = jsonNumber(row.latency);
    if (!row.error.empty()) {
        out["error"] = row.error;
    } else if (!row.isBaseline) {
        out["coverage"] = jsonNumber(row.coverage);
        out["quality"] = qualityJson(row.quality);
        out["outputs"] = outputsJson(row.outputs);
        out["worst"] = worstJson(row);
    }
    for (const auto &[name, value] : row.facts) {
        out["facts"][name] = value;
    }
    return out;
}

std::optional<SweepQuality> qualityOf(const json &row, const char *key)
{
    const json *field = fieldOf(row, key);
    if (field == nullptr || !field->is_object()) {
        return std::nullopt;
    }
    SweepQuality quality;
    quality.measure = textOf(*field, "measure");
    quality.unit = textOf(*field, "unit");
    quality.value = numberOf(*field, "value");
    const json *exact = fieldOf(*field, "exact");
    const bool isExact = exact != nullptr && *exact == true;
    const json *better = fieldOf(*field, "higher_is_better");
    quality.higherIsBetter = better == nullptr || *better != false;
    return quality.value || isExact ? std::optional(quality) : std::nullopt;
}

/// A number of whole bytes.
std::optional<std::uint64_t> bytesOf(const json &row)
{
    const json *field = fieldOf(row, "bytes");
    return field != nullptr && field->is_number_unsigned()
               ? std::optional(field->get<std::uint64_t>())
               : std::nullopt;
}

SweepRow rowFrom(const json &row, bool isBaseline, const fs::path &folder)
{
    SweepRow out;
    out.variant = textOf(row, "path");
    out.component = textOf(row, "component");
    out.isBaseline = isBaseline;
    if (const auto model = textOf(row, "model"); !model.empty()) {
        out.model = (folder / model).lexically_normal();
    }
    out.bytes = bytesOf(row);
    out.latency = numberOf(row, "latency_p50_us");
    out.coverage = numberOf(row, "coverage");
    out.error = textOf(row, "error");
    out.quality = qualityOf(row, "quality");
    out.worst = qualityOf(row, "worst");
    out.worstAt = textOf(objectOf(row, "worst"), "node");
    for (const json &output : listOf(row, "outputs")) {
        out.outputs.push_back({std::string(textOf(output, "name")), numberOf(output, "psnr"),
                               numberOf(output, "sqnr")});
    }
    for (const auto &fact : objectOf(row, "facts").items()) {
        out.facts.emplace_back(fact.key(), plainText(fact.value()));
    }
    return out;
}
} // namespace

std::string sweepJson(const SweepOverview &overview, const fs::path &folder)
{
    auto document = jsonDocument();
    document["kind"] = kKind;
    document["source"] = overview.source;
    if (SessionConfig config = overview.config; config.baseline.model) {
        config.candidate.model = config.baseline.model; // a session has two sides; rows replace it
        document["config"] = sessionToJson(config, folder);
    }
    document["baselines"] = ordered_json::array();
    document["variants"] = ordered_json::array();
    for (const SweepRow &row : overview.rows) {
        document[row.isBaseline ? "baselines" : "variants"].push_back(rowJson(row, folder));
    }
    return jsonText(document);
}

bool isSweepJson(const json &document)
{
    return document.is_object() && textOf(document, "kind") == kKind &&
           fieldOf(document, "variants") != nullptr;
}

Result<SweepOverview> sweepFromJson(const json &document, const fs::path &folder)
{
    SweepOverview overview;
    overview.source = textOf(document, "source");
    if (const json *config = fieldOf(document, "config")) {
        auto read = sessionFromJson(*config, folder);
        if (!read) {
            return read.error().withContext("'config'");
        }
        overview.config = *std::move(read);
    }
    for (const json &row : listOf(document, "baselines")) {
        overview.rows.push_back(rowFrom(row, true, folder));
    }
    for (const json &row : listOf(document, "variants")) {
        overview.rows.push_back(rowFrom(row, false, folder));
    }
    if (overview.rows.empty()) {
        return Error{ErrorCode::BadFormat, "the sweep has no variants"};
    }
    return overview;
}

} // namespace syncpoint
