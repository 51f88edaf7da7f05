#include "net.h"

#include <algorithm>
#include <cmath>

namespace syncpoint::eval {
namespace {

bool isLinear(const Op &op)
{
    return op.type == "Conv" || op.type == "Gemm" || op.type == "MatMul";
}

void replaceReads(Net &net, const std::string &from, const std::string &to, std::size_t first = 0)
{
    for (std::size_t i = first; i < net.ops.size(); ++i) {
        std::replace(net.ops[i].inputs.begin(), net.ops[i].inputs.end(), from, to);
    }
}

void dropFromTruth(Truth &truth, const std::string &value)
{
    for (auto &[name, partners] : truth) {
        partners.erase(value);
    }
    std::erase_if(truth, [](const auto &entry) { return entry.second.empty(); });
}

void alsoRight(Truth &truth, const std::string &known, const std::string &added)
{
    for (auto &[name, partners] : truth) {
        if (partners.contains(known)) {
            partners.insert(added);
        }
    }
}

void renameOnly(Net &, Truth &, Random &)
{
}

/// Another valid order of the ops; operands of commutative ops change places.
void reorder(Net &net, Truth &, Random &random)
{
    std::vector<Op> left = std::move(net.ops);
    net.ops.clear();
    std::set<std::string> made(net.inputs.begin(), net.inputs.end());
    for (const auto &[name, weight] : net.weights) {
        made.insert(name);
    }
    while (!left.empty()) {
        std::vector<std::size_t> ready;
        for (std::size_t i = 0; i < left.size(); ++i) {
            if (std::all_of(left[i].inputs.begin(), left[i].inputs.end(),
                            [&](const std::string &input) { return made.contains(input); })) {
                ready.push_back(i);
            }
        }
        const std::size_t pick = ready[random() % ready.size()];
        Op op = std::move(left[pick]);
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(pick));
        if ((op.type == "Add" || op.type == "Mul") && random() % 2 == 0) {
            std::swap(op.inputs[0], op.inputs[1]);
        }
        made.insert(op.outputs.begin(), op.outputs.end());
        net.ops.push_back(std::move(op));
    }
}

/// Rounds every output channel of a weight to `levels` steps each way.
void roundWeight(Weight &weight, std::size_t channels, bool isLast, float levels)
{
    for (std::size_t c = 0; c < channels; ++c) {
        const auto isOwn = [&](std::size_t i) {
            return (isLast ? i % channels : i / (weight.data.size() / channels)) == c;
        };
        float largest = 1e-9F;
        for (std::size_t i = 0; i < weight.data.size(); ++i) {
            largest = isOwn(i) ? std::max(largest, std::abs(weight.data[i])) : largest;
        }
        for (std::size_t i = 0; i < weight.data.size(); ++i) {
            if (isOwn(i)) {
                weight.data[i] = std::round(weight.data[i] / largest * levels) * largest / levels;
            }
        }
    }
}

void roundWeights(Net &net, float levels)
{
    std::set<std::string> done;
    for (const Op &op : net.ops) {
        const auto weight =
            op.inputs.size() > 1 ? net.weights.find(op.inputs[1]) : net.weights.end();
        if (isLinear(op) && weight != net.weights.end() && done.insert(op.inputs[1]).second) {
            const bool isLast = op.type != "Conv";
            const Shape &shape = weight->second.shape;
            roundWeight(weight->second,
                        static_cast<std::size_t>(isLast ? shape.back() : shape.front()), isLast,
                        levels);
        }
    }
}

/// Ops between every value and its readers.
void wrapValues(Net &net, Truth &truth, const std::vector<std::string> &types)
{
    std::vector<Op> ops;
    std::map<std::string, std::string> last;
    for (Op op : net.ops) {
        for (std::string &input : op.inputs) {
            input = last.contains(input) ? last[input] : input;
        }
        const std::string made = op.outputs.front();
        ops.push_back(std::move(op));
        std::string at = made;
        for (const std::string &type : types) {
            const std::string next = net.fresh();
            ops.push_back({type, {at}, {next}, {}, {}});
            net.shapes[next] = net.shapes[made];
            alsoRight(truth, made, next);
            at = next;
        }
        last[made] = at;
    }
    for (std::string &output : net.outputs) {
        output = last.contains(output) ? last[output] : output;
    }
    net.ops = std::move(ops);
}

void quantize8(Net &net, Truth &truth, Random &)
{
    roundWeights(net, 127.0F);
    wrapValues(net, truth, {"QuantizeLinear", "DequantizeLinear"});
}

void quantize4(Net &net, Truth &, Random &)
{
    roundWeights(net, 7.0F);
}

void castHalf(Net &net, Truth &truth, Random &)
{
    for (auto &[name, weight] : net.weights) {
        for (float &value : weight.data) {
            value += value * 4e-4F; // half precision keeps 11 bits
        }
    }
    wrapValues(net, truth, {"Cast"});
}

/// BatchNormalization into the convolution before it.
void foldBatchNorm(Net &net, Truth &truth, Random &)
{
    for (std::size_t i = 0; i + 1 < net.ops.size(); ++i) {
        if (net.ops[i].type != "Conv") {
            continue;
        }
        const std::string inner = net.ops[i].outputs.front();
        const auto readers = net.readersOf(inner);
        if (readers.size() != 1 || net.ops[readers[0]].type != "BatchNormalization") {
            continue;
        }
        const Op norm = net.ops[readers[0]];
        Weight folded = net.weights.at(net.ops[i].inputs[1]);
        Weight bias = net.weights.at(net.ops[i].inputs[2]);
        const std::size_t each = folded.data.size() / bias.data.size();
        for (std::size_t k = 0; k < folded.data.size(); ++k) {
            folded.data[k] *= net.weights.at(norm.inputs[1]).data[k / each];
        }
        for (std::size_t c = 0; c < bias.data.size(); ++c) {
            bias.data[c] = bias.data[c] * net.weights.at(norm.inputs[1]).data[c] +
                           net.weights.at(norm.inputs[2]).data[c];
        }
        net.ops[i].inputs[1] = net.fresh();
        net.weights.emplace(net.ops[i].inputs[1], std::move(folded));
        net.ops[i].inputs[2] = net.fresh();
        net.weights.emplace(net.ops[i].inputs[2], std::move(bias));
        dropFromTruth(truth, inner);
        net.ops[i].outputs = norm.outputs;
        net.ops.erase(net.ops.begin() + static_cast<std::ptrdiff_t>(readers[0]));
    }
}

/// Convolutions in NHWC with OHWI weights, a Transpose on either side.
void transposeLayout(Net &net, Truth &truth, Random &)
{
    std::vector<Op> ops;
    for (Op op : net.ops) {
        if (op.type != "Conv") {
            ops.push_back(std::move(op));
            continue;
        }
        const auto relaid = [&](const Shape &s) { return Shape{s[0], s[2], s[3], s[1]}; };
        const std::string in = net.fresh();
        const std::string made = net.fresh();
        net.shapes[in] = relaid(net.shapes[op.inputs[0]]);
        net.shapes[made] = relaid(net.shapes[op.outputs[0]]);
        const Weight &old = net.weights.at(op.inputs[1]);
        Weight moved{relaid(old.shape), {}};
        for (std::int64_t o = 0; o < old.shape[0]; ++o) {
            for (std::int64_t k = 0; k < old.shape[2] * old.shape[3]; ++k) {
                for (std::int64_t i = 0; i < old.shape[1]; ++i) {
                    moved.data.push_back(old.data[static_cast<std::size_t>(
                        (o * old.shape[1] + i) * old.shape[2] * old.shape[3] + k)]);
                }
            }
        }
        const std::string weight = net.fresh();
        net.weights.emplace(weight, std::move(moved));
        ops.push_back({"Transpose", {op.inputs[0]}, {in}, {{"perm", {0, 2, 3, 1}}}, {}});
        ops.push_back({"CONV_2D", {in, weight, op.inputs[2]}, {made}, op.attributes, {}});
        ops.push_back({"Transpose", {made}, {op.outputs[0]}, {{"perm", {0, 3, 1, 2}}}, {}});
        alsoRight(truth, op.outputs[0], made);
    }
    net.ops = std::move(ops);
}

/// Conv and Gemm with a bias become two ops.
void splitBias(Net &net, Truth &, Random &)
{
    std::vector<Op> ops;
    for (Op op : net.ops) {
        const bool hasBias = (op.type == "Conv" || op.type == "Gemm") && op.inputs.size() == 3;
        if (!hasBias) {
            ops.push_back(std::move(op));
            continue;
        }
        std::string bias = op.inputs.back();
        if (op.type == "Conv") {
            Weight shaped = net.weights.at(bias);
            shaped.shape = {1, shaped.shape[0], 1, 1};
            bias = net.fresh();
            net.weights.emplace(bias, std::move(shaped));
        }
        op.inputs.pop_back();
        op.type = op.type == "Gemm" ? "MatMul" : op.type;
        const std::string sum = op.outputs.front();
        const std::string product = net.fresh();
        net.shapes[product] = net.shapes[sum];
        op.outputs = {product};
        ops.push_back(std::move(op));
        ops.push_back({"Add", {product, bias}, {sum}, {}, {}});
    }
    net.ops = std::move(ops);
}

/// MatMul + Add becomes Gemm, every second time with a transposed weight.
void foldBias(Net &net, Truth &truth, Random &random)
{
    for (std::size_t i = 0; i < net.ops.size(); ++i) {
        const std::string inner = net.ops[i].outputs.front();
        const auto readers = net.readersOf(inner);
        if (net.ops[i].type != "MatMul" || !net.weights.contains(net.ops[i].inputs[1]) ||
            readers.size() != 1 || net.isOutput(inner)) {
            continue;
        }
        const Op add = net.ops[readers[0]];
        if (add.type != "Add") {
            continue;
        }
        const std::string bias = add.inputs[add.inputs[0] == inner ? 1 : 0];
        if (!net.weights.contains(bias)) {
            continue;
        }
        Op &gemm = net.ops[i];
        gemm.type = "Gemm";
        if (random() % 2 == 0) {
            const Weight &old = net.weights.at(gemm.inputs[1]);
            Weight turned{{old.shape[1], old.shape[0]}, {}};
            for (std::int64_t n = 0; n < old.shape[1]; ++n) {
                for (std::int64_t k = 0; k < old.shape[0]; ++k) {
                    turned.data.push_back(old.data[static_cast<std::size_t>(k * old.shape[1] + n)]);
                }
            }
            gemm.inputs[1] = net.fresh();
            net.weights.emplace(gemm.inputs[1], std::move(turned));
            gemm.attributes["transB"] = {1};
        }
        gemm.inputs.push_back(bias);
        gemm.outputs = add.outputs;
        dropFromTruth(truth, inner);
        net.ops.erase(net.ops.begin() + static_cast<std::ptrdiff_t>(readers[0]));
    }
}

/// Activations into the convolution, as FusedConv.
void fuseActivation(Net &net, Truth &truth, Random &)
{
    for (std::size_t i = 0; i < net.ops.size(); ++i) {
        const std::string inner = net.ops[i].outputs.front();
        const auto readers = net.readersOf(inner);
        if (net.ops[i].type != "Conv" || readers.size() != 1 || net.isOutput(inner)) {
            continue;
        }
        const Op next = net.ops[readers[0]];
        if (next.type == "Relu" || next.type == "Sigmoid") {
            net.ops[i].type = "FusedConv";
            net.ops[i].activation = next.type;
            net.ops[i].outputs = next.outputs;
            dropFromTruth(truth, inner);
            net.ops.erase(net.ops.begin() + static_cast<std::ptrdiff_t>(readers[0]));
        }
    }
}

/// Gelu, HardSwish and LayerNormalization written out.
void decompose(Net &net, Truth &, Random &)
{
    std::vector<Op> ops;
    for (Op &op : net.ops) {
        const std::string x = op.inputs.front();
        const auto step = [&](const std::string &type, std::vector<std::string> inputs) {
            const std::string made = net.fresh();
            net.shapes[made] = net.shapes[op.outputs.front()];
            ops.push_back({type, std::move(inputs), {made}, {}, {}});
            return made;
        };
        const auto scalar = [&](float value) {
            const std::string name = net.fresh();
            net.weights.emplace(name, Weight{{1}, {value}});
            return name;
        };
        if (op.type == "Gelu") {
            const auto erf = step("Erf", {step("Div", {x, scalar(1.4142135F)})});
            const auto product = step("Mul", {x, step("Add", {erf, scalar(1.0F)})});
            ops.push_back({"Mul", {product, scalar(0.5F)}, op.outputs, {}, {}});
        } else if (op.type == "HardSwish") {
            ops.push_back({"Mul", {x, step("HardSigmoid", {x})}, op.outputs, {}, {}});
        } else if (op.type == "LayerNormalization") {
            const auto centered = step("Sub", {x, step("ReduceMean", {x})});
            const auto square = step("Pow", {centered, scalar(2.0F)});
            const auto variance = step("Add", {step("ReduceMean", {square}), scalar(1e-5F)});
            const auto normal = step("Div", {centered, step("Sqrt", {variance})});
            ops.push_back(
                {"Add", {step("Mul", {normal, op.inputs[1]}), op.inputs[2]}, op.outputs, {}, {}});
        } else {
            ops.push_back(std::move(op));
        }
    }
    net.ops = std::move(ops);
}

/// Some ops computed once per reader.
void duplicate(Net &net, Truth &truth, Random &random)
{
    for (std::size_t i = 0; i < net.ops.size(); ++i) {
        const auto readers = net.readersOf(net.ops[i].outputs.front());
        if (readers.size() < 2 || random() % 2 == 0) {
            continue;
        }
        Op copy = net.ops[i];
        const std::string old = copy.outputs.front();
        copy.outputs = {net.fresh()};
        net.shapes[copy.outputs[0]] = net.shapes[old];
        alsoRight(truth, old, copy.outputs[0]);
        std::replace(net.ops[readers.back()].inputs.begin(), net.ops[readers.back()].inputs.end(),
                     old, copy.outputs[0]);
        net.ops.insert(net.ops.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(copy));
        ++i;
    }
}

/// New ops on one value in eight.
void insertOps(Net &net, Truth &, Random &random)
{
    static const char *const kTypes[] = {"Tanh", "Clip", "Mul", "Relu"};
    for (std::size_t i = 0; i + 1 < net.ops.size(); ++i) {
        if (random() % 8 != 0 || net.isOutput(net.ops[i].outputs.front())) {
            continue;
        }
        const std::string old = net.ops[i].outputs.front();
        Op added{kTypes[random() % 4], {old}, {net.fresh()}, {}, {}};
        if (added.type == "Mul") {
            const std::string half = net.fresh();
            net.weights.emplace(half, Weight{{1}, {0.5F}});
            added.inputs.push_back(half);
        }
        net.shapes[added.outputs[0]] = net.shapes[old];
        replaceReads(net, old, added.outputs.front(), i + 1);
        net.ops.insert(net.ops.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(added));
        ++i;
    }
}

/// One op in ten whose result looks like its input is left out.
void removeOps(Net &net, Truth &truth, Random &random)
{
    for (std::size_t i = 0; i < net.ops.size(); ++i) {
        const Op op = net.ops[i];
        const std::string made = op.outputs.front();
        if (random() % 10 != 0 || net.isOutput(made) || net.weights.contains(op.inputs.front()) ||
            net.shapes[made] != net.shapes[op.inputs.front()]) {
            continue;
        }
        replaceReads(net, made, op.inputs.front());
        dropFromTruth(truth, made);
        net.ops.erase(net.ops.begin() + static_cast<std::ptrdiff_t>(i));
        --i;
    }
}

/// A residual block of its own weights on one value in twelve.
void insertBlocks(Net &net, Truth &, Random &random)
{
    std::normal_distribution<float> normal(0.0F, 0.1F);
    for (std::size_t i = 0; i + 1 < net.ops.size(); ++i) {
        const std::string old = net.ops[i].outputs.front();
        const Shape shape = net.shapes[old];
        if (random() % 12 != 0 || net.isOutput(old) || shape.size() < 2 ||
            net.weights.contains(net.ops[i].inputs.front())) {
            continue;
        }
        const bool isImage = shape.size() == 4;
        const std::int64_t width = isImage ? shape[1] : shape.back();
        Weight weight{isImage ? Shape{width, width, 1, 1} : Shape{width, width}, {}};
        for (std::int64_t k = 0; k < width * width; ++k) {
            weight.data.push_back(normal(random));
        }
        const std::string names[] = {net.fresh(), net.fresh(), net.fresh(), net.fresh()};
        net.weights.emplace(names[0], std::move(weight));
        const Op block[] = {{isImage ? "Conv" : "MatMul", {old, names[0]}, {names[1]}, {}, {}},
                            {"Relu", {names[1]}, {names[2]}, {}, {}},
                            {"Add", {names[2], old}, {names[3]}, {}, {}}};
        replaceReads(net, old, names[3], i + 1);
        net.ops.insert(net.ops.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::begin(block),
                       std::end(block));
        for (const std::string &made : {names[1], names[2], names[3]}) {
            net.shapes[made] = shape;
        }
        i += std::size(block);
    }
}

/// Ops that nothing reads, some like the ones that are read.
void addDeadBranches(Net &net, Truth &, Random &random)
{
    for (std::size_t i = 0; i < net.ops.size(); ++i) {
        if (random() % 4 != 0) {
            continue;
        }
        const std::string old = net.ops[i].outputs.front();
        const char *const types[] = {"Relu", "Sigmoid", "Tanh"};
        Op dead{types[random() % 3], {old}, {net.fresh()}, {}, {}};
        net.shapes[dead.outputs.front()] = net.shapes[old];
        net.ops.insert(net.ops.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(dead));
        ++i;
    }
}

void addIdentities(Net &net, Truth &truth, Random &)
{
    wrapValues(net, truth, {"Identity"});
}

/// Another training run: structure is all that is left.
void retrain(Net &net, Truth &, Random &random)
{
    random.discard(1000003); // the networks' own weights start from seeds like this one
    std::normal_distribution<float> normal(0.0F, 0.1F);
    for (auto &[name, weight] : net.weights) {
        if (weight.data.size() > 1) {
            std::generate(weight.data.begin(), weight.data.end(), [&] { return normal(random); });
        }
    }
}

void flattenWeights(Net &net, Truth &, Random &)
{
    for (auto &[name, weight] : net.weights) {
        if (weight.data.size() > 1) {
            std::fill(weight.data.begin(), weight.data.end(), 0.01F);
        }
    }
}

void int4FusedDuplicated(Net &net, Truth &truth, Random &random)
{
    foldBatchNorm(net, truth, random);
    foldBias(net, truth, random);
    decompose(net, truth, random);
    duplicate(net, truth, random);
    addDeadBranches(net, truth, random);
    quantize4(net, truth, random);
    castHalf(net, truth, random);
    reorder(net, truth, random);
}

void int8FusedLayout(Net &net, Truth &truth, Random &random)
{
    foldBatchNorm(net, truth, random);
    foldBias(net, truth, random);
    fuseActivation(net, truth, random);
    transposeLayout(net, truth, random);
    quantize8(net, truth, random);
    reorder(net, truth, random);
}

} // namespace

