#include "core/formats/registry.h"
#include "core/run/model_runner.h"
#include "core/tensor/decode.h"
#include "tests/core/formats/test_files.h"
#include "tests/core/run/tiny_model.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace syncpoint {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ModelRunnerTest : public ::testing::Test
{
protected:
    /// y = relu(x + x), with the sum as the only intermediate value.
    static TinyModel doubling()
    {
        TinyModel model;
        model.input("x", DType::Float32, {1, 3}).output("y", DType::Float32, {1, 3});
        return model.op("Add", {"x", "x"}, {"sum"}).op("Relu", {"sum"}, {"y"});
    }
    RunRequest requestFor(const TinyModel &model) const
    {
        RunRequest request;
        request.model = model.write(m_folder.path());
        request.output = m_folder / "run.h5";
        return request;
    }
    static Result<RunOutcome> run(const RunRequest &request)
    {
        return runModel(request, "test", {});
    }
    static std::shared_ptr<const TensorDump> dumpOf(const RunRequest &request)
    {
        const auto dump = loadDump(request.output, {});
        EXPECT_TRUE(dump) << (dump ? "" : dump.error().message);
        return dump ? *dump : nullptr;
    }
    static std::vector<float> valuesOf(const TensorDump &dump, std::string_view name,
                                       std::size_t sample = 0)
    {
        const auto &store = *dump.samples.at(sample);
        const auto id = store.find(name);
        return id ? decodeAll(store.read(*id).value().view()).value() : std::vector<float>();
    }
    /// The error of a run that must fail; only the model and what was there before may remain.
    std::string failure(const RunRequest &request) const
    {
        const auto outcome = run(request);
        EXPECT_FALSE(outcome);
        for (const auto &file : fs::directory_iterator(m_folder.path())) {
            const auto extension = file.path().extension();
            EXPECT_TRUE(extension == ".onnx" || extension == ".npy") << file.path();
        }
        return outcome ? "" : outcome.error().message;
    }
    test::TemporaryFolder m_folder;
};

TEST_F(ModelRunnerTest, CapturesInputsIntermediatesAndOutputs)
{
    RunRequest request = requestFor(doubling());
    request.inputs.perInput["x"] = {InputFill::Kind::Number, -2.0, {}};
    const auto outcome = run(request);

    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->tensors, 3U);
    EXPECT_EQ(outcome->samples, 1U);
    EXPECT_THAT(outcome->runtime, ::testing::MatchesRegex("onnxruntime [0-9.]+ CPU"));
    const auto dump = dumpOf(request);
    ASSERT_TRUE(dump);
    EXPECT_EQ(dump->model, "model.onnx");
    EXPECT_EQ(dump->modelSha256.size(), 64U);
    EXPECT_EQ(dump->producer, "test");
    EXPECT_TRUE(dump->graph);
    EXPECT_EQ(valuesOf(*dump, "x"), (std::vector{-2.0F, -2.0F, -2.0F}));
    EXPECT_EQ(valuesOf(*dump, "sum"), (std::vector{-4.0F, -4.0F, -4.0F}));
    EXPECT_EQ(valuesOf(*dump, "y"), (std::vector{0.0F, 0.0F, 0.0F}));
    const auto &store = *dump->samples.front();
    EXPECT_EQ(store.entry(*store.find("x")).kind, TensorEntry::Kind::Input);
    EXPECT_EQ(store.entry(*store.find("sum")).kind, TensorEntry::Kind::Intermediate);
    EXPECT_EQ(store.entry(*store.find("sum")).opType, "Add");
    EXPECT_EQ(store.entry(*store.find("sum")).node, "Add_0");
    EXPECT_EQ(store.entry(*store.find("y")).kind, TensorEntry::Kind::Output);
}

