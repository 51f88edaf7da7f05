#include "compare/align/coverage.h"
#include "core/formats/registry.h"
#include "core/tensor/decode.h"
#include "core/tensor/encode.h"
#include "graphs.h"
#include "tests/core/formats/coreml/coreml_files.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <numeric>
#include <regex>
#include <set>

// Pairs of one network in two formats, or in float and in integers.
namespace syncpoint {
namespace {

using test::BlobFile;
using testing::align;
using testing::normal;
using testing::Numbers;
using testing::partnerOf;
using testing::reading;

std::shared_ptr<const Graph> sample(const std::string &name)
{
    const auto graph = loadGraph(test::dataFile(name), {});
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
    return graph ? *graph : nullptr;
}

TEST(CrossFormatTest, FloatAndIntegerTfliteModelsMeetAtEveryTensor)
{
    for (const auto &[real, integer] :
         {std::pair("tflite/conv_fc_mnist.tflite", "tflite/conv_fc_mnist_srq_a8w8.tflite"),
          std::pair("tflite/hello_world_float.tflite", "tflite/hello_world_int8.tflite")}) {
        const auto baseline = sample(real);
        const auto candidate = sample(integer);
        ASSERT_TRUE(baseline && candidate);

        const Alignment alignment = align(*baseline, *candidate);

        EXPECT_EQ(matchableOps(*candidate, alignment.candidate).ratio(), 1.0) << real;
        for (const SyncPoint &point : alignment.points) {
            EXPECT_EQ(baseline->qualifiedName(point.reference),
                      candidate->qualifiedName(point.candidate));
        }
    }
}

/// Which value of the ONNX model an op of PyTorch's program makes, found by equal numbers of two
/// runs: independent of names and structure.
std::map<std::string, std::string> equalValues()
{
    std::istringstream lines(test::readFile(test::dataFile("pytorch/promptseg_values.txt")));
    std::map<std::string, std::string> values;
    for (std::string fx, onnx; lines >> fx >> onnx;) {
        values[fx] = onnx;
    }
    return values;
}

TEST(CrossFormatTest, ThePyTorchProgramMeetsItsOnnxExportWhereTheirNumbersAreEqual)
{
    const auto program = sample("pytorch/promptseg_program.pt2");
    const auto exported = sample("../../examples/promptseg/baseline.onnx");
    const auto truth = equalValues();
    ASSERT_TRUE(program && exported);
    ASSERT_EQ(truth.size(), 166U);

    std::set<std::string> known;
    for (const auto &[fx, onnx] : truth) {
        known.insert(onnx);
    }
    const auto check = [&](const Graph &candidate, const Alignment &alignment, auto pairOf) {
        EXPECT_GT(matchableOps(candidate, alignment.candidate).ratio(), 0.95);
        std::size_t checked = 0;
        for (const SyncPoint &point : alignment.points) {
            const auto [fx, onnx] = pairOf(point);
            const auto right = truth.find(program->qualifiedName(fx));
            const std::string found = exported->qualifiedName(onnx);
            if (right != truth.end() || known.contains(found)) {
                ++checked;
                EXPECT_EQ(right == truth.end() ? "nothing" : right->second, found)
                    << program->qualifiedName(fx);
            }
        }
        EXPECT_GT(checked, 70U);
    };
    check(*exported, align(*program, *exported),
          [](const SyncPoint &point) { return std::pair(point.reference, point.candidate); });
    check(*program, align(*exported, *program),
          [](const SyncPoint &point) { return std::pair(point.candidate, point.reference); });
}

/// The weights of Silero's Core ML program in its ONNX model.
const std::map<std::string, std::string> kSileroWeights{
    {"stft_forward_basis_to_fp16", "model.stft.forward_basis_buffer"},
    {"encoder_layers_0_weight_to_fp16", "model.encoder.0.reparam_conv.weight"},
    {"encoder_layers_0_bias_to_fp16", "model.encoder.0.reparam_conv.bias"},
    {"encoder_layers_2_weight_to_fp16", "model.encoder.1.reparam_conv.weight"},
    {"encoder_layers_2_bias_to_fp16", "model.encoder.1.reparam_conv.bias"},
    {"encoder_layers_4_weight_to_fp16", "model.encoder.2.reparam_conv.weight"},
    {"encoder_layers_4_bias_to_fp16", "model.encoder.2.reparam_conv.bias"},
    {"encoder_layers_6_weight_to_fp16", "model.encoder.3.reparam_conv.weight"},
    {"encoder_layers_6_bias_to_fp16", "model.encoder.3.reparam_conv.bias"},
    {"concat_1", "model.decoder.rnn.weight_ih"},
    {"concat_2", "model.decoder.rnn.weight_hh"},
    {"decoder_final_conv_weight_to_fp16", "model.decoder.decoder.2.weight"},
};

std::string encoded(const std::string &type, const std::vector<double> &numbers)
{
    return test::bytesOf(encodedReals(type == "fp16" ? DType::Float16 : DType::Float32, numbers));
}

/// Sixteen values, closer together where there are more numbers: Lloyd's algorithm, from quantiles.
std::vector<double> paletteOf(std::vector<double> numbers)
{
    constexpr std::size_t kColours = 16;
    std::sort(numbers.begin(), numbers.end());
    std::vector<double> palette;
    for (std::size_t i = 0; i < kColours; ++i) {
        palette.push_back(numbers[(2 * i + 1) * numbers.size() / (2 * kColours)]);
    }
    for (int step = 0; step < 20; ++step) {
        auto first = numbers.begin();
        for (std::size_t i = 0; i < kColours; ++i) {
            const auto last = i + 1 == kColours
                                  ? numbers.end()
                                  : std::lower_bound(first, numbers.end(),
                                                     std::midpoint(palette[i], palette[i + 1]));
            if (first != last) {
                palette[i] = std::accumulate(first, last, 0.0) / double(last - first);
            }
            first = last;
        }
    }
    return palette;
}

/// Silero's Core ML program, which is at hand without its weights, with those of the ONNX model:
/// synthetic, since the published program was trained on its own. The LSTM's gates stay in ONNX's
/// order, its biases, which are merged here, are zero.
class SileroProgram
{
public:
    explicit SileroProgram(bool isPalettized) : m_isPalettized(isPalettized)
    {
        m_onnx = sample("onnx/silero_vad_16k_op15.onnx");
        std::istringstream lines(
            test::readFile(test::dataFile("coreml/silero_vad.mlmodelc/model.mil")));
        const std::regex stored(R"(tensor<(\w+), \[([^\]]*)\]> (\w+) = const.*BLOBFILE.*)");
        for (std::string line; std::getline(lines, line);) {
            std::smatch parts;
            m_text += std::regex_search(line, parts, stored) ? weight(parts[1], parts[2], parts[3])
                                                             : line;
            m_text += '\n';
        }
    }

