#include "core/formats/registry.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>
#include <string>

// Samples that are too large for tests/data, in a folder of their own: SYNCPOINT_SAMPLES of CMake.
// Without it these tests are skipped. The expected numbers were counted by other means: Python's
// onnx, zipfile with json, h5py and NumPy, flatc --json, protoc --decode_raw, and the compiler's
// own histogram of ops beside the Core ML program.
namespace syncpoint {
namespace {

namespace fs = std::filesystem;

struct ModelFacts
{
    const char *file;
    std::size_t ops, values, scopes;
    std::uint64_t parameters;
};

// PromptSeg has 1 448 608 parameters whose data are in the ONNX file, however they are stored: what
// is folded into neighbours is not counted, nor is a bias of one number. A program of PyTorch has
// the statistics of its batch normalisations as well.
constexpr std::uint64_t kPromptSeg = 1'448'608;

constexpr ModelFacts kModels[] = {
    // file                                                 ops  values scopes parameters
    {"alignment/promptseg-fp16-scrambled.onnx", 365, 512, 1, kPromptSeg},
    {"alignment/promptseg-int8-qoperator-scrambled.onnx", 362, 1064, 1, kPromptSeg},
    {"alignment/promptseg-int8-scrambled.onnx", 1013, 1867, 1, kPromptSeg},
    {"alignment/promptseg-optimized-extended-scrambled.onnx", 253, 498, 1, kPromptSeg},
    {"coreml/silero-vad-unified-v6.0.0.mlmodelc", 48, 70, 1, 309'120},
    {"coreml/silero-vad-unified-v6.0.0.mlpackage", 48, 70, 1, 309'120},
    {"coreml/unified_int8.mlpackage", 55, 91, 1, 309'120},
    {"coreml/unified_palette_4bit.mlpackage", 55, 84, 1, 309'120},
    {"executorch/model.pte", 17, 66, 1, 22'016},
    {"executorch/stories260k_hybrid_llama_qnn.pte", 2, 48, 1, 0}, // all in two delegates
    {"faults/fault-promptseg-axis-0.onnx", 1013, 1867, 1, kPromptSeg},
    {"faults/fault-promptseg-bias-0.onnx", 1013, 1868, 1, kPromptSeg},
    {"faults/fault-promptseg-clip-0.onnx", 1013, 1868, 1, kPromptSeg},
    {"faults/fault-promptseg-epsilon-0.onnx", 1013, 1867, 1, kPromptSeg},
    {"faults/fault-promptseg-swap-0.onnx", 1013, 1867, 1, kPromptSeg},
    {"faults/fault-promptseg-wperm-0.onnx", 1013, 1868, 1, kPromptSeg},
    {"faults/fault-promptseg-wscale-0.onnx", 1013, 1868, 1, kPromptSeg},
    {"faults/fault-promptseg-zero_point-0.onnx", 1013, 1868, 1, kPromptSeg},
    {"onnx-features/ext_weights.onnx", 3, 7, 1, 0}, // the data are elsewhere
    {"onnx-features/loop.onnx", 10, 20, 2, 0},
    {"onnx-features/matmul.bf16.i32data.onnx", 1, 3, 1, 1024},
    {"onnx-features/nested_local_function.onnx", 4, 5, 1, 0},
    {"onnx-features/qdq_conv.onnx", 3, 7, 1, 1251},
    {"onnx-features/residual_block.onnx", 15, 41, 1, 85'952},
    {"onnx-features/scan.onnx", 3, 8, 2, 0},
    {"onnx-light/light_densenet121.onnx", 1746, 2595, 1, 768},
    {"onnx-light/light_resnet50.onnx", 415, 685, 1, 1792},
    {"onnx-light/light_squeezenet.onnx", 105, 159, 1, 640},
    {"promptseg/baseline.onnx", 363, 510, 1, kPromptSeg},
    {"promptseg/fp16.onnx", 365, 512, 1, kPromptSeg},
    {"promptseg/int4-keep-detector.onnx", 917, 1679, 1, kPromptSeg},
    {"promptseg/int4.onnx", 1014, 1868, 1, kPromptSeg},
    {"promptseg/int8-badcal.onnx", 1013, 1867, 1, kPromptSeg},
    {"promptseg/int8-dynamic.onnx", 559, 1023, 1, kPromptSeg},
    {"promptseg/int8-qoperator.onnx", 362, 1064, 1, kPromptSeg},
    {"promptseg/int8.onnx", 1013, 1867, 1, kPromptSeg},
    {"promptseg/optimized-extended.onnx", 253, 498, 1, kPromptSeg},
    {"promptseg/promptseg.pt2", 212, 369, 1, 1'448'768},
    {"silero/silero_vad_16k_op15.onnx", 350, 376, 25, 309'632},
    {"silero/silero_vad_op18_ifless.onnx", 90, 145, 3, 545'280},
    {"tflite/branching_conv_fc.tflite", 9, 19, 1, 281},
    {"tflite/conv_fc_mnist.tflite", 6, 13, 1, 50'608},
    {"tflite/conv_fc_mnist_srq_a8w8.tflite", 6, 13, 1, 50'608},
    {"tflite/duplicated_tensor_names.tflite", 6, 10, 1, 512},
    {"tflite/hello_world_float.tflite", 3, 10, 1, 320},
    {"tflite/hello_world_int8.tflite", 3, 10, 1, 320},
    {"tflite/person_detect.tflite", 31, 89, 1, 210'706},
    {"tflite/person_detect_vela.tflite", 1, 6, 1, 268'648},
};

struct DumpFacts
{
    const char *file;
    std::size_t samples, tensors;
};

constexpr DumpFacts kDumps[] = {
    {"executorch/etdump.etdp", 0, 0}, // times alone
    {"msprobe", 1, 2071},             // 161 are gradients of parameters
    {"promptseg/baseline-sample1.npz", 1, 283},
    {"promptseg/baseline.h5", 1, 283},
    {"promptseg/inputs.npz", 1, 2},
    {"promptseg/int4.h5", 1, 866},
    {"promptseg/promptseg.aimodelintermediates", 1, 325},
    {"promptseg/truth.npz", 1, 1},
    {"promptseg/weights.npz", 1, 155},
    {"silero/silero_vad_16k.safetensors", 1, 15},
};

/// Modules of PyTorch's own list in the exported program, and those of them that the TorchScript
/// exporter leaves names of: batch normalisation is folded away.
constexpr std::pair<const char *, std::size_t> kModules[] = {{"promptseg/promptseg.pt2", 102},
                                                             {"promptseg/baseline.onnx", 100}};

class LargerSamplesTest : public ::testing::Test
{
protected:
    void SetUp() override
    {
        if (!fs::is_directory(m_root)) {
            GTEST_SKIP() << "the larger samples are not at hand: set SYNCPOINT_SAMPLES to their "
                            "folder";
        }
    }
    std::shared_ptr<const Graph> graph(const char *file) const
    {
        const auto graph = loadGraph(m_root / file, JobContext());
        EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
        return graph ? *graph : nullptr;
    }
    const fs::path m_root{SYNCPOINT_SAMPLES};
};

TEST_F(LargerSamplesTest, EveryModelHasItsOpsValuesAndParameters)
{
    for (const ModelFacts &expected : kModels) {
        const auto model = graph(expected.file);
        ASSERT_TRUE(model);
        EXPECT_EQ(model->nodes().size(), expected.ops) << expected.file;
        EXPECT_EQ(model->values().size(), expected.values) << expected.file;
        EXPECT_EQ(model->scopes().size(), expected.scopes) << expected.file;
        EXPECT_EQ(model->parameterSize().parameters, expected.parameters) << expected.file;
    }
}

TEST_F(LargerSamplesTest, ModulesAreThoseOfTheSource)
{
    for (const auto &[file, count] : kModules) {
        const auto model = graph(file);
        ASSERT_TRUE(model);
        EXPECT_EQ(model->modules().size(), count) << file;
    }
}

TEST_F(LargerSamplesTest, EveryDumpHasItsSamplesAndTensors)
{
    for (const DumpFacts &expected : kDumps) {
        const auto dump = loadDump(m_root / expected.file, JobContext());
        ASSERT_TRUE(dump) << dump.error().message;
        ASSERT_EQ((*dump)->samples.size(), expected.samples) << expected.file;
        if (expected.samples > 0) {
            EXPECT_EQ((*dump)->samples.front()->entries().size(), expected.tensors)
                << expected.file;
        }
    }
}

TEST_F(LargerSamplesTest, NoSampleIsMissingHere)
{
    std::set<std::string> listed;
    std::for_each(std::begin(kModels), std::end(kModels),
                  [&](const ModelFacts &model) { listed.insert(model.file); });
    std::for_each(std::begin(kDumps), std::end(kDumps),
                  [&](const DumpFacts &dump) { listed.insert(dump.file); });
    for (const auto &folder : fs::directory_iterator(m_root)) {
        const std::string topic = folder.path().filename().string();
        if (!folder.is_directory() || listed.count(topic) > 0) {
            continue; // the folder is one sample
        }
        for (const auto &file : fs::directory_iterator(folder.path())) {
            const auto kind = kindOfFile(file.path());
            const std::string name = file.path().lexically_relative(m_root).generic_string();
            EXPECT_TRUE(kind && (*kind == FileKind::Unknown || listed.count(name) > 0)) << name;
        }
    }
}

} // namespace
} // namespace syncpoint
