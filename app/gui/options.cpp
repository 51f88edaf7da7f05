#include "app/gui/options.h"

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
    std::vector<std::string> fills;
    bool example = false;
};

void declare(CLI::App &app, RawOptions &raw, SessionConfig &config)
{
    app.add_option(
           "FILE", raw.files,
           "baseline and candidate: models or dumps; one alone is shown as it is; or a session")
        ->expected(0, 2);
    app.add_option("--baseline-dump", raw.baselineDump, "captured tensors of the baseline");
    app.add_option("--candidate-dump", raw.candidateDump, "captured tensors of the candidate");
    app.add_option("--inputs", raw.inputs, "inputs for both models: .npz, folder of .npy or dump");
    app.add_option("--input", raw.fills, "NAME=FILE.npy|zeros|ones|random|NUMBER");
    app.add_option("--seed", config.inputs.seed, "seed of random inputs");
    app.add_option("--samples", config.inputs.samples, "samples to run; 0 takes all of the file");
    app.add_option("--optimize-baseline", raw.baselineOptimize, "none, basic, extended or all");
    app.add_option("--optimize,--optimize-candidate", raw.candidateOptimize,
                   "none, basic, extended or all");
    app.add_option("--map", raw.map, "pairs, forbidden pairs and renames");
    app.add_option("--metric", config.metric, "headline metric");
    app.add_option("--profile", config.profile, "auto, exact, float, half, int8 or int4");
    app.add_option("--min-coverage", config.minCoverage, "lowest share of compared ops");
    app.add_option("--repeat", config.repeat, "timed runs per side");
    app.add_option("--warmup", config.warmup, "runs before timing");
    app.add_flag("--example", raw.example, "open the bundled example");
}

Result<void> addFill(InputSource &inputs, const std::string &text)
{
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        return Error{ErrorCode::BadInput, "--input '" + text + "' is not NAME=SOURCE"};
    }
    const std::string source = text.substr(equals + 1);
    InputFill fill;
    if (source == "zeros") {
        fill.kind = InputFill::Kind::Zeros;
    } else if (source == "ones") {
        fill.kind = InputFill::Kind::Ones;
    } else if (source != "random") {
        std::size_t used = 0;
        try {
            fill.number = std::stod(source, &used);
        } catch (const std::exception &) {
            used = 0; // not a number, so a file
        }
        fill.kind =
            used > 0 && used == source.size() ? InputFill::Kind::Number : InputFill::Kind::File;
        fill.file = fill.kind == InputFill::Kind::File ? source : "";
    }
    inputs.perInput[text.substr(0, equals)] = fill;
    return {};
}

Result<void> resolve(const RawOptions &raw, SessionConfig &config)
{
    for (const std::string &fill : raw.fills) {
        if (auto added = addFill(config.inputs, fill); !added) {
            return added;
        }
    }
    if (!raw.inputs.empty()) {
        config.inputs.file = raw.inputs;
    }
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
    if (!raw.files.empty()) {
        options.config.baseline.model = raw.files[0];
    }
    if (raw.files.size() == 2) {
        options.config.candidate.model = raw.files[1];
    }
    return options;
}

} // namespace syncpoint
