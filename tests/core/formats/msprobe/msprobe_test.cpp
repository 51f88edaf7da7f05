#include "core/formats/msprobe/api_name.h"
#include "core/formats/msprobe/msprobe_loader.h"
#include "core/formats/registry.h"
#include "core/graph/graph.h"
#include "core/tensor/decode.h"
#include "core/tensor/summary_store.h"
#include "tests/core/formats/npy/npy_bytes.h"
#include "tests/core/formats/test_files.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Statistics, stacks and modules in the form of a real dump of a ResNet-50; tensor files and the
// old stack form are synthetic.
namespace syncpoint::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string tensor(const std::string &shape, double max, const std::string &more = "")
{
    return fmt::format(R"({{"type":"torch.Tensor","dtype":"torch.float32","shape":{},"Max":{},)"
                       R"("Min":-1.0,"Mean":0.25,"Norm":3.5,"requires_grad":true{}}})",
                       shape, max, more);
}

std::string call(const std::string &name, const std::string &inputs, const std::string &outputs,
                 const std::string &more = "")
{
    return fmt::format(R"("{}":{{"input_args":[{}],"input_kwargs":{{}},"output":[{}]{}}})", name,
                       inputs, outputs, more);
}

std::string dumpOf(const std::string &calls)
{
    return R"({"task":"statistics","level":"mix","framework":"pytorch","dump_data_dir":null,"data":{)" +
           calls + "}}";
}

/// A convolution within its module, then a function that reads its result.
std::string smallDump()
{
    return dumpOf(call("Functional.conv2d.0.forward",
                       tensor("[2,3]", 1) + ",null,[{\"type\":\"int\",\"value\":2}]",
                       tensor("[2,4]", 2)) +
                  "," +
                  call("Module.conv1.Conv2d.forward.0", tensor("[2,3]", 1), tensor("[2,4]", 2),
                       ",\"parameters\":{\"weight\":" + tensor("[4,3]", 7) + "}") +
                  "," + call("Functional.a.0.forward", tensor("[2,4]", 2), tensor("[2,4]", 3)));
}

/// A backward call, then the gradients it left for the parameters of its module.
std::string gradientDump()
{
    return dumpOf(R"("Functional.linear.0.backward":{"input":[)" + tensor("[2,4]", 1) +
                  R"(],"output":[)" + tensor("[2,3]", 2) + "]}," +
                  R"("Module.fc.Linear.parameters_grad.0":{"bias":[)" + tensor("[4]", 5) +
                  R"(],"weight":[)" + tensor("[4,3]", 6) + R"(],"frozen":[null]})");
}

const std::string kConstruct = R"({"Functional.conv2d.0.forward":"Module.conv1.Conv2d.forward.0",)"
                               R"("Module.conv1.Conv2d.forward.0":null})";
const std::string kStack =
    R"~({"0":[["Functional.conv2d.0.forward"],["File /p/net.py, line 61, in forward, \n x = 1",)~"
    R"~("File /p/main.py, line 5, in <module>, \n net(x)"]]})~";

Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path)
{
    return makeMsprobeLoader()->load(path, {});
}

TEST(MsprobeNameTest, CallsSayWhatTheyAre)
{
    const auto function = msprobe::parseApiName("Functional.conv2d.0.forward");
    EXPECT_EQ(function.type, "conv2d");
    EXPECT_FALSE(function.isModule);
    const auto module = msprobe::parseApiName("Module.layer1.0.conv1.Conv2d.forward.0");
    EXPECT_EQ(module.type, "Conv2d");
    EXPECT_EQ(module.modulePath, "layer1.0.conv1");
    EXPECT_FALSE(module.holdsGradients);
    for (const char *form :
         {"Module.fc.Linear.parameters_grad.0", "Cell.fc.Linear.parameters_grad"}) {
        const auto gradients = msprobe::parseApiName(form);
        EXPECT_TRUE(gradients.holdsGradients);
        EXPECT_EQ(gradients.modulePath, "fc");
    }
    EXPECT_FALSE(msprobe::parseApiName("Module.parameters_grad.Linear.forward.0").holdsGradients);
    for (const char *odd : {"", ".", "forward", "Module.forward", "Module", "a.forward", "x"}) {
        msprobe::parseApiName(odd); // must not crash
    }
}

