#include "../rewriting.h"
#include "edit_functions.h"

namespace syncpoint::eval {
namespace {

void writeLayerNorm(const Op &op, const Shape &shape, OpWriter &out)
{
    Shape row = shape;
    row.back() = 1;
    const auto &x = op.inputs[0];
    const auto centered = out.step("Sub", {x, out.step("ReduceMean", {x}, row)}, shape);
    const auto square = out.step("Pow", {centered, out.scalar(2.0F)}, shape);
    const auto variance =
        out.step("Add", {out.step("ReduceMean", {square}, row), out.scalar(1e-5F)}, row);
    const auto normal = out.step("Div", {centered, out.step("Sqrt", {variance}, row)}, shape);
    out.add({"Add", {out.step("Mul", {normal, op.inputs[1]}, shape), op.inputs[2]}, op.outputs});
}

/// Groups as channels of an InstanceNormalization, scale and shift per channel after it.
void writeGroupNorm(const Op &op, const Shape &shape, OpWriter &out)
{
    const std::int64_t groups = op.attributes.at("num_groups")[0];
    const Shape merged{shape[0], groups, -1};
    const auto flat = out.step("Reshape", {op.inputs[0], out.numbers(merged)}, {});
    const auto count = static_cast<std::size_t>(groups);
    const auto ones = out.constant({groups}, std::vector<float>(count, 1.0F));
    const auto zeros = out.constant({groups}, std::vector<float>(count, 0.0F));
    const auto normal = out.step("InstanceNormalization", {flat, ones, zeros}, {});
    const auto back = out.step("Reshape", {normal, out.numbers(shape)}, shape);
    const auto perChannel = [&](const std::string &name) {
        const Weight &weight = out.net().weights.at(name);
        return out.constant({weight.shape[0], 1, 1}, weight.data);
    };
    const auto scaled = out.step("Mul", {back, perChannel(op.inputs[1])}, shape);
    out.add({"Add", {scaled, perChannel(op.inputs[2])}, op.outputs});
}

/// One gate of a recurrence: the x-side and the h-side of it through an activation.
std::string gate(const std::string &activation, const std::string &x, const std::string &h,
                 OpWriter &out)
{
    const Shape shape = out.shape(x);
    return out.step(activation, {out.step("Add", {x, h}, shape)}, shape);
}

/// What both recurrences have in common: weights without their direction, biases in halves.
struct Recurrence
{
    std::string weight, recurrence, bias, recurrenceBias;
    Shape state;
    std::size_t gates = 0;