TEST_F(ModelRunnerTest, OutputsOfARunWithoutTapsAreStoredForEverySample)
{
    writeNpy(m_folder / "x.npy", {2, 3}, std::vector{1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F});
    RunRequest request = requestFor(doubling());
    request.inputs.perInput["x"] = {InputFill::Kind::File, 0.0, m_folder / "x.npy"};
    ASSERT_TRUE(run(request));
    const auto dump = dumpOf(request);
    ASSERT_EQ(dump->plainOutputs.size(), 2U);
    const auto &store = *dump->plainOutputs[1];
    ASSERT_EQ(store.entries().size(), 1U);
    EXPECT_EQ(store.entries()[0].name, "y");
    EXPECT_EQ(store.entries()[0].kind, TensorEntry::Kind::Output);
    EXPECT_EQ(decodeAll(store.read(TensorId{0}).value().view()).value(),
              (std::vector{8.0F, 10.0F, 12.0F}));

    request.plainOutputs = false;
    ASSERT_TRUE(run(request));
    EXPECT_TRUE(dumpOf(request)->plainOutputs.empty());
}

TEST_F(ModelRunnerTest, ADumpReadWithItsModelLeavesOutWhatTheModelKnows)
{
    RunRequest request = requestFor(doubling());
    request.standalone = false;
    ASSERT_TRUE(run(request));
    const auto dump = dumpOf(request);
    EXPECT_FALSE(dump->graph);
    EXPECT_TRUE(dump->modelSha256.empty());
    EXPECT_FALSE(valuesOf(*dump, "sum").empty());
}

TEST_F(ModelRunnerTest, OnlyAndCaptureNarrowWhatIsWritten)
{
    TinyModel model = doubling();
    model.op("Neg", {"sum"}, {"extra"});
    RunRequest request = requestFor(model);
    request.only = "^ex";
    ASSERT_TRUE(run(request));
    EXPECT_TRUE(valuesOf(*dumpOf(request), "sum").empty());
    EXPECT_FALSE(valuesOf(*dumpOf(request), "extra").empty());

    request.capture = false;
    const auto outcome = run(request);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->tensors, 2U);

    request.capture = true;
    request.only = "(";
    EXPECT_FALSE(run(request));
}

/// Six values of 64 KB, each from the one before.
TinyModel chain(std::int64_t rows)
{
    TinyModel model;
    model.input("x", DType::Float32, {rows, 16384}).output("v6", DType::Float32, {rows, 16384});
    for (int i = 1; i <= 6; ++i) {
        model.op("Neg", {i == 1 ? "x" : "v" + std::to_string(i - 1)}, {"v" + std::to_string(i)});
    }
    return model;
}

TEST_F(ModelRunnerTest, AMemoryLimitCapturesTheSameInSeveralRuns)
{
    for (const std::int64_t rows : {1, -1}) { // planned from the shapes, and found by trying
        RunRequest request = requestFor(chain(rows));
        request.inputs.samples = 2;
        ASSERT_TRUE(run(request));
        const auto whole = dumpOf(request);
        request.memoryLimit = 300'000;
        request.output = m_folder / "limited.h5";
        const auto outcome = run(request);
        ASSERT_TRUE(outcome) << outcome.error().message;
        EXPECT_EQ(outcome->tensors, 7U);
        const auto isSplit = [](const Diagnostic &note) {
            return note.text.find(" runs per sample to stay within") != std::string::npos;
        };
        EXPECT_EQ(std::count_if(outcome->diagnostics.begin(), outcome->diagnostics.end(), isSplit),
                  1);
        const auto limited = dumpOf(request);
        for (std::size_t sample = 0; sample < 2; ++sample) {
            for (const TensorEntry &entry : whole->samples[sample]->entries()) {
                EXPECT_EQ(valuesOf(*limited, entry.name, sample),
                          valuesOf(*whole, entry.name, sample))
                    << entry.name;
            }
        }
        fs::remove(request.output);
    }
}

