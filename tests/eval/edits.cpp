#include "edits.h"

#include "edits/edit_functions.h"

#include <algorithm>

namespace syncpoint::eval {
namespace {

using Apply = decltype(Edit::apply);

/// Several edits one after the other.
template <Apply... kEach>
void all(Net &net, Truth &truth, Random &random)
{
    (kEach(net, truth, random), ...);
}

/// Gives names at random, each once.
class Renamer
{
public:
    explicit Renamer(Random &random) : m_random(random) {}

    std::string operator()(const std::string &name)
    {
        if (name.empty()) {
            return name;
        }
        const auto [entry, isNew] = m_names.try_emplace(name);
        if (isNew) {
            entry->second = "t" + std::to_string(m_random()) + "_" + std::to_string(m_names.size());
        }
        return entry->second;
    }
    /// Of a name that starts with the path of a body.
    std::string qualified(const std::string &name)
    {
        const std::string_view branch = "/then_branch/";
        const auto at = name.find(branch);
        return at == std::string::npos ? (*this)(name)
                                       : (*this)(name.substr(0, at)) + std::string(branch) +
                                             (*this)(name.substr(at + branch.size()));
    }
    void rename(std::vector<std::string> &list)
    {
        std::transform(list.begin(), list.end(), list.begin(), std::ref(*this));
    }
    void rename(Net &net)
    {
        rename(net.inputs);
        rename(net.outputs);
        for (Op &op : net.ops) {
            rename(op.inputs);
            rename(op.outputs);
            for (Net &body : op.bodies) {
                rename(body);
            }
        }
        renameKeys(net.weights);
        renameKeys(net.shapes);
        renameKeys(net.zeroPoints);
    }

private:
    template <typename Entry>
    void renameKeys(std::map<std::string, Entry> &entries)
    {
        std::map<std::string, Entry> renamed;
        for (auto &[name, entry] : entries) {
            renamed.emplace((*this)(name), std::move(entry));
        }
        entries = std::move(renamed);
    }

    Random &m_random;
    std::map<std::string, std::string> m_names;
};

} // namespace

std::vector<Edit> edits()
{
    return {{"rename", nullptr},
            {"reorder", reorder},
            {"shuffled ports", shufflePorts},
            {"more outputs", exposeValues},
            {"int8 QDQ", quantize8},
            {"int8 ops", useIntegerOps},
            {"int8 dynamic", quantizeDynamically},
            {"int4 weights", quantize4},
            {"int4 packed", packWeights},
            {"fp16 casts", castHalf},
            {"fp16 islands", castIslands},
            {"fold batch norm", foldBatchNorm},
            {"fold padding", foldPad},
            {"NHWC convolutions", transposeLayout},
            {"NHWC throughout", channelsLast},
            {"split bias", splitBias},
            {"fold bias", foldBias},
            {"fuse activation", fuseActivation},
            {"fuse norms", fuseNorms},
            {"fuse skip norms", fuseSkipNorms},
            {"fuse Gelu, SiLU", fuseActivations},
            {"fuse attention", fuseAttention},
            {"decompose", decompose},
            {"unroll recurrences", unrollRecurrences},
            {"algebra", rewriteAlgebra},
            {"other opset", changeOpset},
            {"computed shapes", computeShapes},
            {"split convolutions", splitConvolutions},
            {"split joins", splitJoins},
            {"merge products", mergeProducts},
            {"linear as conv", linearAsConv},
            {"inside If", wrapInIf},
            {"duplicate", duplicate},
            {"insert ops", insertOps},
            {"remove ops", removeOps},
            {"insert blocks", insertBlocks},
            {"dead branches", addDeadBranches},
            {"identities", addIdentities},
            {"other weights", retrain},
            {"equal weights", flattenWeights},
            {"no weight data", dropData},
            {"no shapes", dropShapes},
            {"int8 + fused + NHWC",
             all<foldBatchNorm, foldBias, fuseActivation, transposeLayout, quantize8, reorder>},
            {"int4 + fused + duplicated", all<foldBatchNorm, foldBias, decompose, duplicate,
                                              addDeadBranches, quantize4, castHalf, reorder>},
            {"optimizer + no shapes", all<foldBatchNorm, fuseActivations, fuseSkipNorms,
                                          fuseAttention, fuseActivation, dropShapes, reorder>},
            {"int8 ops + fused + no shapes",
             all<foldBatchNorm, foldPad, useIntegerOps, dropShapes, reorder>},
            {"exporter + no data", all<decompose, rewriteAlgebra, changeOpset, computeShapes,
                                       castIslands, dropData, dropShapes, reorder>},
            {"dynamic int8 + fused attention",
             all<fuseNorms, fuseActivations, fuseAttention, quantizeDynamically, dropShapes>}};
}

std::vector<Edit> heldBackEdits()
{
    return {{"cut ends", cutEnds}};
}

void scramble(Net &net, Truth &truth, Random &random)
{
    Renamer renamer(random);
    renamer.rename(net);
    for (auto &[name, partners] : truth) {
        std::set<std::string> moved;
        for (const std::string &partner : partners) {
            moved.insert(renamer.qualified(partner));
        }
        partners = std::move(moved);
    }
}

} // namespace syncpoint::eval