    Recurrence(const Op &op, std::size_t gateCount, OpWriter &out) : gates(gateCount)
    {
        const Weight w = out.net().weights.at(op.inputs[1]);
        const Weight r = out.net().weights.at(op.inputs[2]);
        const std::vector<float> b = out.net().weights.at(op.inputs[3]).data;
        const std::int64_t rows = w.shape[1];
        const auto middle = b.begin() + rows;
        weight = out.constant({rows, w.shape[2]}, w.data);
        recurrence = out.constant({rows, r.shape[2]}, r.data);
        bias = out.constant({rows}, {b.begin(), middle});
        recurrenceBias = out.constant({rows}, {middle, b.end()});
        state = {1, r.shape[2]};
    }
    /// Both sides of all gates.
    std::pair<std::vector<std::string>, std::vector<std::string>>
    parts(const std::string &x, const std::string &h, OpWriter &out) const
    {
        const Shape wide{1, static_cast<std::int64_t>(gates) * state[1]};
        const Attributes turned{{"transB", {1}}};
        const auto own = out.step("Gemm", {x, weight, bias}, wide, turned);
        const auto old = out.step("Gemm", {h, recurrence, recurrenceBias}, wide, turned);
        const Attributes last{{"axis", {1}}};
        return {out.steps("Split", {own}, gates, state, last),
                out.steps("Split", {old}, gates, state, last)};
    }
    std::string zeros(OpWriter &out) const
    {
        return out.constant(state, std::vector<float>(static_cast<std::size_t>(state[1])));
    }
};

/// ONNX keeps the gates as input, output, forget, cell.
std::string lstmStep(const Recurrence &r, const std::string &x, const std::string &h,
                     std::string &cell, OpWriter &out)
{
    const auto [own, old] = r.parts(x, h, out);
    const auto input = gate("Sigmoid", own[0], old[0], out);
    const auto output = gate("Sigmoid", own[1], old[1], out);
    const auto forget = gate("Sigmoid", own[2], old[2], out);
    const auto fresh = gate("Tanh", own[3], old[3], out);
    cell = out.step(
        "Add", {out.step("Mul", {forget, cell}, r.state), out.step("Mul", {input, fresh}, r.state)},
        r.state);
    return out.step("Mul", {output, out.step("Tanh", {cell}, r.state)}, r.state);
}

/// ONNX keeps the gates as update, reset, hidden.
std::string gruStep(const Recurrence &r, const std::string &x, const std::string &h, OpWriter &out)
{
    const auto [own, old] = r.parts(x, h, out);
    const auto update = gate("Sigmoid", own[0], old[0], out);
    const auto reset = gate("Sigmoid", own[1], old[1], out);
    const auto fresh = gate("Tanh", own[2], out.step("Mul", {reset, old[2]}, r.state), out);
    const auto keep = out.step("Sub", {out.scalar(1.0F), update}, r.state);
    return out.step(
        "Add", {out.step("Mul", {keep, fresh}, r.state), out.step("Mul", {update, h}, r.state)},
        r.state);
}

void writeRecurrence(const Op &op, const Shape &shape, OpWriter &out)
{
    const bool isLstm = op.type == "LSTM";
    const Recurrence r(op, isLstm ? 4 : 3, out);
    const Shape frame{1, out.net().weights.at(op.inputs[1]).shape[2]};
    std::string h = r.zeros(out);
    std::string cell = isLstm ? r.zeros(out) : "";
    std::vector<std::string> steps;
    for (std::int64_t t = 0; t < shape[0]; ++t) {
        const auto x = out.step(
            "Gather", {op.inputs[0], out.constant({}, {static_cast<float>(t)}, DType::Int64)},
            frame, {{"axis", {0}}});
        h = isLstm ? lstmStep(r, x, h, cell, out) : gruStep(r, x, h, out);
        steps.push_back(
            out.step("Unsqueeze", {h, out.numbers({0, 1})}, {1, 1, shape[2], shape[3]}));
    }
    out.add({"Concat", steps, op.outputs, {{"axis", {0}}}});
}

float scalarOf(const OpWriter &out, const std::string &name)
{
    const auto found = out.net().weights.find(name);
    return found == out.net().weights.end() || found->second.data.size() != 1
               ? 0.0F
               : found->second.data[0];
}

} // namespace

void decompose(Net &net, Truth &, Random &)
{
    rewriteOps(net, [](const Op &op, OpWriter &out) {
        const Shape shape = out.shape(op.outputs.front());
        const std::string x = op.inputs.front();
        if (op.type == "Gelu") {
            const auto half = out.step("Div", {x, out.scalar(1.4142135F)}, shape);
            const auto erf = out.step("Erf", {half}, shape);
            const auto product =
                out.step("Mul", {x, out.step("Add", {erf, out.scalar(1.0F)}, shape)}, shape);
            out.add({"Mul", {product, out.scalar(0.5F)}, op.outputs});
        } else if (op.type == "HardSwish") {
            out.add({"Mul", {x, out.step("HardSigmoid", {x}, shape)}, op.outputs});
        } else if (op.type == "LayerNormalization") {
            writeLayerNorm(op, shape, out);
        } else if (op.type == "GroupNormalization") {
            writeGroupNorm(op, shape, out);
        } else {
            return false;
        }
        return true;
    });
}

void unrollRecurrences(Net &net, Truth &, Random &)
{
    rewriteOps(net, [](const Op &op, OpWriter &out) {
        if (op.type != "LSTM" && op.type != "GRU") {
            return false;
        }
        writeRecurrence(op, out.shape(op.outputs.front()), out);
        return true;
    });
}

void rewriteAlgebra(Net &net, Truth &, Random &)
{
    const Net before = net;
    rewriteOps(net, [&](const Op &op, OpWriter &out) {
        const std::string &x = op.inputs.front();
        const Shape shape = out.shape(op.outputs.front());
        const float c = op.inputs.size() > 1 ? scalarOf(out, op.inputs[1]) : 0.0F;
        if (op.type == "Div" && c != 0.0F) {
            out.add({"Mul", {x, out.scalar(1.0F / c)}, op.outputs});
        } else if (op.type == "Div" && madeBy(before, op.inputs[1], "Sqrt") != nullptr) {
            const auto inverse = out.step("Reciprocal", {op.inputs[1]}, out.shape(op.inputs[1]));
            out.add({"Mul", {x, inverse}, op.outputs});
        } else if (op.type == "Pow" && c == 2.0F) {
            out.add({"Mul", {x, x}, op.outputs});
        } else if (op.type == "Relu") {
            out.add({"Clip", {x, out.scalar(0.0F)}, op.outputs});
        } else if (op.type == "Clip" && op.inputs.size() == 3 &&
                   scalarOf(out, op.inputs[2]) == 6.0F) {
            out.add({"RELU6", {x}, op.outputs});
        } else if (op.type == "ReduceMean" && op.attributes.contains("axes") &&
                   op.attributes.at("axes").size() == 2) {
            const auto mean = out.step("GlobalAveragePool", {x}, {shape[0], shape[1], 1, 1});
            out.add({"Flatten", {mean}, op.outputs});
        } else {
            return false;
        }
        return true;
    });
}

void changeOpset(Net &net, Truth &, Random &)
{
    rewriteOps(net, [](const Op &op, OpWriter &out) {
        Op made = op;
        const auto toInput = [&](const char *name) {
            made.inputs.push_back(out.numbers(op.attributes.at(name)));
            made.attributes.erase(name);
        };
        const auto toAttribute = [&](const char *name, std::size_t slot) {
            const auto &numbers = out.net().weights.at(op.inputs[slot]).data;
            made.attributes[name] = {numbers.begin(), numbers.end()};
            made.inputs.resize(slot);
        };
        if (op.type == "ReduceMean" && op.attributes.contains("axes")) {
            toInput("axes");
        } else if ((op.type == "Squeeze" || op.type == "Unsqueeze") && op.inputs.size() == 2) {
            toAttribute("axes", 1);
        } else if (op.type == "Clip" && op.inputs.size() == 3) {
            toAttribute("max", 2);
            toAttribute("min", 1);
        } else if (op.type == "Pad") {
            toAttribute("pads", 1);
        } else if (op.type == "Split") {
            const std::int64_t part = out.shape(
                op.outputs.front())[static_cast<std::size_t>(op.attributes.at("axis")[0])];
            made.inputs.push_back(out.numbers(std::vector<std::int64_t>(op.outputs.size(), part)));
        } else if (op.type == "Resize") {
            made.type = "Upsample";
        } else {
            return false;
        }
        out.add(std::move(made));
        return true;
    });
}

void computeShapes(Net &net, Truth &, Random &)
{
    rewriteOps(net, [](const Op &op, OpWriter &out) {
        if (op.type != "Reshape" || op.inputs.size() != 2) {
            return false;
        }
        const std::vector<float> wanted = out.net().weights.at(op.inputs[1]).data;
        const auto rank = static_cast<std::int64_t>(out.shape(op.inputs[0]).size());
        const auto all = out.step("Shape", {op.inputs[0]}, {rank});
        const auto first = out.step("Gather", {all, out.constant({}, {0.0F}, DType::Int64)}, {});
        const auto batch = out.step("Unsqueeze", {first, out.numbers({0})}, {1});
        const auto rest = out.numbers({wanted.begin() + 1, wanted.end()});
        const auto shape = out.step("Concat", {batch, rest},
                                    {static_cast<std::int64_t>(wanted.size())}, {{"axis", {0}}});
        out.add({"Reshape", {op.inputs[0], shape}, op.outputs});
        return true;
    });
}

} // namespace syncpoint::eval
