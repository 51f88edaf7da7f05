#include "tests/core/formats/onnx/onnx_writer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace syncpoint::test {

/// ONNX's own conformance models, Debian's package libonnx-testdata.
TEST(ConformanceCorpusTest, EveryModelLoads)
{
    const std::filesystem::path folder = "/usr/share/libonnx-testdata";
    if (!std::filesystem::exists(folder)) {
        GTEST_SKIP() << "libonnx-testdata is not installed";
    }
    std::size_t models = 0;
    std::size_t ops = 0;
    std::size_t withDiagnostics = 0;
    for (const auto &file : std::filesystem::recursive_directory_iterator(folder)) {
        if (file.path().extension() != ".onnx") {
            continue;
        }
        ++models;
        const auto graph = load(file.path());
        EXPECT_TRUE(graph) << file.path() << ": " << graph.error().message;
        if (graph) {
            ops += (*graph)->nodes().size();
            withDiagnostics += (*graph)->diagnostics().empty() ? 0U : 1U;
        }
    }
    RecordProperty("models", static_cast<int>(models));
    fmt::print("{} models, {} ops, {} models with diagnostics\n", models, ops, withDiagnostics);
    EXPECT_GT(models, 1000U);
}

} // namespace syncpoint::test