TEST(MsprobeTest, CallsThatMadeNoOthersAreOpsLinkedByTheirStatistics)
{
    const TemporaryFolder folder;
    writeFile(folder / "dump.json", smallDump());
    writeFile(folder / "construct.json", kConstruct);
    writeFile(folder / "stack.json", kStack);
    const auto dump = loadDump(folder.path(), {});
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->format, "msprobe");
    const Graph &graph = *(*dump)->graph;
    ASSERT_EQ(graph.nodes().size(), 2U); // the module is none
    const Node &convolution = graph.nodes()[0];
    EXPECT_EQ(convolution.opType, "conv2d");
    EXPECT_EQ(graph.module(convolution.module).path, "conv1");
    EXPECT_EQ(graph.module(convolution.module).className, "Conv2d");
    ASSERT_EQ(convolution.source.size(), 2U);
    EXPECT_EQ(convolution.source[0], (SourceFrame{"/p/net.py", 61, 0, "forward"}));
    EXPECT_EQ(graph.nodes()[1].inputs, convolution.outputs);
    EXPECT_EQ(graph.mainScope().inputs.size(), 1U);
    EXPECT_EQ(graph.mainScope().outputs.size(), 1U);
}

TEST(MsprobeTest, StatisticsStandInTheEntriesAndElementsAreRefused)
{
    const TemporaryFolder folder;
    writeFile(folder / "dump.json", smallDump());
    const auto dump = load(folder / "dump.json");
    ASSERT_TRUE(dump) << dump.error().message;
    const TensorStore &store = *(*dump)->samples.front();
    const auto output = store.find("Functional.conv2d.0.forward.output.0");
    ASSERT_TRUE(output);
    const auto summary = summaryOf(store, *output);
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->max, 2);
    EXPECT_EQ(summary->norm, 3.5);
    EXPECT_EQ(store.entry(*output).info.shape, (Shape{2, 4}));
    EXPECT_THAT(store.read(*output).error().message, HasSubstr("only max, min, mean and norm"));
    EXPECT_TRUE(store.find("Module.conv1.Conv2d.forward.0.parameters.weight"));
    EXPECT_THAT((*dump)->diagnostics.front().text, HasSubstr("only max, min, mean and norm"));
}

TEST(MsprobeTest, GradientsOfParametersAreWhatAnOpOfTheirModuleGives)
{
    const TemporaryFolder folder;
    writeFile(folder / "dump.json", gradientDump());
    const auto dump = load(folder.path());
    ASSERT_TRUE(dump) << dump.error().message;
    const TensorStore &store = *(*dump)->samples.front();
    ASSERT_EQ(store.entries().size(), 4U);
    const auto weight = store.find("Module.fc.Linear.parameters_grad.0.weight"); // msprobe's name
    ASSERT_TRUE(weight);
    EXPECT_EQ(summaryOf(store, *weight)->max, 6);
    EXPECT_EQ(store.entry(*weight).kind, TensorEntry::Kind::Intermediate);

    const Graph &graph = *(*dump)->graph;
    ASSERT_EQ(graph.nodes().size(), 2U);
    const Node &gradients = graph.nodes()[1];
    EXPECT_EQ(gradients.opType, "parameters_grad");
    EXPECT_EQ(graph.module(gradients.module).path, "fc");
    EXPECT_EQ(gradients.inputs, graph.nodes()[0].outputs); // they came with that call
    EXPECT_EQ(gradients.outputs.size(), 2U);
}