TEST_F(ModelRunnerTest, AModelThatDoesNotFitTheMemoryLimitIsAnError)
{
    RunRequest request = requestFor(chain(1));
    request.memoryLimit = 1000;
    EXPECT_THAT(failure(request), HasSubstr("even when nothing is captured"));
}

TEST_F(ModelRunnerTest, EverySampleIsRun)
{
    writeNpy(m_folder / "x.npy", {2, 3}, std::vector{1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F});
    RunRequest request = requestFor(doubling());
    request.inputs.perInput["x"] = {InputFill::Kind::File, 0.0, m_folder / "x.npy"};
    const auto outcome = run(request);

    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->samples, 2U);
    EXPECT_EQ(valuesOf(*dumpOf(request), "y", 1), (std::vector{8.0F, 10.0F, 12.0F}));
}

TEST_F(ModelRunnerTest, ADumpOfOneRunFeedsTheNext)
{
    RunRequest request = requestFor(doubling());
    request.inputs.samples = 2;
    ASSERT_TRUE(run(request));
    RunRequest again = request;
    again.output = m_folder / "again.h5";
    again.inputs.file = request.output;
    again.inputs.samples = 0;
    const auto outcome = run(again);

    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->samples, 2U);
    EXPECT_TRUE(outcome->diagnostics.empty());
    for (std::size_t sample = 0; sample < 2; ++sample) {
        EXPECT_EQ(valuesOf(*dumpOf(request), "y", sample), valuesOf(*dumpOf(again), "y", sample));
    }
}

TEST_F(ModelRunnerTest, ValuesThatAreNotTensorsAreLeftOutWithAReport)
{
    TinyModel model = doubling();
    model.op("SequenceConstruct", {"sum", "x"}, {"list"}).op("SequenceLength", {"list"}, {"count"});
    const auto outcome = run(requestFor(model));

    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->tensors, 4U);
    ASSERT_EQ(outcome->diagnostics.size(), 1U);
    EXPECT_EQ(outcome->diagnostics[0].where, "list");
}

TEST_F(ModelRunnerTest, ARewrittenModelIsWrittenAndCaptured)
{
    TinyModel model = doubling();
    model.op("Identity", {"sum"}, {"same"}).op("Neg", {"same"}, {"z"});
    model.output("z", DType::Float32, {1, 3});
    RunRequest request = requestFor(model);
    request.optimize = Optimization::All;
    const auto outcome = run(request);

    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->optimizedModel, "run.h5.onnx");
    ASSERT_EQ(outcome->diagnostics.size(), 1U);
    EXPECT_THAT(outcome->diagnostics[0].text, HasSubstr("level 'all'"));
    const auto dump = dumpOf(request);
    EXPECT_EQ(dump->model, "run.h5.onnx");
    EXPECT_TRUE(valuesOf(*dump, "same").empty());
    EXPECT_FALSE(valuesOf(*dump, "z").empty());
    EXPECT_TRUE(loadGraph(m_folder / "run.h5.onnx", {}));
}

/// The largest difference of the captured outputs from those of the run without taps, relative to
/// the largest output.
double distanceFromPlainOutputs(const TensorDump &dump)
{
    double worst = 0.0;
    double largest = 0.0;
    const TensorStore &plain = *dump.plainOutputs.at(0);
    for (std::size_t i = 0; i < plain.entries().size(); ++i) {
        const TensorStore &captured = *dump.samples.at(0);
        const auto twin = captured.find(plain.entries()[i].name);
        const auto expected = decodeAll(plain.read(TensorId{i}).value().view()).value();
        const auto got = decodeAll(captured.read(twin.value()).value().view()).value();
        for (std::size_t k = 0; k < expected.size(); ++k) {
            worst = std::max(worst, std::abs(double{expected[k]} - double{got.at(k)}));
            largest = std::max(largest, std::abs(double{expected[k]}));
        }
    }
    return worst / largest;
}