    const Graph &onnx() const { return *m_onnx; }
    std::shared_ptr<const Graph> load() const { return loaded(m_text); }

    /// With other names for all values, "v0", "v1" …; `names` becomes the new one of each.
    std::shared_ptr<const Graph> loadRenamed(std::map<std::string, std::string> &names) const
    {
        const auto graph = load();
        for (const Value &value : graph->values()) {
            names.emplace(value.name, fmt::format("v{}", names.size()));
        }
        std::string text;
        const std::regex word(R"(\w+|\W+)");
        for (std::sregex_iterator at(m_text.begin(), m_text.end(), word), end; at != end; ++at) {
            const auto name = names.find(at->str());
            text += name == names.end() ? at->str() : name->second;
        }
        return loaded(text);
    }

private:
    std::shared_ptr<const Graph> loaded(const std::string &text) const
    {
        const auto graph = test::loadText(text, m_weights);
        EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
        return graph ? *graph : nullptr;
    }

    std::string weight(const std::string &type, const std::string &shape, const std::string &name)
    {
        const auto source = kSileroWeights.find(name);
        std::vector<double> numbers(elements(shape));
        if (source != kSileroWeights.end()) {
            const Value &value = m_onnx->value(m_onnx->findValue(source->second).value());
            decode(value.constant.value().view(), 0, std::span(numbers));
        }
        if (m_isPalettized && numbers.size() > 1000) {
            return palettized(type, shape, name, numbers);
        }
        const auto offset = m_weights.add(type == "fp16" ? 1 : 2, encoded(type, numbers));
        return fmt::format("tensor<{0}, [{1}]> {2} = const()[name = tensor<string, []>(\"{2}\"), "
                           "val = tensor<{0}, [{1}]>({3})];",
                           type, shape, name, test::blobAt(offset));
    }

