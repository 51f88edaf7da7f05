#include "core/launch/input_json.h"
#include "core/launch/request_reader.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace syncpoint {

namespace {
using Json = nlohmann::json;

constexpr std::size_t kMaxRank = 64;

Json toJson(const InputFill &fill)
{
    switch (fill.kind) {
    case InputFill::Kind::Random:
        return fill.range == RandomRange() ? Json("random")
                                           : Json{{"random", {fill.range.low, fill.range.high}}};
    case InputFill::Kind::Zeros:
        return "zeros";
    case InputFill::Kind::Ones:
        return "ones";
    case InputFill::Kind::File:
        return {{"file", fill.file.string()}};
    case InputFill::Kind::Number:
        break;
    }
    // JSON has no NaN or infinity; they travel as text.
    return std::isfinite(fill.number) ? Json{{"number", fill.number}}
                                      : Json{{"number", fmt::format("{}", fill.number)}};
}

std::optional<double> numberFromJson(const Json &json)
{
    if (json.is_number()) {
        return json.get<double>();
    }
    if (json == "nan" || json == "-nan") {
        return std::nan("");
    }
    if (json == "inf" || json == "-inf") {
        return json == "inf" ? HUGE_VAL : -HUGE_VAL;
    }
    return std::nullopt;
}

Result<InputFill> fillFromJson(const Json &json, const std::string &where)
{
    InputFill fill;
    if (json == "random" || json == "zeros" || json == "ones") {
        fill.kind = json == "random"  ? InputFill::Kind::Random
                    : json == "zeros" ? InputFill::Kind::Zeros
                                      : InputFill::Kind::Ones;
        return fill;
    }
    if (json.is_object() && json.size() == 1) {
        const std::string &key = json.begin().key();
        const Json &value = json.begin().value();
        if (key == "file" && value.is_string()) {
            fill.kind = InputFill::Kind::File;
            fill.file = value.get<std::string>();
            return fill;
        }
        if (key == "random" && value.is_array() && value.size() == 2 && value[0].is_number() &&
            value[1].is_number() && value[0] <= value[1]) {
            fill.range = {value[0].get<double>(), value[1].get<double>()};
            return fill;
        }
        const auto number = key == "number" ? numberFromJson(value) : std::nullopt;
        if (number) {
            fill.kind = InputFill::Kind::Number;
            fill.number = *number;
            return fill;
        }
    }
    return badRequest(where + " is none of \"random\", \"zeros\", \"ones\", {\"random\": [LOW, "
                              "HIGH]}, {\"number\": N} and {\"file\": NAME}");
}

Result<Shape> shapeFromJson(const Json &json, const std::string &input)
{
    const auto isExtent = [](const Json &extent) {
        return extent.is_number_unsigned() && extent.get<std::uint64_t>() <= (1ULL << 40U);
    };
    if (!json.is_array() || json.size() > kMaxRank ||
        !std::all_of(json.begin(), json.end(), isExtent)) {
        return badRequest(fmt::format("the shape of input '{}' is not a list of extents", input));
    }
    Shape shape;
    for (const Json &extent : json) {
        shape.push_back(extent.get<std::int64_t>());
    }
    if (!elementCount(shape)) {
        return badRequest(fmt::format("the shape of input '{}' has too many elements", input));
    }
    return shape;
}

Result<PictureSettings> picturesFromJson(const Json &json)
{
    PictureSettings pictures;
    RequestReader reader(json, "'pictures'");
    std::string layout(layoutName(pictures.layout));
    std::string fit(fitName(pictures.fit));
    reader.numbers("mean", pictures.mean);
    reader.numbers("std", pictures.std);
    reader.text("layout", layout);
    reader.text("fit", fit);
    const auto knownLayout = layoutFromName(layout);
    const auto knownFit = fitFromName(fit);
    if (!knownLayout || !knownFit) {
        reader.fail("has an unknown 'layout' or 'fit'");
    }
    if (auto done = reader.finish(); !done) {
        return done.error();
    }
    pictures.layout = *knownLayout;
    pictures.fit = *knownFit;
    return pictures;
}

Result<InputTwin> twinFromJson(const Json &json, const std::string &input)
{
    InputTwin twin;
    RequestReader reader(json, fmt::format("the twin of input '{}'", input));
    reader.text("name", twin.name);
    reader.count("position", twin.position, 1U << 20U);
    auto done = reader.finish();
    return done ? Result<InputTwin>(std::move(twin)) : done.error();
}

/// Reads every member of an object whose members are inputs.
template <typename Value, typename Read>
Result<void> readEach(const Json *object, std::map<std::string, Value> &out, const Read &read)
{
    if (object == nullptr) {
        return {};
    }
    if (!object->is_object()) {
        return badRequest("'per_input', 'shapes' or 'twins' is not an object");
    }
    for (const auto &item : object->items()) {
        auto value = read(item.value(), item.key());
        if (!value) {
            return value.error();
        }
        out[item.key()] = *std::move(value);
    }
    return {};
}
} // namespace

Json toJson(const InputSource &inputs)
{
    Json json = {{"fallback", toJson(inputs.fallback)},
                 {"use_fallback", inputs.useFallback},
                 {"seed", inputs.seed},
                 {"samples", inputs.samples},
                 {"pictures",
                  {{"mean", inputs.pictures.mean},
                   {"std", inputs.pictures.std},
                   {"layout", layoutName(inputs.pictures.layout)},
                   {"fit", fitName(inputs.pictures.fit)}}}};
    if (inputs.file) {
        json["file"] = inputs.file->string();
    }
    for (const auto &[name, fill] : inputs.perInput) {
        json["per_input"][name] = toJson(fill);
    }
    for (const auto &[name, shape] : inputs.shapes) {
        json["shapes"][name] = shape;
    }
    for (const auto &[name, twin] : inputs.twins) {
        json["twins"][name] = {{"name", twin.name}, {"position", twin.position}};
    }
    return json;
}

Result<InputSource> inputsFromJson(const Json &json)
{
    InputSource inputs;
    RequestReader reader(json, "'inputs'");
    std::string file;
    reader.text("file", file);
    if (!file.empty()) {
        inputs.file = file;
    }
    reader.flag("use_fallback", inputs.useFallback);
    reader.count("seed", inputs.seed, UINT64_MAX);
    reader.count("samples", inputs.samples, 1U << 20U);
    const Json *fallback = reader.find("fallback");
    const Json *pictures = reader.find("pictures");
    const Json *fills = reader.find("per_input");
    const Json *shapes = reader.find("shapes");
    const Json *twins = reader.find("twins");
    auto done = reader.finish();
    if (done && fallback != nullptr) {
        auto fill = fillFromJson(*fallback, "'fallback'");
        done = fill ? Result<void>() : fill.error();
        inputs.fallback = fill ? *std::move(fill) : InputFill();
    }
    if (done && pictures != nullptr) {
        auto settings = picturesFromJson(*pictures);
        done = settings ? Result<void>() : settings.error();
        inputs.pictures = settings ? *std::move(settings) : PictureSettings();
    }
    if (done) {
        done = readEach(fills, inputs.perInput, [](const Json &fill, const std::string &input) {
            return fillFromJson(fill, fmt::format("the fill of input '{}'", input));
        });
    }
    if (done) {
        done = readEach(shapes, inputs.shapes, shapeFromJson);
    }
    if (done) {
        done = readEach(twins, inputs.twins, twinFromJson);
    }
    return done ? Result<InputSource>(std::move(inputs)) : done.error();
}

} // namespace syncpoint