TEST_F(ModelRunnerTest, EveryOpOfARewrittenModelLinksToTheOpsItStandsFor)
{
    const fs::path example = fs::path(SYNCPOINT_TEST_DATA) / "../../examples/promptseg";
    for (const std::string model : {"baseline", "int8"}) {
        RunRequest request;
        request.model = example / (model + ".onnx");
        request.output = m_folder / "run.h5";
        request.inputs.file = example / "inputs.npz";
        request.inputs.samples = 1;
        request.optimize = Optimization::All;
        ASSERT_TRUE(run(request));
        const auto original = loadGraph(request.model, {}).value();
        std::set<std::string> ops;
        for (std::size_t i = 0; i < original->nodes().size(); ++i) {
            ops.insert(original->displayName(NodeId{i}));
        }
        const auto dump = dumpOf(request);
        const auto rewritten = loadGraph(m_folder / "run.h5.onnx", {}).value();
        for (const Graph *graph : {dump->graph.get(), rewritten.get()}) {
            for (const Node &node : graph->nodes()) {
                EXPECT_FALSE(node.origins.empty()) << node.opType << " " << node.name;
                EXPECT_LE(node.origins.size(), 6U) << node.name; // a region, not half the model
                for (const Origin &origin : node.origins) {
                    EXPECT_EQ(ops.count(origin.name), 1U) << origin.name;
                }
            }
        }
        EXPECT_LT(distanceFromPlainOutputs(*dump), 1e-4);
    }
}

TEST_F(ModelRunnerTest, RewritingKnowsTheExtentsOfTheInputs)
{
    TinyModel model;
    model.input("x", DType::Float32, {-1, 3}).output("y", DType::Float32, {-1, 3});
    model.op("Shape", {"x"}, {"shape"}).op("ConstantOfShape", {"shape"}, {"zeros"});
    model.op("Sub", {"zeros", "x"}, {"negative"}).op("Relu", {"negative"}, {"y"});
    RunRequest request = requestFor(model);
    request.inputs.shapes["x"] = {2, 3};
    request.optimize = Optimization::Basic;
    const auto outcome = run(request);

    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_THAT(outcome->diagnostics.front().text, HasSubstr("n = 2"));
    const auto dump = dumpOf(request);
    EXPECT_TRUE(valuesOf(*dump, "zeros").empty()); // folded into a constant
    EXPECT_EQ(valuesOf(*dump, "negative").size(), 6U);
}

std::map<std::string, std::size_t> opsOf(const TensorDump &dump)
{
    std::map<std::string, std::size_t> ops;
    for (const TensorEntry &entry : dump.samples.front()->entries()) {
        ++ops[entry.opType];
    }
    return ops;
}

TEST_F(ModelRunnerTest, ValuesOfTheTakenBranchesAreCaptured)
{
    RunRequest request;
    request.model = SYNCPOINT_TEST_DATA "/onnx/silero_vad_16k_op15.onnx";
    request.output = m_folder / "run.h5";
    request.inputs.shapes["input"] = {1, 576};
    request.inputs.perInput["sr"] = {InputFill::Kind::Number, 16000.0, {}};
    const auto asGiven = run(request);
    ASSERT_TRUE(asGiven) << asGiven.error().message;
    const auto given = dumpOf(request);
    auto ops = opsOf(*given);
    EXPECT_EQ(ops["Conv"], 6U);
    EXPECT_EQ(ops["Relu"], 5U);
    EXPECT_EQ(ops["LSTM"], 3U); // its three outputs
    EXPECT_TRUE(std::any_of(
        asGiven->diagnostics.begin(), asGiven->diagnostics.end(), [](const Diagnostic &note) {
            return note.text.find("branches that were not taken") != std::string::npos;
        }));

    request.optimize = Optimization::Basic; // resolves the branches
    const auto outcome = run(request);
    ASSERT_TRUE(outcome) << outcome.error().message;
    const auto dump = dumpOf(request);
    ops = opsOf(*dump);
    EXPECT_EQ(ops["Conv"], 6U);
    EXPECT_EQ(ops["LSTM"], 3U);
    EXPECT_EQ(ops.count("If"), 0U);
    const auto expected = valuesOf(*given, "output");
    const auto got = valuesOf(*dump, "output");
    ASSERT_EQ(got.size(), expected.size());
    EXPECT_NEAR(got[0], expected[0], 1e-6);
}

