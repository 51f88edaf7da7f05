#include "../rewriting.h"
#include "edit_functions.h"

#include <algorithm>

namespace syncpoint::eval {
namespace {

/// Rows [first, first + count) of a weight.
std::string rows(const std::string &name, std::int64_t first, std::int64_t count, OpWriter &out)
{
    const Weight weight = out.net().weights.at(name);
    const auto each =
        static_cast<std::int64_t>(weight.data.size()) / std::max<std::int64_t>(1, weight.shape[0]);
    Shape shape = weight.shape;
    shape[0] = count;
    const auto from = weight.data.begin() + first * each;
    return out.constant(shape, {from, from + count * each});
}

/// A grouped convolution as one per group, another as two of half the channels.
bool splitConvolution(const Op &op, OpWriter &out)
{
    const std::int64_t groups = op.attributes.contains("group") ? op.attributes.at("group")[0] : 1;
    const Shape shape = out.shape(op.outputs[0]);
    const std::int64_t parts = groups == 1 ? 2 : groups;
    if (op.inputs.size() != 3 || parts > 4 || shape[1] % parts != 0) {
        return false;
    }
    std::vector<std::string> in(static_cast<std::size_t>(parts), op.inputs[0]);
    if (groups > 1) {
        Shape part = out.shape(op.inputs[0]);
        part[1] /= groups;
        in = out.steps("Split", {op.inputs[0]}, in.size(), part, {{"axis", {1}}});
    }
    const std::int64_t width = shape[1] / parts;
    Shape part = shape;
    part[1] = width;
    Attributes attributes = op.attributes;
    attributes["group"] = {1};
    std::vector<std::string> made;
    for (std::int64_t i = 0; i < parts; ++i) {
        made.push_back(
            out.step("Conv",
                     {in[static_cast<std::size_t>(i)], rows(op.inputs[1], i * width, width, out),
                      rows(op.inputs[2], i * width, width, out)},
                     part, attributes));
    }
    out.add({"Concat", made, op.outputs, {{"axis", {1}}}});
    return true;
}

/// Columns of several matrices side by side.
Weight besideEachOther(const std::vector<const Weight *> &parts)
{
    Weight made{{parts[0]->shape[0], 0}, {}};
    for (const Weight *part : parts) {
        made.shape[1] += part->shape[1];
    }
    for (std::int64_t row = 0; row < made.shape[0]; ++row) {
        for (const Weight *part : parts) {
            const auto from = part->data.begin() + row * part->shape[1];
            made.data.insert(made.data.end(), from, from + part->shape[1]);
        }
    }
    return made;
}

/// The matrix products with constants that read a value, when there are several of one width.
std::vector<const Op *> productsOf(const Net &net, const std::string &value)
{
    std::vector<const Op *> products;
    for (const std::size_t reader : net.readersOf(value)) {
        const Op &op = net.ops[reader];
        if (op.type == "MatMul" && op.inputs[0] == value && isConstant(net, op.inputs[1]) &&
            (products.empty() ||
             net.weights.at(op.inputs[1]).shape == net.weights.at(products[0]->inputs[1]).shape)) {
            products.push_back(&op);
        }
    }
    return products.size() > 1 ? products : std::vector<const Op *>{};
}

/// Other weights under other names, for a branch that is not taken.
Net decoyOf(const Net &body, const Net &outer, Random &random)
{
    Net decoy = body;
    std::normal_distribution<float> normal(0.0F, 0.1F);
    std::map<std::string, std::string> names;
    const auto renamed = [&](std::string &name) {
        if (body.shapes.contains(name) || names.contains(name)) {
            names.try_emplace(name, "decoy_" + name);
            name = names[name];
        }
    };
    for (Op &op : decoy.ops) {
        for (std::string &output : op.outputs) {
            names.try_emplace(output, "decoy_" + output);
            output = names[output];
        }
        for (std::string &input : op.inputs) {
            const auto weight = outer.weights.find(input);
            if (weight == outer.weights.end()) {
                renamed(input);
                continue;
            }
            Weight other = weight->second;
            if (other.dtype == DType::Float32 && other.data.size() > 1) {
                std::generate(other.data.begin(), other.data.end(), [&] { return normal(random); });
            }
            input = "decoy_" + input;
            decoy.weights.try_emplace(input, std::move(other));
        }
    }
    std::for_each(decoy.outputs.begin(), decoy.outputs.end(), renamed);
    decoy.shapes.clear();
    return decoy;
}

} // namespace

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

void splitConvolutions(Net &net, Truth &, Random &)
{
    rewriteOps(net, [](const Op &op, OpWriter &out) {
        return op.type == "Conv" && splitConvolution(op, out);
    });
}

void splitJoins(Net &net, Truth &, Random &)
{
    rewriteOps(net, [&](const Op &op, OpWriter &out) {
        if (op.type == "Concat" && op.inputs.size() > 2) {
            const auto first = out.step("Concat", {op.inputs[0], op.inputs[1]}, {}, op.attributes);
            std::vector<std::string> inputs{first};
            inputs.insert(inputs.end(), op.inputs.begin() + 2, op.inputs.end());
            out.add({"Concat", inputs, op.outputs, op.attributes});
            return true;
        }
        if (op.type != "Split") {
            return false;
        }
        const std::int64_t axis = op.attributes.at("axis")[0];
        const std::int64_t part = out.shape(op.outputs[0])[static_cast<std::size_t>(axis)];
        for (std::size_t i = 0; i < op.outputs.size(); ++i) {
            const auto start = static_cast<std::int64_t>(i) * part;
            out.add({"Slice",
                     {op.inputs[0], out.numbers({start}), out.numbers({start + part}),
                      out.numbers({axis})},
                     {op.outputs[i]}});
        }
        return true;
    });
}

void wrapInIf(Net &net, Truth &truth, Random &random)
{
    const std::size_t middle = net.ops.size() / 2;
    const auto half = net.ops.begin() + static_cast<std::ptrdiff_t>(middle);
    Net body;
    body.ops.assign(half, net.ops.end());
    net.ops.erase(half, net.ops.end());
    std::vector<std::string> made;
    for (const Op &op : body.ops) {
        for (const std::string &output : op.outputs) {
            made.push_back(output);
            body.shapes[output] = net.shapes[output];
            net.shapes.erase(output);
        }
    }
    Op branch{"If", {net.fresh()}, {}};
    net.weights[branch.inputs[0]] = Weight{{}, {1.0F}, DType::Bool};
    std::map<std::string, std::string> outside;
    for (std::string &output : net.outputs) {
        if (std::find(made.begin(), made.end(), output) != made.end()) {
            body.outputs.push_back(output);
            branch.outputs.push_back(net.fresh());
            net.shapes[branch.outputs.back()] = body.shapes[output];
            outside[output] = branch.outputs.back();
            output = branch.outputs.back();
        }
    }
    for (auto &[name, partners] : truth) {
        std::set<std::string> moved;
        for (const std::string &partner : partners) {
            const bool isInside = body.shapes.contains(partner);
            moved.insert(isInside ? branch.outputs[0] + "/then_branch/" + partner : partner);
            if (outside.contains(partner)) {
                moved.insert(outside[partner]);
            }
        }
        partners = std::move(moved);
    }
    branch.bodies = {body, decoyOf(body, net, random)};
    net.ops.push_back(std::move(branch));
}

void mergeProducts(Net &net, Truth &, Random &)
{
    const Net before = net;
    std::set<std::string> done;
    rewriteOps(net, [&](const Op &op, OpWriter &out) {
        if (op.type != "MatMul") {
            return false;
        }
        const auto products = productsOf(before, op.inputs[0]);
        if (std::none_of(products.begin(), products.end(),
                         [&](const Op *product) { return product->outputs[0] == op.outputs[0]; })) {
            return false;
        }
        if (!done.insert(op.inputs[0]).second) {
            return true; // part of the merged one
        }
        std::vector<const Weight *> weights;
        Op split{"Split", {}, {}, {{"axis", {-1}}}};
        for (const Op *product : products) {
            weights.push_back(&before.weights.at(product->inputs[1]));
            split.outputs.push_back(product->outputs[0]);
        }
        Weight merged = besideEachOther(weights);
        Shape wide = out.shape(op.outputs[0]);
        wide.back() = merged.shape[1];
        split.inputs = {out.step(
            "MatMul", {op.inputs[0], out.constant(merged.shape, std::move(merged.data))}, wide)};
        out.add(std::move(split));
        return true;
    });
}

void linearAsConv(Net &net, Truth &, Random &)
{
    const Net before = net;
    rewriteOps(net, [&](const Op &op, OpWriter &out) {
        const Shape shape = out.shape(op.outputs[0]);
        if (op.type != "MatMul" || !isConstant(before, op.inputs[1]) || shape.size() != 3) {
            return false;
        }
        const Weight weight = out.net().weights.at(op.inputs[1]);
        const std::int64_t depth = weight.shape[0];
        const std::int64_t width = weight.shape[1];
        std::vector<float> filter;
        for (std::int64_t n = 0; n < width; ++n) {
            for (std::int64_t k = 0; k < depth; ++k) {
                filter.push_back(weight.data[static_cast<std::size_t>(k * width + n)]);
            }
        }
        const auto turned = out.step("Transpose", {op.inputs[0]}, {shape[0], depth, shape[1]},
                                     {{"perm", {0, 2, 1}}});
        const auto image =
            out.step("Unsqueeze", {turned, out.numbers({3})}, {shape[0], depth, shape[1], 1});
        const auto product =
            out.step("Conv", {image, out.constant({width, depth, 1, 1}, std::move(filter))},
                     {shape[0], width, shape[1], 1});
        const auto flat =
            out.step("Squeeze", {product, out.numbers({3})}, {shape[0], width, shape[1]});
        out.add({"Transpose", {flat}, op.outputs, {{"perm", {0, 2, 1}}}});
        return true;
    });
}

} // namespace syncpoint::eval
