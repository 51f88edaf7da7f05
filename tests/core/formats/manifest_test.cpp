#include "core/formats/registry.h"
#include "tests/core/formats/test_files.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

// What is in every sample of tests/data, to be checked at a glance: a loader that starts to lose
// ops, modules or weights fails here, whatever else it gets right.
namespace syncpoint::test {

namespace {
struct ModelFacts
{
    const char *file;
    std::size_t ops, values, scopes, modules;
    std::uint64_t parameters;
};

constexpr ModelFacts kModels[] = {
    // file                                   ops  values scopes modules parameters
    {"onnx/ext_weights.onnx", 3, 7, 1, 1, 9},
    {"onnx/loop.onnx", 10, 20, 2, 1, 0},
    {"onnx/matmul.bf16.i32data.onnx", 1, 3, 1, 1, 1024},
    {"onnx/nested_local_function.onnx", 4, 5, 1, 3, 0},
    {"onnx/qdq_conv.onnx", 3, 7, 1, 1, 1251},
    {"onnx/residual_block.onnx", 15, 41, 1, 2, 85952},
    {"onnx/scan.onnx", 3, 8, 2, 1, 0},
    {"onnx/silero_vad_16k_op15.onnx", 350, 376, 25, 24, 309632},
    {"onnx/silero_vad_op18_ifless.onnx", 90, 145, 3, 31, 545280},
    {"coreml/silero_vad.mlmodel", 48, 70, 1, 6, 0}, // its weights lie in another file
    {"coreml/silero_vad.mlmodelc", 48, 70, 1, 6, 0},
    {"pytorch/promptseg_decoder.pt2", 35, 69, 1, 18, 24896},
    {"pytorch/promptseg_decoder_archive.pt2", 35, 69, 1, 18, 24896},
    {"pytorch/promptseg_program.pt2", 212, 369, 1, 102, 0}, // without its weights
    {"tflite/branching_conv_fc.tflite", 9, 19, 1, 10, 281},
    {"tflite/conv_fc_mnist.tflite", 6, 13, 1, 7, 50608},
    {"tflite/conv_fc_mnist_srq_a8w8.tflite", 6, 13, 1, 7, 50608},
    {"tflite/duplicated_tensor_names.tflite", 6, 10, 1, 5, 512},
    {"tflite/hello_world_float.tflite", 3, 10, 1, 5, 320},
    {"tflite/hello_world_int8.tflite", 3, 10, 1, 5, 320},
    {"tflite/person_detect_vela.tflite", 1, 6, 1, 3, 268648}, // one op for an NPU
    {"executorch/keyword_spotting.pte", 17, 66, 1, 1, 22016},
};

struct DumpFacts
{
    const char *file;
    std::size_t samples, tensors;
};

constexpr DumpFacts kDumps[] = {
    {"dumps/chunks-1.10.h5", 1, 22},
    {"dumps/chunks.h5", 1, 21},
    {"dumps/contiguous.h5", 2, 7},
    {"dumps/foreign.h5", 1, 5},
    {"dumps/gzip.h5", 2, 7},
    {"executorch/etdump.etdp", 0, 0},
    {"pytorch/promptseg_decoder.pt", 1, 5},
};
} // namespace

TEST(ManifestTest, EveryModelHasItsOpsValuesModulesAndParameters)
{
    for (const ModelFacts &expected : kModels) {
        const auto graph = loadGraph(dataFile(expected.file), JobContext());
        ASSERT_TRUE(graph) << graph.error().message;
        EXPECT_EQ((*graph)->nodes().size(), expected.ops) << expected.file;
        EXPECT_EQ((*graph)->values().size(), expected.values) << expected.file;
        EXPECT_EQ((*graph)->scopes().size(), expected.scopes) << expected.file;
        EXPECT_EQ((*graph)->modules().size(), expected.modules) << expected.file;
        EXPECT_EQ((*graph)->parameterSize().parameters, expected.parameters) << expected.file;
    }
}

TEST(ManifestTest, EveryDumpHasItsSamplesAndTensors)
{
    for (const DumpFacts &expected : kDumps) {
        const auto dump = loadDump(dataFile(expected.file), JobContext());
        ASSERT_TRUE(dump) << dump.error().message;
        ASSERT_EQ((*dump)->samples.size(), expected.samples) << expected.file;
        const std::size_t tensors =
            (*dump)->samples.empty() ? 0 : (*dump)->samples.front()->entries().size();
        EXPECT_EQ(tensors, expected.tensors) << expected.file;
    }
}

TEST(ManifestTest, NoSampleIsMissingHere)
{
    std::set<std::string> listed;
    for (const ModelFacts &model : kModels) {
        listed.insert(model.file);
    }
    for (const DumpFacts &dump : kDumps) {
        listed.insert(dump.file);
    }
    const std::filesystem::path root(SYNCPOINT_TEST_DATA);
    for (const auto &format : std::filesystem::directory_iterator(root)) {
        for (const auto &file : std::filesystem::directory_iterator(format.path())) {
            const auto kind = kindOfFile(file.path());
            const std::string name = file.path().lexically_relative(root).generic_string();
            EXPECT_TRUE(kind && (*kind == FileKind::Unknown || listed.count(name) > 0)) << name;
        }
    }
}

} // namespace syncpoint::test