TEST_F(ModelRunnerTest, ValuesInsideALoopAreCapturedPerIteration)
{
    RunRequest request;
    request.model = SYNCPOINT_TEST_DATA "/onnx/scan.onnx";
    request.output = m_folder / "run.h5";
    request.inputs.fallback.kind = InputFill::Kind::Ones;
    ASSERT_TRUE(run(request));
    auto dump = dumpOf(request);
    EXPECT_EQ(valuesOf(*dump, "Scan_0/body/sum_out"),
              (std::vector{2.0F, 2.0F, 3.0F, 3.0F, 4.0F, 4.0F}));
    const auto &store = *dump->samples.front();
    EXPECT_EQ(store.entry(*store.find("Scan_0/body/sum_out")).opType, "Add");
}

/// Negates x twice in each of m iterations.
TinyModel loopModel()
{
    TinyModel body;
    body.input("i", DType::Int64, {1}).input("c", DType::Bool, {1}).input("v", DType::Float32, {2});
    body.output("c_out", DType::Bool, {1}).output("v_out", DType::Float32, {2});
    body.op("Identity", {"c"}, {"c_out"}).op("Neg", {"v"}, {"half"}).op("Neg", {"half"}, {"v_out"});
    TinyModel model;
    model.input("m", DType::Int64, {1}).input("x", DType::Float32, {2});
    model.output("y", DType::Float32, {2});
    return model.control("Loop", {"m", "", "x"}, {"y"}, {{"body", body}});
}

TEST_F(ModelRunnerTest, LongLoopsAreCutWithTheCountStated)
{
    RunRequest request = requestFor(loopModel());
    request.inputs.perInput["m"] = {InputFill::Kind::Number, 100.0, {}};
    request.inputs.perInput["x"] = {InputFill::Kind::Number, 3.0, {}};
    const auto outcome = run(request);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(valuesOf(*dumpOf(request), "Loop_0/body/half"), std::vector<float>(128, -3.0F));
    const Diagnostic &note = outcome->diagnostics.back();
    EXPECT_EQ(note.where, "Loop_0");
    EXPECT_THAT(note.text, HasSubstr("ran 100 iterations"));
}

TEST_F(ModelRunnerTest, OnlyTheBranchThatIsTakenIsCaptured)
{
    TinyModel positive;
    positive.op("Exp", {"x"}, {"grown"}).op("Neg", {"grown"}, {"p"});
    positive.output("p", DType::Float32, {2});
    TinyModel negative;
    negative.op("Abs", {"x"}, {"size"}).op("Sqrt", {"size"}, {"n"});
    negative.output("n", DType::Float32, {2});
    TinyModel model;
    model.input("c", DType::Bool, {}).input("x", DType::Float32, {2});
    model.output("y", DType::Float32, {2});
    model.control("If", {"c"}, {"y"}, {{"then_branch", positive}, {"else_branch", negative}});
    RunRequest request = requestFor(model);
    request.inputs.perInput["x"] = {InputFill::Kind::Number, -4.0, {}};
    request.inputs.perInput["c"] = {InputFill::Kind::Zeros, 0.0, {}};
    ASSERT_TRUE(run(request));
    const auto dump = dumpOf(request);
    EXPECT_EQ(valuesOf(*dump, "If_0/else_branch/size"), (std::vector{4.0F, 4.0F}));
    EXPECT_EQ(valuesOf(*dump, "If_0/else_branch/n"), (std::vector{2.0F, 2.0F}));
    EXPECT_FALSE(dump->samples.front()->find("If_0/then_branch/grown"));
}

