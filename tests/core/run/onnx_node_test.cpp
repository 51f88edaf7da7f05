#include "core/formats/hdf5/dump_reader.h"
#include "core/formats/registry.h"
#include "core/run/model_runner.h"
#include "core/run/ort_session.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/run/tiny_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint {
namespace {
namespace fs = std::filesystem;

enum class Verdict { Passed, Failed, Unsupported, Excluded };

/// Tests whose expected outputs say nothing about this runtime, by the start of their name.
struct Exclusion
{
    std::string_view start, why;
};
constexpr std::array kExcluded{
    Exclusion{"test_bernoulli", "random numbers"},
    Exclusion{"test_training_dropout", "random numbers"},
    Exclusion{"test_maxunpool_export_with_output_shape", "its data is wrong (onnx issue 5398)"},
    Exclusion{"test_resize_downsample_scales_cubic_align_corners",
              "the runtime rounds the output's extents before it takes the scale"},
    Exclusion{"test_resize_downsample_scales_linear_align_corners",
              "the runtime rounds the output's extents before it takes the scale"},
};

struct Outcome
{
    Verdict verdict = Verdict::Unsupported;
    std::string why;
};

/// The default tolerance of ONNX's own backend tests, and the rounding of float32 sums, which
/// leaves numbers beside 0 where large terms cancel.
bool isClose(double got, double expected, double largest, double relative = 1e-3)
{
    constexpr double kAbsolute = 1e-7;
    constexpr double kRounding = 1e-6;
    return got == expected || (std::isnan(got) && std::isnan(expected)) ||
           std::abs(got - expected) <=
               kAbsolute + kRounding * largest + relative * std::abs(expected);
}

/// Numbers in text are equal when they are close: their notation is free.
bool sameText(const std::string &got, const std::string &expected)
{
    const auto number = [](const std::string &text) {
        char *end = nullptr;
        const double value = std::strtod(text.c_str(), &end);
        return end != text.c_str() && *end == '\0' ? std::optional(value) : std::nullopt;
    };
    const auto a = number(got);
    const auto b = number(expected);
    return got == expected || (a && b && isClose(*a, *b, 0.0));
}

/// What differs; nothing when the tensors agree.
std::optional<std::string> difference(const Tensor &got, const Tensor &expected)
{
    if (got.info().dtype == DType::BFloat16 && expected.info().dtype == DType::UInt16) {
        const auto bytes = expected.bytes(); // the test data of bfloat16 is written as its bits
        const auto numbers = Tensor::fromBytes({DType::BFloat16, expected.info().shape, nullptr},
                                               std::vector<std::byte>(bytes.begin(), bytes.end()));
        return numbers ? difference(got, *numbers) : std::optional(numbers.error().message);
    }
    if (got.info().dtype != expected.info().dtype || got.info().shape != expected.info().shape) {
        return fmt::format("{} {} in place of {} {}", dtypeName(got.info().dtype),
                           toText(got.info().shape), dtypeName(expected.info().dtype),
                           toText(expected.info().shape));
    }
    if (got.info().dtype == DType::String) {
        return std::ranges::equal(got.strings(), expected.strings(), sameText)
                   ? std::nullopt
                   : std::optional("other text");
    }
    const auto numbers = decodeAll(got.view());
    const auto wanted = decodeAll(expected.view());
    if (!numbers || !wanted) {
        return std::ranges::equal(got.bytes(), expected.bytes()) ? std::nullopt
                                                                 : std::optional("other bytes");
    }
    // It keeps 8 bits, and the test data was cut off rather than rounded.
    const double relative = got.info().dtype == DType::BFloat16 ? 0x1p-7 : 1e-3;
    double largest = 0.0;
    for (const float number : *wanted) {
        largest = std::isfinite(number) ? std::max(largest, std::abs(double{number})) : largest;
    }
    for (std::size_t i = 0; i < numbers->size(); ++i) {
        if (!isClose((*numbers)[i], (*wanted)[i], largest, relative)) {
            return fmt::format("element {} is {} in place of {}", i, (*numbers)[i], (*wanted)[i]);
        }
    }
    return std::nullopt;
}

Outcome compared(const TensorStore &got, const TensorStore &expected)
{
    std::size_t outputs = 0;
    for (std::size_t i = 0; i < expected.entries().size(); ++i) {
        const TensorEntry &entry = expected.entries()[i];
        if (entry.kind != TensorEntry::Kind::Output) {
            continue;
        }
        const auto id = got.find(entry.name);
        if (!id) {
            return {Verdict::Failed, fmt::format("'{}' was not captured", entry.name)};
        }
        const auto tensor = got.read(*id);
        const auto wanted = expected.read(TensorId{i});
        if (!tensor || !wanted) {
            return {Verdict::Failed, (tensor ? wanted : tensor).error().message};
        }
        if (const auto what = difference(*tensor, *wanted)) {
            return {Verdict::Failed, fmt::format("'{}': {}", entry.name, *what)};
        }
        ++outputs;
    }
    return outputs > 0 ? Outcome{Verdict::Passed, {}}
                       : Outcome{Verdict::Unsupported, "its outputs are no tensors"};
}

Outcome runNodeTest(const fs::path &folder, const fs::path &scratch)
{
    const std::string name = folder.filename().string();
    for (const Exclusion &exclusion : kExcluded) {
        if (name.starts_with(exclusion.start)) {
            return {Verdict::Excluded, std::string(exclusion.why)};
        }
    }
    const fs::path data = folder / "test_data_set_0";
    const auto expected = loadDump(data, {});
    if (!expected) {
        return {Verdict::Unsupported, expected.error().message};
    }
    RunRequest request;
    request.model = folder / "model.onnx";
    request.output = scratch / "run.h5";
    request.standalone = false;
    request.plainOutputs = false;
    request.inputs.useFallback = false;
    const auto entries = (*expected)->samples.front()->entries();
    if (std::any_of(entries.begin(), entries.end(), [](const TensorEntry &entry) {
            return entry.kind == TensorEntry::Kind::Input;
        })) {
        request.inputs.file = data;
    }
    const auto run = runModel(request, "test", {});
    if (!run) {
        return {Verdict::Unsupported, run.error().message};
    }
    const auto dump = readDump(request.output, {});
    if (!dump) {
        return {Verdict::Failed, dump.error().message};
    }
    return compared(*(*dump)->samples.front(), *(*expected)->samples.front());
}

TEST(OnnxNodeTest, WhatTheRuntimeSupportsGivesTheExpectedOutputs)
{
    const fs::path root = ONNX_NODE_TESTS;
    if (!fs::is_directory(root)) {
        GTEST_SKIP() << "the package libonnx-testdata is not installed";
    }
    const auto runtime = makeRuntime(); // kept: starting it for every model would take minutes
    ASSERT_TRUE(runtime);
    const test::TemporaryFolder scratch;
    std::vector<fs::path> folders;
    for (const auto &entry : fs::directory_iterator(root)) {
        folders.push_back(entry.path());
    }
    std::sort(folders.begin(), folders.end());
    std::map<Verdict, std::size_t> counts;
    for (const fs::path &folder : folders) {
        const Outcome outcome = runNodeTest(folder, scratch.path());
        ++counts[outcome.verdict];
        if (outcome.verdict == Verdict::Unsupported || outcome.verdict == Verdict::Excluded) {
            fmt::print("{} {}: {}\n",
                       outcome.verdict == Verdict::Excluded ? "excluded" : "unsupported",
                       folder.filename().string(), outcome.why);
        }
        EXPECT_NE(outcome.verdict, Verdict::Failed) << folder.filename() << ": " << outcome.why;
    }
    fmt::print("{} passed, {} failed, {} unsupported, {} excluded\n", counts[Verdict::Passed],
               counts[Verdict::Failed], counts[Verdict::Unsupported], counts[Verdict::Excluded]);
    EXPECT_GT(counts[Verdict::Passed], folders.size() / 2);
}
} // namespace
} // namespace syncpoint
