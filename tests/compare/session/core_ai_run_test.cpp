#include "compare/session/compare_models.h"
#include "core/formats/registry.h"
#include "core/launch/runner_client.h"
#include "tests/core/formats/npy/npy_bytes.h"
#include "tests/core/formats/test_files.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <set>

// The intermediates are synthetic: a run of the ONNX model, stored as Core AI's tools store a run
// of PyTorch's program. Which op makes which value was found by equal numbers of two real runs.
namespace syncpoint {
namespace {

namespace fs = std::filesystem;

const fs::path kExample = SYNCPOINT_TEST_DATA "/../../examples/promptseg";

fs::path captured(const test::TemporaryFolder &folder)
{
    RunRequest run;
    run.model = kExample / "baseline.onnx";
    run.output = folder / "onnx.h5";
    run.inputs.file = kExample / "inputs.npz";
    run.inputs.samples = 1;
    const auto done = RunnerClient(RUNNER).run(run, {});
    EXPECT_TRUE(done) << done.error().message;
    return run.output;
}

/// Writes *.aimodelintermediates: an array per op, and metadata that say whose it is.
class IntermediatesWriter
{
public:
    explicit IntermediatesWriter(const fs::path &folder) : m_folder(folder)
    {
        fs::create_directories(folder / "data");
    }
    void add(const std::string &group, const std::string &name, const std::string &op,
             const std::string &target, const Tensor &tensor)
    {
        const bool isFloat = tensor.info().dtype == DType::Float32;
        const std::string file = fmt::format("data/{}_{:04}.npy", name, m_count++);
        const auto bytes = tensor.bytes();
        const Shape &shape = tensor.info().shape;
        test::writeFile(
            m_folder / file,
            test::npyBytes(test::npyHeaderText(isFloat ? "<f4" : "<i8",
                                               fmt::format("({},)", fmt::join(shape, ","))),
                           {reinterpret_cast<const char *>(bytes.data()), bytes.size()}));
        m_groups[group] += fmt::format(
            R"({}"{}":{{"node_name":"{}","node_op":"{}","node_target":"{}","data_file":"{}",)"
            R"("shape":[{}],"torch_dtype":"torch.{}","numel":{}}})",
            m_groups[group].empty() ? "" : ",", name, name, op, target, file, fmt::join(shape, ","),
            isFloat ? "float32" : "int64", tensor.elements());
    }
    ~IntermediatesWriter()
    {
        std::string text;
        for (const auto &[group, nodes] : m_groups) {
            text += fmt::format("{}\"{}\":{{{}}}", text.empty() ? "" : ",", group, nodes);
        }
        test::writeFile(m_folder / "metadata.json", "{" + text + "}");
    }

private:
    fs::path m_folder;
    std::map<std::string, std::string> m_groups{};
    int m_count = 0;
};

/// The values of the ONNX run under the names of PyTorch's ops, parameters among them.
void writeIntermediates(const fs::path &folder, const TensorStore &run, const Graph &program)
{
    IntermediatesWriter writer(folder);
    const auto add = [&](const std::string &group, const std::string &name, const std::string &op,
                         const std::string &target, const std::string &value) {
        const auto id = run.find(value);
        ASSERT_TRUE(id) << value;
        writer.add(group, name, op, target, run.read(*id).value());
    };
    for (const std::string input : {"pixel_values", "input_ids"}) {
        add("inputs", input, "placeholder", input, input);
    }
    std::istringstream lines(test::readFile(test::dataFile("pytorch/promptseg_values.txt")));
    for (std::string fx, value; lines >> fx >> value;) {
        const Value &made = program.value(program.findValue(fx).value());
        add(made.isOutput ? "outputs" : "intermediates", fx, "call_function",
            program.node(made.producer).opType, value);
    }
    const auto exported = loadGraph(kExample / "baseline.onnx", {}).value();
    for (const Value &value : exported->values()) {
        if (value.constant && value.constant->info().dtype == DType::Float32 &&
            (value.name.ends_with(".weight") || value.name.ends_with(".bias"))) {
            std::string name = value.name;
            std::replace(name.begin(), name.end(), '.', '_');
            writer.add("intermediates", name, "get_attr", value.name, *value.constant);
        }
    }
}

TEST(CoreAiRunTest, IntermediatesOfThePyTorchProgramAreScoredAgainstAnOnnxRun)
{
    const test::TemporaryFolder folder;
    const fs::path run = captured(folder);
    const auto dump = loadDump(run, {});
    const auto program = loadGraph(test::dataFile("pytorch/promptseg_program.pt2"), {});
    ASSERT_TRUE(dump && program);
    const fs::path intermediates = folder / "promptseg.aimodelintermediates";
    writeIntermediates(intermediates, *(*dump)->samples.front(), **program);
    SessionConfig config;
    config.baseline.model = test::dataFile("pytorch/promptseg_program.pt2");
    config.baseline.dump = intermediates;
    config.candidate.model = kExample / "baseline.onnx";
    config.candidate.dump = run;

    const auto result = compareModels(config, {}, {});

    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ((*result)->baseline.dump->format, "aimodelintermediates");
    EXPECT_GE((*result)->coverage.ratio(), 0.95);
    EXPECT_GT((*result)->coverage.matchable, 90U); // more with the weights of the program
    for (std::size_t i = 0; i < (*result)->points.size(); ++i) {
        const PointResult &point = (*result)->points[i];
        if (point.status == PointStatus::Compared) { // a wrong pair would not be exact
            EXPECT_EQ(point.overall.state, PairState::Exact)
                << (*result)->baseline.graph->qualifiedName(
                       (*result)->alignment.points[i].reference);
        }
    }
    EXPECT_EQ((*result)->divergence.verdict, Divergence::Verdict::None);
}

} // namespace
} // namespace syncpoint
