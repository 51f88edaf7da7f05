#include "core/formats/known_kinds.h"
#include "core/formats/registry.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/formats/zip_writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

// The starts of such files, after their formats' descriptions: none is a whole file.
namespace syncpoint::test {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::string_literals;

namespace {
std::string field(char tag, const std::string &bytes)
{
    return tag + std::string(1, static_cast<char>(bytes.size())) + bytes;
}

struct Sample
{
    std::string kind, file, content;
};

const std::vector<Sample> kSamples{
    {"git-lfs", "model.onnx",
     "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 9000\n"},
    {"web-page", "model.tflite", "\n<!DOCTYPE html>\n<html lang=\"en\">"},
    {"tf-savedmodel", "saved_model.pb", "\x08\x01\x12\x02\x0a\x00"s},
    {"keras-h5", "model.h5", "\x89HDF\r\n\x1a\n"s + std::string(500, '\0') + "model_config"},
    {"tfjs", "model.json", R"({"format": "graph-model", "modelTopology": {}})"},
    {"tensorrt", "model.engine", "ftrt"s + std::string(40, '\1')},
    {"ort", "model.ort", "\x20\0\0\0ORTM"s},
    {"mlir-bytecode", "model.mlirbc", "ML\xEFR\x0D"s},
    {"ggml", "model.bin", "tjgg\1\0\0\0"s},
    {"ncnn", "model.param", "7767517\n75 83\nInput data 0 1 data 0=227\n"},
    {"mnn", "model.mnn", "\x20\0\0\0"s},
    {"paddle", "model.pdmodel",
     field('\x0A', "\x08\0\x10\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"s)},
    {"tf-graphdef", "frozen.pb",
     field('\x0A', field('\x0A', "input") + field('\x12', "Placeholder"))},
    {"tf-graphdef", "graph.pbtxt", "node {\n  name: \"x\"\n  op: \"Placeholder\"\n}\n"},
    {"caffe", "deploy.prototxt", "name: \"n\"\nlayer {\n  name: \"d\"\n  top: \"data\"\n}\n"},
    {"pickle", "model.pkl", "\x80\x04\x95\x10\0\0\0\0\0\0\0}."s},
};

const KnownKind &kindNamed(std::string_view id)
{
    const auto kinds = knownKinds();
    return *std::find_if(kinds.begin(), kinds.end(),
                         [&](const KnownKind &kind) { return kind.id == id; });
}

void expectNamed(const std::filesystem::path &path, std::string_view id)
{
    const KnownKind &kind = kindNamed(id);
    const auto graph = loadGraph(path, JobContext());
    ASSERT_FALSE(graph) << path;
    EXPECT_EQ(graph.error().code, ErrorCode::BadFormat);
    EXPECT_THAT(graph.error().message,
                HasSubstr(fmt::format("{}: this is a {}, which is not read: {}", path.string(),
                                      kind.name, kind.advice)));
}
} // namespace

TEST(KnownKindsTest, FilesThatNoLoaderReadsAreNamedWithAdvice)
{
    const TemporaryFolder folder;
    for (const Sample &sample : kSamples) {
        writeFile(folder / sample.file, sample.content);
        expectNamed(folder / sample.file, sample.kind);
        std::filesystem::remove(folder / sample.file);
    }
}

TEST(KnownKindsTest, FoldersAndArchivesAreNamed)
{
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "saved");
    writeFile(folder / "saved/saved_model.pb", "x");
    expectNamed(folder / "saved", "tf-savedmodel");
    writeZip(folder / "a.keras", {{"metadata.json", R"({"keras_version": "3.0"})"}});
    expectNamed(folder / "a.keras", "keras");
    writeZip(folder / "a.jit", {{"m/version", "3"}, {"m/data.pkl", "x"}, {"m/constants.pkl", "x"}});
    expectNamed(folder / "a.jit", "torchscript");
}

TEST(KnownKindsTest, KerasWeightsStayADump)
{
    const TemporaryFolder folder;
    writeFile(folder / "w.h5", kSamples[3].content);
    const auto dump = loadDump(folder / "w.h5", JobContext());
    ASSERT_FALSE(dump); // it is no whole HDF5 file
    EXPECT_THAT(dump.error().message, Not(HasSubstr("which is not read")));
}

TEST(KnownKindsTest, DumpsAndModelsAreToldApart)
{
    const auto graph = loadGraph(dataFile("dumps/gzip.h5"), JobContext());
    ASSERT_FALSE(graph);
    EXPECT_THAT(graph.error().message, HasSubstr("this is not a model but a file of another kind"));
    const auto dump = loadDump(dataFile("onnx/loop.onnx"), JobContext());
    ASSERT_FALSE(dump);
    EXPECT_THAT(dump.error().message, HasSubstr("not a dump but a file of another kind: ONNX"));
}

TEST(KnownKindsTest, ADamagedModelKeepsTheLoadersOwnMessage)
{
    const TemporaryFolder folder;
    const std::string whole = readFile(dataFile("onnx/loop.onnx"));
    writeFile(folder / "a.onnx", whole.substr(0, whole.size() / 2));
    const auto graph = loadGraph(folder / "a.onnx", JobContext());
    ASSERT_FALSE(graph);
    EXPECT_THAT(graph.error().message, Not(HasSubstr("this is")));
}

TEST(KnownKindsTest, UnknownFilesPointToTheList)
{
    const TemporaryFolder folder;
    writeFile(folder / "a.xyz", "who knows");
    EXPECT_THAT(loadGraph(folder / "a.xyz", JobContext()).error().message,
                HasSubstr("not a model of a known format (see `syncpoint-cli formats`)"));
}

TEST(KnownKindsTest, NoSampleOfAReadFormatIsTakenForOneOfThese)
{
    for (const auto &entry : std::filesystem::recursive_directory_iterator(
             std::filesystem::path(SYNCPOINT_TEST_DATA))) {
        const auto probe = FileProbe::of(entry.path());
        ASSERT_TRUE(probe);
        EXPECT_EQ(knownKindOf(*probe), nullptr) << entry.path();
    }
}

} // namespace syncpoint::test