TEST_F(ModelRunnerTest, MeasuringGivesLatencyAndProviders)
{
    RunRequest request = requestFor(doubling());
    request.repeat = 5;
    request.warmup = 1;
    ASSERT_TRUE(run(request));
    const auto dump = dumpOf(request);

    ASSERT_TRUE(dump->profile);
    ASSERT_TRUE(dump->profile->latency);
    EXPECT_EQ(dump->profile->latency->runs, 5U);
    EXPECT_GT(dump->profile->latency->min, 0.0);
    EXPECT_GT(dump->profile->peakMemory, std::uint64_t{1} << 20U);
    ASSERT_EQ(dump->profile->nodes.count("Relu_1"), 1U);
    EXPECT_EQ(dump->profile->nodes.at("Relu_1").runs, 5U);
    EXPECT_EQ(dump->profile->nodes.at("Relu_1").provider, "CPUExecutionProvider");
    EXPECT_EQ(std::distance(fs::directory_iterator(m_folder.path()), {}), 2);
}

TEST_F(ModelRunnerTest, CapturingAgainGivesTheNoiseFloorOfEveryValue)
{
    TinyModel model; // sums whose order may follow the number of threads
    model.input("x", DType::Float32, {64, 1024}).output("y", DType::Float32, {64, 64});
    model.op("Transpose", {"x"}, {"turned"}).op("MatMul", {"x", "turned"}, {"y"});
    for (const std::uint64_t limit : {std::uint64_t{0}, std::uint64_t{8} << 20U}) {
        RunRequest request = requestFor(model);
        request.repeatCapture = 2;
        request.memoryLimit = limit;
        const auto outcome = run(request);
        ASSERT_TRUE(outcome) << outcome.error().message;
        const auto dump = dumpOf(request);
        ASSERT_TRUE(dump && dump->noise);
        EXPECT_EQ(dump->noise->runs, 2U);
        ASSERT_EQ(dump->noise->values.size(), 2U);
        EXPECT_EQ(dump->noise->values.at("turned").maxAbs, 0.0);
        EXPECT_LT(dump->noise->values.at("y").maxAbs, 0.1);
        EXPECT_THAT(outcome->diagnostics.back().text, HasSubstr("captured 2 more times"));
        fs::remove(request.output);
    }
}

TEST_F(ModelRunnerTest, EveryOpThatRunsHasAProviderAndNoneIsInvented)
{
    const fs::path example = fs::path(SYNCPOINT_TEST_DATA) / "../../examples/promptseg";
    for (const auto level : {Optimization::None, Optimization::All}) {
        for (const char *name : {"baseline.onnx", "int8.onnx"}) {
            RunRequest request;
            request.model = example / name;
            request.output = m_folder / "run.h5";
            request.inputs.file = example / "inputs.npz";
            request.inputs.samples = 1;
            request.optimize = level;
            request.repeat = 1;
            ASSERT_TRUE(run(request));
            const auto dump = dumpOf(request);
            ASSERT_TRUE(dump && dump->profile && dump->graph);
            std::set<std::string> ops;
            for (std::size_t i = 0; i < dump->graph->nodes().size(); ++i) {
                const Node &op = dump->graph->nodes()[i];
                ops.insert(op.name);
                const auto profile = dump->profile->nodes.find(op.name);
                const bool isFolded = op.opType == "Constant";
                EXPECT_TRUE(isFolded || profile != dump->profile->nodes.end()) << op.name;
            }
            for (const auto &[op, profile] : dump->profile->nodes) {
                EXPECT_EQ(ops.count(op), 1U) << op << " is not in the graph";
                EXPECT_EQ(profile.provider, "CPUExecutionProvider") << op;
            }
            EXPECT_GT(dump->profile->peakMemory, std::uint64_t{1} << 20U);
        }
    }
}