    std::string palettized(const std::string &type, const std::string &shape,
                           const std::string &name, const std::vector<double> &numbers)
    {
        const auto palette = paletteOf(numbers);
        std::vector<unsigned> codes;
        for (const double number : numbers) {
            const auto nearest =
                std::min_element(palette.begin(), palette.end(), [number](double a, double b) {
                    return std::abs(a - number) < std::abs(b - number);
                });
            codes.push_back(static_cast<unsigned>(nearest - palette.begin()));
        }
        const std::string packed = test::packedCodes(codes, 4);
        const auto indices = m_weights.add(3, packed);
        const auto lut = m_weights.add(type == "fp16" ? 1 : 2, encoded(type, palette));
        const auto rank = std::count(shape.begin(), shape.end(), ',') + 1;
        return fmt::format("tensor<{0}, [{1}]> {2} = constexpr_lut_to_dense()[indices = "
                           "tensor<uint8, [{3}]>({4}), lut = tensor<{0}, [16]>({5}), name = "
                           "tensor<string, []>(\"{2}\"), shape = tensor<uint32, [{6}]>([{1}])];",
                           type, shape, name, packed.size(), test::blobAt(indices),
                           test::blobAt(lut), rank);
    }

    static std::size_t elements(const std::string &shape)
    {
        std::istringstream parts(shape);
        std::size_t count = 1;
        for (std::string extent; std::getline(parts, extent, ',');) {
            count *= std::stoul(extent);
        }
        return count;
    }

