#include "compare/session/session_json.h"

#include "compare/session/json_object_reader.h"

#include <array>

namespace syncpoint {

namespace {
using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::array<std::string_view, 5> kFillNames{"random", "zeros", "ones", "number", "file"};
constexpr std::array<std::string_view, 4> kAttributionNames{"none", "tensors", "replay", "auto"};

std::string relativeTo(const std::filesystem::path &path, const std::filesystem::path &folder)
{
    std::error_code error;
    const auto absolute = std::filesystem::absolute(path, error).lexically_normal();
    const auto base = std::filesystem::absolute(folder, error).lexically_normal();
    const auto relative = absolute.lexically_relative(base);
    return relative.empty() ? absolute.generic_string() : relative.generic_string();
}

ordered_json fillToJson(const InputFill &fill, const std::filesystem::path &folder)
{
    ordered_json out{{"kind", kFillNames[static_cast<std::size_t>(fill.kind)]}};
    if (fill.kind == InputFill::Kind::Number) {
        out["number"] = fill.number;
    }
    if (fill.kind == InputFill::Kind::File) {
        out["file"] = relativeTo(fill.file, folder);
    }
    if (fill.range != RandomRange()) {
        out["low"] = fill.range.low;
        out["high"] = fill.range.high;
    }
    return out;
}

ordered_json picturesToJson(const PictureSettings &pictures)
{
    return {{"mean", pictures.mean},
            {"std", pictures.std},
            {"layout", layoutName(pictures.layout)},
            {"fit", fitName(pictures.fit)}};
}

ordered_json sideToJson(const SideConfig &side, const std::filesystem::path &folder)
{
    ordered_json out;
    if (side.model) {
        out["model"] = relativeTo(*side.model, folder);
    }
    if (side.dump) {
        out["dump"] = relativeTo(*side.dump, folder);
    }
    out["optimize"] = optimizationName(side.optimize);
    out["provider"] = side.provider;
    out["placements"] = ordered_json::array();
    for (const std::filesystem::path &report : side.placements) {
        out["placements"].push_back(relativeTo(report, folder));
    }
    return out;
}

ordered_json inputsToJson(const InputSource &inputs, const std::filesystem::path &folder)
{
    ordered_json out;
    if (inputs.file) {
        out["file"] = relativeTo(*inputs.file, folder);
    }
    out["per_input"] = ordered_json::object();
    for (const auto &[name, fill] : inputs.perInput) {
        out["per_input"][name] = fillToJson(fill, folder);
    }
    out["fallback"] = fillToJson(inputs.fallback, folder);
    out["use_fallback"] = inputs.useFallback;
    out["seed"] = inputs.seed;
    out["samples"] = inputs.samples;
    out["shapes"] = inputs.shapes;
    out["pictures"] = picturesToJson(inputs.pictures);
    return out;
}

ordered_json profileToJson(const ThresholdProfile &profile)
{
    return {{"name", profile.name},
            {"metric", profile.metric},
            {"ok_from", profile.okFrom},
            {"bad_below", profile.badBelow}};
}

/// Turns the document into a config; every function keeps the first error.
class SessionReader
{
public:
    SessionReader(const std::filesystem::path &folder) : m_folder(folder) {}

    Result<SessionConfig> read(const json &document)
    {
        SessionConfig config;
        {
            JsonObjectReader top(document, "", m_error);
            readTop(top, config);
        }
        if (m_error) {
            return *m_error;
        }
        return config;
    }

private:
    void readTop(JsonObjectReader &top, SessionConfig &config)
    {
        readSide(top, "baseline", config.baseline);
        readSide(top, "candidate", config.candidate);
        if (const json *inputs = top.find("inputs")) {
            readInputs(*inputs, config.inputs);
        }
        if (const json *map = top.find("map")) {
            readMap(*map, config.map);
        }
        readSettings(top, config);
        config.sourceFolders = readPaths(top, "source_folders");
    }

    std::vector<std::filesystem::path> readPaths(JsonObjectReader &object, const std::string &key)
    {
        std::vector<std::filesystem::path> paths;
        const json *list = object.find(key);
        if (list == nullptr) {
            return paths;
        }
        for (const json &item : *list) {
            if (!item.is_string()) {
                object.fail(object.member(key), "must be a list of strings");
                return {};
            }
            paths.push_back((m_folder / item.get<std::string>()).lexically_normal());
        }
        return paths;
    }

    void readSettings(JsonObjectReader &top, SessionConfig &config)
    {
        top.read("metric", config.metric);
        std::string peak = toText(config.settings.peak);
        top.read("peak", peak);
        if (const auto parsed = peakFromText(peak)) {
            config.settings.peak = *parsed;
        } else {
            top.fail("peak", "must be range, maxabs, max or fixed:NUMBER");
        }
        top.read("atol", config.settings.atol);
        top.read("rtol", config.settings.rtol);
        top.read("with_kl", config.settings.withKl);
        top.read("profile", config.profile);
        if (const json *custom = top.find("custom_profile")) {
            JsonObjectReader reader(*custom, "custom_profile", m_error);
            ThresholdProfile &profile = config.customProfile.emplace();
            reader.read("name", profile.name);
            reader.read("metric", profile.metric);
            reader.read("ok_from", profile.okFrom);
            reader.read("bad_below", profile.badBelow);
        }
        top.choice("attribution", kAttributionNames, config.attribution);
        top.read("min_coverage", config.minCoverage);
        top.read("repeat", config.repeat);
        top.read("warmup", config.warmup);
        top.read("repeat_capture", config.repeatCapture);
    }

