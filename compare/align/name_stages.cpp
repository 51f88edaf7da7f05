#include "compare/align/name_votes.h"
#include "compare/align/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>

namespace syncpoint {
namespace {

/// Every Data value of the graph with its name, in execution order of its class.
template <typename Visit>
void forEachDataValue(const GraphSide &side, Visit visit)
{
    for (const ValueClass &group : side.classes.all()) {
        if (group.kind == ValueClass::Kind::Data) {
            for (const ClassMember &member : group.members) {
                visit(member.value);
            }
        }
    }
}

class ExactNameStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "exact_name"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &job) const override
    {
        std::unordered_map<std::string_view, ValueId> byName;
        forEachDataValue(pairing.reference, [&](ValueId value) {
            const auto [entry, isNew] =
                byName.emplace(pairing.referenceNames[value.index()], value);
            if (!isNew) { // a rename made two names equal
                entry->second = ValueId{};
            }
        });
        std::vector<NameVote> votes;
        forEachDataValue(pairing.candidate, [&](ValueId value) {
            const std::string name = pairing.candidate.graph.qualifiedName(value);
            const auto found = byName.find(name);
            if (!name.empty() && found != byName.end() && found->second.isValid()) {
                votes.push_back({found->second, value, strengthOf(name),
                                 fmt::format("both models have '{}'", name)});
            }
        });
        if (job.isCancelled()) {
            return JobContext::cancelledError();
        }
        acceptVotes(pairing, std::move(votes), "exact_name", 0.99);
        return {};
    }
};

/// A name under which a value's class can be found, and the value that has it.
struct Key
{
    ValueId value;
    bool isAmbiguous = false; ///< several classes have it
    NameStrength strength = NameStrength::Strong;
    std::string how;
};
using Keys = std::unordered_map<std::string, Key>;

void addKey(Keys &keys, const GraphSide &side, std::string name, Key key)
{
    if (name.empty()) {
        return;
    }
    const auto [entry, isNew] = keys.try_emplace(std::move(name), key);
    if (!isNew && side.classes.classOf(entry->second.value) != side.classes.classOf(key.value)) {
        entry->second.isAmbiguous = true;
    }
}

using KeyMaker = std::function<void(Keys &, const GraphSide &, ValueId, std::string_view)>;

/// "x_QuantizeLinear_Output" → "x".
void addPlainKeys(Keys &keys, const GraphSide &side, ValueId value, std::string_view name)
{
    for (const std::string_view part : listedNames(name)) {
        PlainName plain = withoutToolMarks(part);
        std::string how =
            plain.removed.empty() ? "" : fmt::format("{} removed", plain.removed.front());
        const NameStrength strength = std::min(strengthOf(part), strengthOf(plain.text));
        addKey(keys, side, std::move(plain.text), {value, false, strength, std::move(how)});
    }
}

/// "/m/conv/Conv_output_0_quantized" → "m.conv.Conv"; the op's other names as well.
void addSeparatorFreeKeys(Keys &keys, const GraphSide &side, ValueId value, std::string_view name)
{
    for (const std::string_view part : listedNames(name)) {
        const PlainName plain = withoutToolMarks(part);
        addKey(keys, side, separatorFree(plain.text),
               {value, false, std::min(strengthOf(part), strengthOf(plain.text)),
                "separators ignored"});
    }
    const NodeId producer = side.graph.value(value).producer;
    if (!producer.isValid() || side.graph.node(producer).outputs.front() != value) {
        return;
    }
    for (const std::string &alias : side.graph.node(producer).aliases) {
        addKey(keys, side, separatorFree(alias),
               {value, false, strengthOf(alias), fmt::format("known as {}", alias)});
    }
}

/// The only op of its family in its module: "encoder.norm1 layer_norm".
void addModuleKeys(Keys &keys, const GraphSide &side, ValueId value, std::string_view)
{
    const ValueClassId group = side.classes.classOf(value);
    const NodeId producer = side.producer(group);
    const OpFamily *family = side.family(group);
    if (family == nullptr || side.classes[group].root() != value || side.outputSlot(group) != 0) {
        return;
    }
    const Module &module = side.graph.module(side.graph.node(producer).module);
    if (!module.path.empty()) {
        addKey(keys, side, fmt::format("{} {}", module.path, family->name),
               {value, false, NameStrength::Strong,
                fmt::format("the only {} of module {}", family->name, module.path)});
    }
}

Keys keysOf(const GraphSide &side, const std::vector<std::string> *names, const KeyMaker &make)
{
    Keys keys;
    forEachDataValue(side, [&](ValueId value) {
        make(keys, side, value, names ? (*names)[value.index()] : side.graph.value(value).name);
    });
    return keys;
}

class NameRuleStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "name_rule"; }

    Result<void> run(Pairing &pairing, const ManualMap &, const JobContext &job) const override
    {
        const std::pair<KeyMaker, double> rules[] = {
            {addPlainKeys, 0.97}, {addSeparatorFreeKeys, 0.97}, {addModuleKeys, 0.9}};
        for (const auto &[make, confidence] : rules) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            apply(pairing, make, confidence);
        }
        return {};
    }

private:
    static void apply(Pairing &pairing, const KeyMaker &make, double confidence)
    {
        const Keys reference = keysOf(pairing.reference, &pairing.referenceNames, make);
        const Keys candidate = keysOf(pairing.candidate, nullptr, make);
        std::vector<NameVote> votes;
        for (const auto &[name, own] : reference) {
            const auto found = candidate.find(name);
            if (found == candidate.end() || own.isAmbiguous || found->second.isAmbiguous) {
                continue;
            }
            const Key &other = found->second;
            std::string how = own.how;
            if (!other.how.empty() && other.how != own.how) {
                how += (how.empty() ? "" : ", ") + other.how;
            }
            votes.push_back({own.value, other.value, std::min(own.strength, other.strength),
                             how.empty() ? "the names are equal" : std::move(how)});
        }
        // The hash order differs between machines; the result must not.
        std::sort(votes.begin(), votes.end(), [](const NameVote &a, const NameVote &b) {
            return std::pair(a.reference, a.candidate) < std::pair(b.reference, b.candidate);
        });
        acceptVotes(pairing, std::move(votes), "name_rule", confidence);
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makeExactNameStage()
{
    return std::make_unique<ExactNameStage>();
}

std::unique_ptr<AlignmentStage> makeNameRuleStage()
{
    return std::make_unique<NameRuleStage>();
}

} // namespace syncpoint