    bool m_isPalettized;
    std::shared_ptr<const Graph> m_onnx;
    BlobFile m_weights;
    std::string m_text;
};

TEST(CrossFormatTest, SilerosOnnxModelMeetsItsCoreMlProgramByWeights)
{
    for (const bool isPalettized : {false, true}) {
        const SileroProgram program(isPalettized);
        const auto candidate = program.load();
        ASSERT_TRUE(candidate);

        const Alignment alignment = align(program.onnx(), *candidate);

        const std::pair<const char *, const char *> expected[] = {
            {"/model/stft/padding/Pad_output_0", "x_1_cast_fp16"},
            {"/model/stft/Conv_output_0", "stft_out_cast_fp16"},
            {"/model/stft/Sqrt_output_0", "input_1_cast_fp16"},
            {"/model/encoder/0/reparam_conv/Conv_output_0", "input_3_cast_fp16"},
            {"/model/encoder/0/activation/Relu_output_0", "x_5_cast_fp16"},
            {"/model/encoder/1/reparam_conv/Conv_output_0", "input_7_cast_fp16"},
            {"/model/encoder/1/activation/Relu_output_0", "x_7_cast_fp16"},
            {"/model/encoder/2/reparam_conv/Conv_output_0", "input_11_cast_fp16"},
            {"/model/encoder/2/activation/Relu_output_0", "x_9_cast_fp16"},
            {"/model/encoder/3/reparam_conv/Conv_output_0", "input_15_cast_fp16"},
            {"/model/encoder/3/activation/Relu_output_0", "x_11_cast_fp16"},
            {"/model/decoder/If_1_output_0", "lstm_out_batch_first_0"}, // an LSTM in both branches
            {"/model/decoder/decoder/1/Relu_output_0", "input_23_cast_fp16"},
            {"/model/decoder/decoder/2/Conv_output_0", "input_cast_fp16"},
            {"/model/decoder/decoder/3/Sigmoid_output_0", "var_124_cast_fp16"},
        };
        for (const auto &[reference, other] : expected) {
            EXPECT_EQ(partnerOf(alignment, program.onnx(), *candidate, reference), other);
        }
        const auto byWeights =
            std::count_if(alignment.points.begin(), alignment.points.end(),
                          [](const SyncPoint &point) { return point.match.rule == "weights"; });
        EXPECT_GE(byWeights, 9);
    }
}

/// Numbers of what the graphs do not tell apart: the spectrum's two parts, and which of the
/// ONNX model's two LSTMs runs.
std::pair<Numbers, Numbers> capturedOfSilero()
{
    const std::pair<const char *, const char *> values[] = {
        {"/model/stft/Pow_output_0", "var_33_cast_fp16"},
        {"/model/stft/Pow_1_output_0", "var_34_cast_fp16"},
        {"/model/decoder/If_1/then_branch//model/decoder/rnn/LSTM_output_1",
         "lstm_out_batch_first_1"},
    };
    std::pair<Numbers, Numbers> numbers;
    float which = 1.0F;
    for (const auto &[onnx, program] : values) {
        const auto made = normal(3.0F * which, which, static_cast<unsigned>(which));
        numbers.first.emplace(onnx, made);
        numbers.second.emplace(program, made);
        which += 1.0F;
    }
    return numbers;
}

std::vector<std::string> unpairedOps(const Graph &graph, const OpCoverage &coverage)
{
    std::vector<std::string> names;
    for (const MatchableOp &op : coverage.matchable) {
        if (!op.point.isValid()) {
            names.push_back(graph.displayName(op.node));
        }
    }
    return names;
}

TEST(CrossFormatTest, SilerosModelsCoverEachOtherButForWhatOnlyOneHas)
{
    const SileroProgram silero(false);
    const Graph &onnx = silero.onnx();
    const auto program = silero.load();
    ASSERT_TRUE(program);
    const auto [own, other] = capturedOfSilero();
    const auto there =
        alignGraphs(onnx, *program, {}, {}, {reading(onnx, own), reading(*program, other)});
    const auto back =
        alignGraphs(*program, onnx, {}, {}, {reading(*program, other), reading(onnx, own)});
    ASSERT_TRUE(there && back);

    const OpCoverage ofProgram = matchableOps(*program, there->candidate);
    const OpCoverage ofOnnx = matchableOps(onnx, back->candidate);

    EXPECT_EQ(ofProgram.ratio(), 1.0);
    EXPECT_EQ(ofProgram.matchable.size(), 17U);
    EXPECT_EQ(ofProgram.oneSided.size(), 4U); // clips at 10 000
    // The ONNX model takes one state for both of the LSTM's and returns one: nothing proves that
    // the program lacks what takes it apart and puts it together, its states have no counterpart.
    EXPECT_THAT(unpairedOps(onnx, ofOnnx), ::testing::UnorderedElementsAre(
                                               "/model/decoder/Gather_2", "/model/decoder/Gather_3",
                                               "/model/decoder/Concat", "/Mul", "/Add"));
    EXPECT_EQ(ofOnnx.matchable.size(), 23U);
    EXPECT_EQ(ofOnnx.oneSided.size(), 1U); // the mean over a single number
}

TEST(CrossFormatTest, SilerosCoreMlProgramMeetsItsFourBitSiblingWithoutNames)
{
    const auto baseline = SileroProgram(false).load();
    std::map<std::string, std::string> renamed;
    const auto candidate = SileroProgram(true).loadRenamed(renamed);
    ASSERT_TRUE(baseline && candidate);

    const Alignment alignment = align(*baseline, *candidate);

    // All but the spectrum's real and imaginary parts, which are squared and added alike.
    EXPECT_EQ(matchableOps(*candidate, alignment.candidate).paired(), 21U);
    EXPECT_EQ(matchableOps(*candidate, alignment.candidate).matchable.size(), 25U);
    for (const SyncPoint &point : alignment.points) {
        EXPECT_EQ(renamed[baseline->qualifiedName(point.reference)],
                  candidate->qualifiedName(point.candidate));
    }
}

} // namespace
} // namespace syncpoint
