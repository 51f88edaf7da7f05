#include "core/formats/core_ai/intermediates_loader.h"
#include "core/formats/core_ai/output_maps.h"
#include "core/formats/registry.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/npy/npy_bytes.h"
#include "tests/core/formats/test_files.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

// Node kinds and fields as in the intermediates of PromptSeg; output maps, ops without data and
// bfloat16 runs are synthetic.
namespace syncpoint::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string node(const std::string &name, const std::string &op, const std::string &target,
                 const std::string &shape, const std::string &file,
                 const std::string &type = "float32")
{
    return fmt::format(R"("{}":{{"node_name":"{}","node_op":"{}","node_target":"{}","shape":{},)"
                       R"("torch_dtype":"torch.{}"{}}})",
                       name, name, op, target, shape, type,
                       file.empty() ? "" : ",\"data_file\":\"data/" + file + ".npy\"");
}

std::string call(const std::string &name, const std::string &shape, const std::string &file)
{
    return node(name, "call_function", "aten.relu.default", shape, file);
}

std::string metadata(const std::string &intermediates, const std::string &more = "")
{
    return "{\"inputs\":{" + node("x", "placeholder", "x", "[2]", "x_0001") + "},\"outputs\":{" +
           call("out", "[2]", "out_0009") + "},\"intermediates\":{" + intermediates + "}" + more +
           "}";
}

/// A folder with an input "x" and an output "out" of two numbers.
class Intermediates
{
public:
    Intermediates()
    {
        std::filesystem::create_directory(m_folder / "data");
        array("x_0001", {1, 2});
        array("out_0009", {0.1F, 0.2F});
    }
    void array(const std::string &name, const std::vector<float> &numbers)
    {
        writeFile(m_folder / ("data/" + name + ".npy"),
                  npyBytes(npyHeaderText("<f4", fmt::format("({},)", numbers.size())),
                           rawBytes(numbers)));
    }
    Result<std::shared_ptr<const TensorDump>> load(const std::string &text)
    {
        writeFile(m_folder / "metadata.json", text);
        return makeCoreAiIntermediatesLoader()->load(m_folder.path(), {});
    }

    const std::filesystem::path &path() const { return m_folder.path(); }

private:
    TemporaryFolder m_folder;
};

std::vector<std::string> namesOf(const TensorDump &dump)
{
    std::vector<std::string> names;
    for (const TensorEntry &entry : dump.samples.front()->entries()) {
        names.push_back(entry.name);
    }
    return names;
}

TEST(CoreAiIntermediatesTest, TensorsHaveTheNamesOfTheirNodesAndSayWhatTheyAre)
{
    Intermediates folder;
    folder.array("relu_0002", {3, 4, 5});
    const auto dump = folder.load(metadata(call("relu", "[3]", "relu_0002")));
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->format, "aimodelintermediates");
    EXPECT_THAT(namesOf(**dump), ElementsAre("x", "out", "relu"));
    const TensorStore &store = *(*dump)->samples.front();
    EXPECT_EQ(store.entry(TensorId{0}).kind, TensorEntry::Kind::Input);
    EXPECT_EQ(store.entry(TensorId{1}).kind, TensorEntry::Kind::Output);
    EXPECT_EQ(store.entry(TensorId{2}).opType, "aten.relu.default");
    EXPECT_THAT(*decodeAll(store.read(TensorId{2})->view()), ElementsAre(3, 4, 5));
    EXPECT_THAT((*dump)->diagnostics, IsEmpty());
}

TEST(CoreAiIntermediatesTest, ParametersAmongTheIntermediatesAreNamedAsInTheStateDict)
{
    Intermediates folder;
    folder.array("w_0000", {3, 4});
    const auto dump =
        folder.load(metadata(node("enc_fc_weight", "get_attr", "enc.fc.weight", "[2]", "w_0000")));
    ASSERT_TRUE(dump) << dump.error().message;
    const TensorStore &store = *(*dump)->samples.front();
    const auto weight = store.find("enc.fc.weight");
    ASSERT_TRUE(weight);
    EXPECT_EQ(store.entry(*weight).kind, TensorEntry::Kind::Parameter);
    EXPECT_EQ(store.entry(*weight).module, "enc.fc");
}

TEST(CoreAiIntermediatesTest, OpsWithSeveralOutputsAreSaidToHaveNoData)
{
    Intermediates folder;
    const auto dump = folder.load(metadata(call("split", "[3]", "")));
    ASSERT_TRUE(dump) << dump.error().message;
    ASSERT_EQ((*dump)->diagnostics.size(), 1U);
    EXPECT_THAT((*dump)->diagnostics[0].text, HasSubstr("1 ops have no data"));
}

