#include "rewriting.h"

#include <algorithm>

namespace syncpoint::eval {

bool isLinear(const Op &op)
{
    return op.type == "Conv" || op.type == "Gemm" || op.type == "MatMul";
}

void replaceReads(Net &net, const std::string &from, const std::string &to, std::size_t first)
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

bool isConstant(const Net &net, const std::string &value)
{
    return net.weights.contains(value);
}

std::optional<std::size_t> producerOf(const Net &net, const std::string &value)
{
    for (std::size_t i = 0; i < net.ops.size(); ++i) {
        const auto &made = net.ops[i].outputs;
        if (std::find(made.begin(), made.end(), value) != made.end()) {
            return i;
        }
    }
    return {};
}

const Op *madeBy(const Net &net, const std::string &value, const std::string &type)
{
    const auto producer = producerOf(net, value);
    return producer && net.ops[*producer].type == type ? &net.ops[*producer] : nullptr;
}

const Op *onlyReader(const Net &net, const std::string &value)
{
    const auto readers = net.readersOf(value);
    return readers.size() == 1 && !net.isOutput(value) ? &net.ops[readers[0]] : nullptr;
}

void dropMissing(const Net &net, Truth &truth)
{
    std::set<std::string> known(net.inputs.begin(), net.inputs.end());
    for (const Op &op : net.ops) {
        known.insert(op.outputs.begin(), op.outputs.end());
    }
    for (auto &[name, partners] : truth) {
        std::erase_if(partners, [&](const std::string &value) { return !known.contains(value); });
    }
    std::erase_if(truth, [](const auto &entry) { return entry.second.empty(); });
}

void dropUnused(Net &net, Truth &truth)
{
    std::set<std::string> used(net.outputs.begin(), net.outputs.end());
    std::vector<Op> kept;
    for (auto op = net.ops.rbegin(); op != net.ops.rend(); ++op) {
        if (std::any_of(op->outputs.begin(), op->outputs.end(),
                        [&](const std::string &made) { return used.contains(made); })) {
            used.insert(op->inputs.begin(), op->inputs.end());
            kept.push_back(std::move(*op));
        }
    }
    net.ops.assign(std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend()));
    std::erase_if(net.weights, [&](const auto &entry) { return !used.contains(entry.first); });
    dropMissing(net, truth);
}

std::string OpWriter::step(const std::string &type, std::vector<std::string> inputs, Shape shape,
                           Attributes attributes)
{
    return steps(type, std::move(inputs), 1, shape, std::move(attributes)).front();
}

std::vector<std::string> OpWriter::steps(const std::string &type, std::vector<std::string> inputs,
                                         std::size_t count, const Shape &shape,
                                         Attributes attributes)
{
    Op op{type, std::move(inputs), {}, std::move(attributes)};
    for (std::size_t i = 0; i < count; ++i) {
        op.outputs.push_back(fresh(shape));
    }
    m_ops.push_back(op);
    return op.outputs;
}

std::string OpWriter::fresh(Shape shape)
{
    std::string name = m_net.fresh();
    m_net.shapes[name] = std::move(shape);
    return name;
}

std::string OpWriter::scalar(float value)
{
    return constant({}, {value});
}

std::string OpWriter::constant(Shape shape, std::vector<float> data, DType dtype)
{
    const std::string name = m_net.fresh();
    m_net.weights.emplace(name, Weight{std::move(shape), std::move(data), dtype});
    return name;
}

std::string OpWriter::numbers(const std::vector<std::int64_t> &values)
{
    return constant({static_cast<std::int64_t>(values.size())},
                    std::vector<float>(values.begin(), values.end()), DType::Int64);
}

void rewriteOps(Net &net, const std::function<bool(const Op &, OpWriter &)> &rewrite)
{
    OpWriter writer(net);
    for (const Op &op : net.ops) {
        if (!rewrite(op, writer)) {
            writer.add(op);
        }
    }
    net.ops = writer.take();
}

} // namespace syncpoint::eval
