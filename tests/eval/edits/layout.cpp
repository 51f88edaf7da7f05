#include "../rewriting.h"
#include "edit_functions.h"

namespace syncpoint::eval {
namespace {

Shape channelsLastShape(const Shape &s)
{
    return {s[0], s[2], s[3], s[1]};
}

/// OIHW as OHWI.
Weight channelsLastFilter(const Weight &old)
{
    Weight moved{channelsLastShape(old.shape), {}};
    const std::int64_t area = old.shape[2] * old.shape[3];
    for (std::int64_t o = 0; o < old.shape[0]; ++o) {
        for (std::int64_t k = 0; k < area; ++k) {
            for (std::int64_t i = 0; i < old.shape[1]; ++i) {
                moved.data.push_back(
                    old.data[static_cast<std::size_t>((o * old.shape[1] + i) * area + k)]);
            }
        }
    }
    return moved;
}

/// A depthwise filter, O1HW as 1HWO.
Weight channelsLastDepthwise(const Weight &old)
{
    Weight moved{{1, old.shape[2], old.shape[3], old.shape[0]}, {}};
    const std::int64_t area = old.shape[2] * old.shape[3];
    for (std::int64_t k = 0; k < area; ++k) {
        for (std::int64_t o = 0; o < old.shape[0]; ++o) {
            moved.data.push_back(old.data[static_cast<std::size_t>(o * area + k)]);
        }
    }
    return moved;
}

/// Writes ops on values in NHWC and turns them back where another op needs them.
class ChannelsLastWriter
{
public:
    ChannelsLastWriter(OpWriter &out, Truth &truth) : m_out(out), m_truth(truth) {}

    bool canTake(const Op &op) const
    {
        static const std::set<std::string> kTypes{
            "Conv",        "Relu", "Add",       "Mul",       "Sub",     "Sigmoid",
            "HardSigmoid", "Clip", "Concat",    "Split",     "MaxPool", "BatchNormalization",
            "AveragePool", "Tanh", "HardSwish", "LeakyRelu", "Abs",     "GlobalAveragePool",
            "Resize"};
        return kTypes.contains(op.type) && m_out.shape(op.outputs[0]).size() == 4 &&
               m_out.shape(op.inputs[0]).size() == 4;
    }
    void write(const Op &op)
    {
        Op made = op;
        for (std::string &input : made.inputs) {
            input = m_out.net().shapes.contains(input) && m_out.shape(input).size() == 4
                        ? turned(input)
                        : input;
        }
        if (made.attributes.contains("axis")) {
            made.attributes["axis"] = {3};
        }
        if (op.type == "Conv") {
            const Weight filter = m_out.net().weights.at(op.inputs[1]);
            const bool isDepthwise = filter.shape[1] == 1 && op.attributes.at("group")[0] > 1;
            Weight moved = isDepthwise ? channelsLastDepthwise(filter) : channelsLastFilter(filter);
            made.inputs[1] = m_out.constant(moved.shape, std::move(moved.data));
            made.type = isDepthwise ? "DEPTHWISE_CONV_2D" : "CONV_2D";
        }
        for (std::string &output : made.outputs) {
            m_turned[output] = m_out.fresh(channelsLastShape(m_out.shape(output)));
            m_missing.insert(output);
            alsoRight(m_truth, output, m_turned[output]);
            output = m_turned[output];
        }
        m_out.add(std::move(made));
    }
    /// Makes the value in NCHW if it is there in NHWC only.
    void need(const std::string &value)
    {
        if (m_missing.erase(value) != 0) {
            m_out.add({"Transpose", {m_turned[value]}, {value}, {{"perm", {0, 3, 1, 2}}}});
        }
    }

private:
    const std::string &turned(const std::string &value)
    {
        if (!m_turned.contains(value)) {
            m_turned[value] =
                m_out.step("Transpose", {value}, channelsLastShape(m_out.shape(value)),
                           {{"perm", {0, 2, 3, 1}}});
            alsoRight(m_truth, value, m_turned[value]);
        }
        return m_turned[value];
    }

    OpWriter &m_out;
    Truth &m_truth;
    std::map<std::string, std::string> m_turned;
    std::set<std::string> m_missing;
};

} // namespace

void channelsLast(Net &net, Truth &truth, Random &)
{
    const Net before = net;
    OpWriter out(net);
    ChannelsLastWriter writer(out, truth);
    for (const Op &op : before.ops) {
        if (writer.canTake(op)) {
            writer.write(op);
            continue;
        }
        for (const std::string &input : op.inputs) {
            writer.need(input);
        }
        out.add(op);
    }
    for (const std::string &output : before.outputs) {
        writer.need(output);
    }
    net.ops = out.take();
    dropMissing(net, truth);
}

void transposeLayout(Net &net, Truth &truth, Random &)
{
    rewriteOps(net, [&](const Op &op, OpWriter &out) {
        if (op.type != "Conv" || out.shape(op.outputs[0]).size() != 4) {
            return false;
        }
        const auto in =
            out.step("Transpose", {op.inputs[0]}, channelsLastShape(out.shape(op.inputs[0])),
                     {{"perm", {0, 2, 3, 1}}});
        Weight moved = channelsLastFilter(out.net().weights.at(op.inputs[1]));
        const auto weight = out.constant(moved.shape, std::move(moved.data));
        const auto made = out.step("CONV_2D", {in, weight, op.inputs[2]},
                                   channelsLastShape(out.shape(op.outputs[0])), op.attributes);
        out.add({"Transpose", {made}, op.outputs, {{"perm", {0, 3, 1, 2}}}});
        alsoRight(truth, op.outputs[0], made);
        return true;
    });
}

} // namespace syncpoint::eval