std::vector<Edit> edits()
{
    return {{"rename", renameOnly},
            {"reorder", reorder},
            {"int8 QDQ", quantize8},
            {"int4 weights", quantize4},
            {"fp16 casts", castHalf},
            {"fold batch norm", foldBatchNorm},
            {"NHWC layout", transposeLayout},
            {"split bias", splitBias},
            {"fold bias", foldBias},
            {"fuse activation", fuseActivation},
            {"decompose", decompose},
            {"duplicate", duplicate},
            {"insert ops", insertOps},
            {"remove ops", removeOps},
            {"insert blocks", insertBlocks},
            {"dead branches", addDeadBranches},
            {"identities", addIdentities},
            {"other weights", retrain},
            {"equal weights", flattenWeights},
            {"int8 + fused + NHWC", int8FusedLayout},
            {"int4 + fused + duplicated", int4FusedDuplicated}};
}

void scramble(Net &net, Truth &truth, Random &random)
{
    std::map<std::string, std::string> names;
    const auto renamed = [&](const std::string &name) {
        const auto [entry, isNew] = names.try_emplace(name);
        if (isNew) {
            entry->second = "t" + std::to_string(random()) + "_" + std::to_string(names.size());
        }
        return entry->second;
    };
    const auto all = [&](std::vector<std::string> &list) {
        std::transform(list.begin(), list.end(), list.begin(), renamed);
    };
    all(net.inputs);
    all(net.outputs);
    for (Op &op : net.ops) {
        all(op.inputs);
        all(op.outputs);
    }
    std::map<std::string, Weight> weights;
    for (auto &[name, weight] : net.weights) {
        weights.emplace(renamed(name), std::move(weight));
    }
    std::map<std::string, Shape> shapes;
    for (auto &[name, shape] : net.shapes) {
        shapes.emplace(renamed(name), std::move(shape));
    }
    net.weights = std::move(weights);
    net.shapes = std::move(shapes);
    for (auto &[name, partners] : truth) {
        std::set<std::string> moved;
        for (const std::string &partner : partners) {
            moved.insert(renamed(partner));
        }
        partners = std::move(moved);
    }
}

} // namespace syncpoint::eval