TEST(CoreAiIntermediatesTest, ARunInBFloat16IsToldByItsNumbers)
{
    Intermediates folder;
    std::vector<float> coarse;
    for (int i = 1; i <= 100; ++i) {
        coarse.push_back(static_cast<float>(i) / 64.0F); // at most 7 significant bits
    }
    folder.array("relu_0002", coarse);
    const auto dump = folder.load(metadata(call("relu", "[100]", "relu_0002")));
    ASSERT_TRUE(dump) << dump.error().message;
    ASSERT_EQ((*dump)->diagnostics.size(), 0U); // the output tells otherwise
    folder.array("out_0009", {0.5F, 0.25F});
    const auto all = folder.load(metadata(call("relu", "[100]", "relu_0002")));
    ASSERT_TRUE(all) << all.error().message;
    ASSERT_EQ((*all)->diagnostics.size(), 1U);
    EXPECT_THAT((*all)->diagnostics[0].text, HasSubstr("the run was in bfloat16"));
}

TEST(CoreAiIntermediatesTest, OutputMapsGiveATensorItsOtherNames)
{
    Intermediates folder;
    folder.array("relu_0002", {3, 4});
    const auto dump = folder.load(metadata(
        call("relu", "[2]", "relu_0002"),
        R"(,"mappings":{"sources":{"torch":{"7":{"dialect":"torch","id":7,"identifiers":["relu"]}}},)"
        R"("outputs":[{"source_level":"torch","source_op_id":7,"source_output":0,)"
        R"("target_level":"coreai","target_op_id":"odix12","target_output":0},3,{}]})"));
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_THAT(namesOf(**dump), ElementsAre("x", "out", "relu", "odix12"));
}

TEST(CoreAiIntermediatesTest, MapsThatShareLongNamesStaySmall)
{
    using Json = nlohmann::json;
    const Json op{{"identifiers", {std::string(100'000, 'a'), std::string(100'000, 'b'), "c"}}};
    const Json map{{"source_level", "torch"}, {"source_op_id", "1"}};
    const Json mappings{{"sources", {{"torch", {{"1", op}}}}}, {"outputs", Json(10'000, map)}};
    std::size_t bytes = 0;
    for (const auto &[name, others] : core_ai::readOutputMaps(mappings)) {
        for (const std::string &other : others) {
            bytes += other.size();
        }
    }
    EXPECT_GT(bytes, 0U);
    EXPECT_LT(bytes, 64U << 20U);
}

TEST(CoreAiIntermediatesTest, FilesThatLeaveTheFolderAreAbsentOrDifferAreNotUsed)
{
    Intermediates folder;
    folder.array("relu_0002", {3, 4});
    for (const std::string &bad : {call("a", "[2]", "../../relu_0002"), call("a", "[2]", "none"),
                                   call("a", "[3]", "relu_0002")}) {
        const auto dump = folder.load(metadata(bad));
        ASSERT_TRUE(dump) << dump.error().message;
        EXPECT_THAT(namesOf(**dump), ElementsAre("x", "out"));
        ASSERT_EQ((*dump)->diagnostics.size(), 1U);
        EXPECT_EQ((*dump)->diagnostics[0].where, "a");
    }
}

TEST(CoreAiIntermediatesTest, TheFolderIsToldByItsContent)
{
    Intermediates folder;
    ASSERT_TRUE(folder.load(metadata(call("relu", "[2]", "x_0001"))));
    const auto dump = loadDump(folder.path(), {}); // not as a folder of NumPy arrays
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->format, "aimodelintermediates");
}

TEST(CoreAiIntermediatesTest, DamagedMetadataIsReadOrRefused)
{
    std::mt19937 random(7);
    Intermediates folder;
    folder.array("relu_0002", {3, 4});
    const std::string whole = metadata(
        call("relu", "[2]", "relu_0002") + "," +
            node("w", "get_attr", "w", "[2]", "relu_0002", "bfloat16"),
        R"(,"mappings":{"outputs":[{"source_op_id":"relu","target_op_id":"b"}],"sources":{}})");
    for (std::size_t at = 0; at < 200; ++at) {
        EXPECT_FALSE(folder.load(whole.substr(0, at * whole.size() / 200)));
    }
    int loaded = 0;
    for (int i = 0; i < 2000; ++i) {
        loaded += folder.load(damaged(whole, random, 1 + i % 5)) ? 1 : 0;
    }
    EXPECT_GT(loaded, 100);
}

} // namespace
} // namespace syncpoint::test
