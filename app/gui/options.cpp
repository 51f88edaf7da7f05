#include "app/gui/options.h"

#include "compare/metric/metric.h"
#include "compare/session/input_text.h"
#include "compare/sweep/sweep_overview.h"

#include <CLI/CLI.hpp>
#include <iostream>

namespace syncpoint {

namespace {

/// The texts as given; checked one by one afterwards.
struct RawOptions
{
    std::vector<std::string> files;
    std::string baselineDump, candidateDump, inputs, map;
    std::string baselineOptimize = "none", candidateOptimize = "none";
    std::string provider = "cpu", peak = "range", attribute = "auto";
    std::vector<std::string> fills, shapes;
    std::string layout, fit;
    bool example = false;
};

void declare(CLI::App &app, RawOptions &raw, SessionConfig &config)
{
    app.add_option("FILE", raw.files,
                   "baseline and candidate: models or dumps; one alone is shown as it is; or a "
                   "session, or a sweep")
        ->expected(0, 2);
    app.add_option("--baseline-dump", raw.baselineDump, "captured tensors of the baseline");
    app.add_option("--candidate-dump", raw.candidateDump, "captured tensors of the candidate");
    app.add_option("--inputs", raw.inputs,
                   "inputs for both models: .npz, folder of .npy or dump; or pictures or sound");
    app.add_option("--input", raw.fills, "one input: NAME=FILE.npy|zeros|ones|random|NUMBER");
    app.add_option("--shape", raw.shapes, "extents of a dynamic input: NAME=1,3,224,224");
    app.add_option("--mean", config.inputs.pictures.mean, "taken off pictures' channels (0 to 1)")
        ->delimiter(',')
        ->allow_extra_args(false);
    app.add_option("--std", config.inputs.pictures.std, "what they are then divided by")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(CLI::PositiveNumber);
    app.add_option("--layout", raw.layout, "axes of pictures: nchw or nhwc")
        ->check(CLI::IsMember({"nchw", "nhwc"}));
    app.add_option("--fit", raw.fit, "how pictures get their size: stretch (default) or crop")
        ->check(CLI::IsMember({"stretch", "crop"}));
    app.add_option("--seed", config.inputs.seed, "seed of random inputs");
    app.add_option("--samples", config.inputs.samples, "samples to run; 0 takes all of the file");
    app.add_option("--baseline-optimize", raw.baselineOptimize, "none, basic, extended or all");
    app.add_option("--candidate-optimize", raw.candidateOptimize, "none, basic, extended or all");
    app.add_option("--provider", raw.provider, "execution provider of both runs");
    app.add_option("--map", raw.map, "pairs, forbidden pairs and renames");
    app.add_option("--metric", config.metric, "headline metric");
    app.add_option("--peak", raw.peak, "peak of psnr: range, maxabs, max or fixed:X");
    app.add_option("--profile", config.profile, "auto, exact, float, half, int8 or int4")
        ->check(CLI::IsMember({"auto", "exact", "float", "half", "int8", "int4"}));
    app.add_option("--attribute", raw.attribute, "auto (default), none, tensors or replay")
        ->check(CLI::IsMember({"auto", "none", "tensors", "replay"}));
    app.add_option("--min-coverage", config.minCoverage, "lowest share of compared ops")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--repeat", config.repeat, "timed runs per side");
    app.add_option("--warmup", config.warmup, "runs before timing");
    app.add_flag("--example", raw.example, "open the bundled example");
}

Result<void> resolveInputs(const RawOptions &raw, InputSource &inputs)
{
    for (const std::string &fill : raw.fills) {
        if (auto added = addInputFill(inputs, fill); !added) {
            return added;
        }
    }
    for (const std::string &shape : raw.shapes) {
        if (auto added = addInputShape(inputs, shape); !added) {
            return added;
        }
    }
    inputs.pictures.layout = layoutFromName(raw.layout).value_or(PictureSettings::Layout::Auto);
    inputs.pictures.fit = fitFromName(raw.fit).value_or(PictureSettings::Fit::Stretch);
    if (!raw.inputs.empty()) {
        inputs.file = raw.inputs;
        inputs.useFallback = false; // an input missing in the file is a mistake, not a wish
    }
    return {};
}

Result<void> resolveScoring(const RawOptions &raw, SessionConfig &config)
{
    const auto peak = peakFromText(raw.peak);
    if (!peak) {
        return Error{ErrorCode::BadInput,
                     "--peak takes range, maxabs, max or fixed:X, not '" + raw.peak + "'"};
    }
    if (!metricIndex(config.metric)) {
        return Error{ErrorCode::BadInput, "there is no metric '" + config.metric + "'"};
    }
    config.settings.peak = *peak;
    config.settings.withKl = config.metric == "kl";
    config.attribution = raw.attribute == "none"      ? AttributionLevel::None
                         : raw.attribute == "tensors" ? AttributionLevel::Tensors
                         : raw.attribute == "replay"  ? AttributionLevel::Replay
                                                      : AttributionLevel::Auto;
    return {};
}

Result<void> resolve(const RawOptions &raw, SessionConfig &config)
{
    if (auto resolved = resolveInputs(raw, config.inputs); !resolved) {
        return resolved;
    }
    if (auto resolved = resolveScoring(raw, config); !resolved) {
        return resolved;
    }
    config.baseline.provider = raw.provider;
    config.candidate.provider = raw.provider;
    if (!raw.baselineDump.empty()) {
        config.baseline.dump = raw.baselineDump;
    }
    if (!raw.candidateDump.empty()) {
        config.candidate.dump = raw.candidateDump;
    }
    const auto baseline = optimizationFromName(raw.baselineOptimize);
    const auto candidate = optimizationFromName(raw.candidateOptimize);
    if (!baseline || !candidate) {
        return !baseline ? baseline.error() : candidate.error();
    }
    config.baseline.optimize = *baseline;
    config.candidate.optimize = *candidate;
    if (!raw.map.empty()) {
        auto map = readManualMap(raw.map);
        if (!map) {
            return map.error();
        }
        config.map = std::move(map).value();
    }
    return {};
}

} // namespace

Result<GuiOptions> parseGuiOptions(int argc, char **argv)
{
    GuiOptions options;
    RawOptions raw;
    CLI::App app("Compares two models and shows where the error starts.", "syncpoint");
    declare(app, raw, options.config);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp &) {
        std::cout << app.help();
        std::exit(0);
    } catch (const CLI::ParseError &error) {
        return Error{ErrorCode::BadInput, error.what()};
    }
    if (auto resolved = resolve(raw, options.config); !resolved) {
        return resolved.error();
    }
    options.showsExample = raw.example;
    if (raw.files.size() == 1 && std::filesystem::path(raw.files[0]).extension() == ".syncpoint") {
        options.session = raw.files[0];
        return options;
    }
    if (raw.files.size() == 1 && mayBeSweep(raw.files[0])) {
        options.sweep = raw.files[0];
        return options;
    }
    if (!raw.files.empty()) {
        options.config.baseline.model = raw.files[0];
    }
    if (raw.files.size() == 2) {
        options.config.candidate.model = raw.files[1];
    }
    return options;
}

} // namespace syncpoint