    void readSide(JsonObjectReader &top, const std::string &key, SideConfig &side)
    {
        const json *object = top.find(key);
        if (object == nullptr) {
            return top.fail(key, "is missing");
        }
        JsonObjectReader reader(*object, key, m_error);
        side.model = reader.path("model", m_folder);
        side.dump = reader.path("dump", m_folder);
        side.placements = readPaths(reader, "placements");
        reader.read("provider", side.provider);
        std::string level(optimizationName(side.optimize));
        reader.read("optimize", level);
        if (const auto parsed = optimizationFromName(level)) {
            side.optimize = *parsed;
        } else {
            reader.fail(key + ".optimize", "must be none, basic, extended or all");
        }
    }

    void readFill(const json &object, const std::string &where, InputFill &fill)
    {
        JsonObjectReader reader(object, where, m_error);
        reader.choice("kind", kFillNames, fill.kind);
        reader.read("number", fill.number);
        reader.read("low", fill.range.low);
        reader.read("high", fill.range.high);
        fill.file = reader.path("file", m_folder).value_or(std::filesystem::path());
    }

    void readPictures(const json &object, PictureSettings &pictures)
    {
        JsonObjectReader reader(object, "inputs.pictures", m_error);
        reader.read("mean", pictures.mean);
        reader.read("std", pictures.std);
        std::string layout(layoutName(pictures.layout));
        std::string fit(fitName(pictures.fit));
        reader.read("layout", layout);
        reader.read("fit", fit);
        const auto knownLayout = layoutFromName(layout);
        const auto knownFit = fitFromName(fit);
        if (!knownLayout || !knownFit) {
            return reader.fail("inputs.pictures", "has an unknown layout or fit");
        }
        pictures.layout = *knownLayout;
        pictures.fit = *knownFit;
    }

    void readInputs(const json &object, InputSource &inputs)
    {
        JsonObjectReader reader(object, "inputs", m_error);
        inputs.file = reader.path("file", m_folder);
        if (const json *each = reader.find("per_input"); each != nullptr && each->is_object()) {
            for (const auto &item : each->items()) {
                readFill(item.value(), "inputs.per_input." + item.key(),
                         inputs.perInput[item.key()]);
            }
        }
        if (const json *fallback = reader.find("fallback")) {
            readFill(*fallback, "inputs.fallback", inputs.fallback);
        }
        if (const json *pictures = reader.find("pictures")) {
            readPictures(*pictures, inputs.pictures);
        }
        reader.read("use_fallback", inputs.useFallback);
        reader.read("seed", inputs.seed);
        reader.read("samples", inputs.samples);
        if (const json *shapes = reader.find("shapes"); shapes != nullptr && shapes->is_object()) {
            for (const auto &item : shapes->items()) {
                readShape(reader, item.value(), inputs.shapes[item.key()]);
            }
        }
    }

    static void readShape(JsonObjectReader &reader, const json &list, Shape &shape)
    {
        for (const json &extent : list) {
            if (!extent.is_number_unsigned()) {
                return reader.fail("inputs.shapes", "must hold lists of whole numbers");
            }
            shape.push_back(extent.get<std::int64_t>());
        }
    }

    void readMap(const json &object, ManualMap &map)
    {
        JsonObjectReader reader(object, "map", m_error);
        readPairs(reader, "pairs", map.pairs);
        readPairs(reader, "forbidden", map.forbidden);
        readPairs(reader, "renames", map.renames);
    }

    static void readPairs(JsonObjectReader &reader, const std::string &key,
                          std::vector<std::pair<std::string, std::string>> &out)
    {
        const json *list = reader.find(key);
        if (list == nullptr) {
            return;
        }
        for (const json &item : *list) {
            if (!item.is_array() || item.size() != 2 || !item[0].is_string() ||
                !item[1].is_string()) {
                return reader.fail(reader.member(key), "must be a list of pairs of strings");
            }
            out.emplace_back(item[0].get<std::string>(), item[1].get<std::string>());
        }
    }

    const std::filesystem::path &m_folder;
    std::optional<Error> m_error;
};
} // namespace

ordered_json sessionToJson(const SessionConfig &config, const std::filesystem::path &folder)
{
    ordered_json out;
    out["baseline"] = sideToJson(config.baseline, folder);
    out["candidate"] = sideToJson(config.candidate, folder);
    out["inputs"] = inputsToJson(config.inputs, folder);
    out["map"] = {{"pairs", config.map.pairs},
                  {"forbidden", config.map.forbidden},
                  {"renames", config.map.renames}};
    out["metric"] = config.metric;
    out["peak"] = toText(config.settings.peak);
    out["atol"] = config.settings.atol;
    out["rtol"] = config.settings.rtol;
    out["with_kl"] = config.settings.withKl;
    out["profile"] = config.profile;
    if (config.customProfile) {
        out["custom_profile"] = profileToJson(*config.customProfile);
    }
    out["attribution"] = kAttributionNames[static_cast<std::size_t>(config.attribution)];
    out["min_coverage"] = config.minCoverage;
    out["repeat"] = config.repeat;
    out["repeat_capture"] = config.repeatCapture;
    out["warmup"] = config.warmup;
    out["source_folders"] = ordered_json::array();
    for (const auto &source : config.sourceFolders) {
        out["source_folders"].push_back(relativeTo(source, folder));
    }
    return out;
}

Result<SessionConfig> sessionFromJson(const json &document, const std::filesystem::path &folder)
{
    return SessionReader(folder).read(document);
}

} // namespace syncpoint