TEST(MsprobeTest, TensorFilesAreOpenedWhenTheyAreRead)
{
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "dump_tensor_data");
    const auto named = [](const std::string &file) { return ",\"data_name\":\"" + file + "\""; };
    writeFile(folder / "dump.json",
              dumpOf(call("F.a.0.forward", tensor("[2]", 1, named("F.a.0.forward.input.0.npy")),
                          tensor("[2]", 1, named("../out.npy")) + "," +
                              tensor("[3]", 1, named("F.a.0.forward.input.0.npy")))));
    writeFile(folder / "dump_tensor_data/F.a.0.forward.input.0.npy",
              npyBytes(npyHeaderText("<f4", "(2,)"), rawBytes(std::vector<float>{3, 4})));
    const auto dump = load(folder.path());
    ASSERT_TRUE(dump) << dump.error().message;
    const TensorStore &store = *(*dump)->samples.front();
    const auto whole = store.read(TensorId{0});
    ASSERT_TRUE(whole) << whole.error().message;
    EXPECT_THAT(*decodeAll(whole->view()), ElementsAre(3, 4));
    EXPECT_THAT(*decodeAll(store.readRange(TensorId{0}, 1, 1)->view()), ElementsAre(4));
    EXPECT_THAT(store.read(TensorId{1}).error().message, HasSubstr("outside"));
    EXPECT_THAT(store.read(TensorId{2}).error().message, HasSubstr("dump.json says"));
}

TEST(MsprobeTest, StepsAreSamplesInTheOrderOfTheirNumbers)
{
    const TemporaryFolder folder;
    for (const int step : {2, 10, 0}) {
        const auto inside = folder.path() / fmt::format("step{}", step) / "proc7";
        std::filesystem::create_directories(inside);
        writeFile(inside / "dump.json",
                  dumpOf(call("F.a.0.forward", tensor("[1]", 1), tensor("[1]", step))));
    }
    const auto dump = loadDump(folder.path(), {});
    ASSERT_TRUE(dump) << dump.error().message;
    ASSERT_EQ((*dump)->samples.size(), 3U);
    EXPECT_EQ(summaryOf(*(*dump)->samples[2], TensorId{1})->max, 10);
}

TEST(MsprobeTest, OldStackFilesAreRead)
{
    const TemporaryFolder folder;
    writeFile(folder / "dump.json", smallDump());
    writeFile(folder / "stack.json",
              R"({"Functional.conv2d.0.forward":["File /p/a.py, line 3, in f, \n y = 2"]})");
    const auto dump = load(folder.path());
    ASSERT_TRUE(dump) << dump.error().message;
    const auto &node = (*dump)->graph->nodes()[0];
    ASSERT_EQ(node.source.size(), 1U);
    EXPECT_EQ(node.source[0].line, 3U);
}

TEST(MsprobeTest, DamagedDumpsAreReadOrRefused)
{
    std::mt19937 random(11);
    const TemporaryFolder folder;
    int dumps = 0;
    // Writing one file over and over makes some file systems wait for the disk.
    const auto loads = [&](const std::string &dump, const std::string &stack) {
        const auto inside = folder.path() / std::to_string(++dumps);
        std::filesystem::create_directory(inside);
        writeFile(inside / "dump.json", dump);
        writeFile(inside / "construct.json", kConstruct);
        writeFile(inside / "stack.json", stack);
        const bool isLoaded = static_cast<bool>(load(inside));
        std::filesystem::remove_all(inside);
        return isLoaded;
    };
    int loaded = 0;
    for (const std::string &whole : {smallDump(), gradientDump()}) {
        for (std::size_t at = 0; at < 200; ++at) {
            EXPECT_FALSE(loads(whole.substr(0, at * whole.size() / 200), kStack));
        }
        for (int i = 0; i < 1000; ++i) {
            const int flips = 1 + i % 5;
            loaded += loads(damaged(whole, random, flips), damaged(kStack, random, flips)) ? 1 : 0;
        }
    }
    EXPECT_GT(loaded, 50); // most of so small a file is its structure
}

} // namespace
} // namespace syncpoint::test