TEST_F(ModelRunnerTest, AnOpWithoutKernelIsOneSentenceThatNamesIt)
{
    TinyModel model = doubling();
    model.op("NoSuchOp", {"sum"}, {"z"});
    const std::string message = failure(requestFor(model));

    EXPECT_THAT(message, HasSubstr("NoSuchOp"));
    EXPECT_THAT(message, HasSubstr("model.onnx"));
    EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST_F(ModelRunnerTest, AnOpWithoutKernelForItsTypeIsOneSentenceThatNamesIt)
{
    TinyModel model; // the op allows float64, the runtime has it for float32 alone
    model.input("x", DType::Float64, {2}).output("y", DType::Float64, {2});
    model.op("Neg", {"x"}, {"n"}).op("ThresholdedRelu", {"n"}, {"y"});
    const auto outcome = run(requestFor(model));

    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::Unsupported);
    EXPECT_THAT(outcome.error().message, HasSubstr("ThresholdedRelu"));
    EXPECT_THAT(outcome.error().message, HasSubstr("model.onnx"));
    EXPECT_EQ(outcome.error().message.find('\n'), std::string::npos);
}

TEST_F(ModelRunnerTest, BadRequestsLeaveNothing)
{
    RunRequest request = requestFor(doubling());
    writeNpy(m_folder / "x.npy", {1, 4}, std::vector<float>(4));
    request.inputs.perInput["x"] = {InputFill::Kind::File, 0.0, m_folder / "x.npy"};
    EXPECT_THAT(failure(request), HasSubstr("takes float32 1×3"));

    request = requestFor(doubling());
    request.provider = "quantum";
    EXPECT_THAT(failure(request), HasSubstr("no provider 'quantum'"));

    request = requestFor(doubling());
    request.output = m_folder / "none" / "run.h5";
    EXPECT_THAT(failure(request), HasSubstr("none/run.h5"));

    request = requestFor(doubling());
    request.model = m_folder / "missing.onnx";
    EXPECT_THAT(failure(request), HasSubstr("missing.onnx"));
}

TEST_F(ModelRunnerTest, ADamagedModelIsAnError)
{
    const RunRequest request = requestFor(doubling());
    fs::resize_file(request.model, fs::file_size(request.model) / 2);
    EXPECT_THAT(failure(request), HasSubstr("model.onnx"));

    std::ofstream(request.model) << "this is no model";
    EXPECT_THAT(failure(request), HasSubstr("model.onnx"));
}

TEST_F(ModelRunnerTest, AFailingSampleLeavesThoseBeforeItWhenAskedTo)
{
    TinyModel model; // the second sample gathers beyond the end
    model.input("x", DType::Int64, {1}).output("y", DType::Int64, {1});
    model.op("Neg", {"x"}, {"n"}).op("Gather", {"n", "x"}, {"y"});
    RunRequest request = requestFor(model);
    writeNpy(m_folder / "x.npy", {2}, std::vector<std::int64_t>{0, 5});
    request.inputs.perInput["x"] = {InputFill::Kind::File, 0.0, m_folder / "x.npy"};
    EXPECT_THAT(failure(request), HasSubstr("Gather"));

    request.keepPartial = true;
    const auto outcome = run(request);
    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().message, HasSubstr("Gather"));
    const auto dump = dumpOf(request);
    ASSERT_TRUE(dump);
    EXPECT_EQ(dump->samples.size(), 1U);
    ASSERT_EQ(dump->diagnostics.size(), 1U);
    EXPECT_THAT(dump->diagnostics[0].text, HasSubstr("Gather"));
}

TEST_F(ModelRunnerTest, ACancelledRunLeavesNothing)
{
    const JobContext job;
    job.token().cancel();
    const RunRequest request = requestFor(doubling());
    const auto outcome = runModel(request, "test", job);

    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::Cancelled);
    EXPECT_FALSE(fs::exists(request.output));
}
} // namespace
} // namespace syncpoint
