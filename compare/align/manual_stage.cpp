#include "compare/align/stage.h"

#include <algorithm>
#include <regex>
#include <unordered_map>

namespace syncpoint {
namespace {

/// std::regex recurses along the text it searches; names of real models are far shorter.
constexpr std::size_t kLongestRenamed = 2000;

Result<std::vector<std::string>> renamed(const Graph &graph, const ManualMap &map)
{
    std::vector<std::string> names;
    names.reserve(graph.values().size());
    for (std::size_t i = 0; i < graph.values().size(); ++i) {
        names.push_back(graph.qualifiedName(ValueId{i}));
    }
    for (const auto &[pattern, replacement] : map.renames) {
        try {
            const std::regex rule(pattern);
            for (std::string &name : names) {
                if (name.size() <= kLongestRenamed) {
                    name = std::regex_replace(name, rule, replacement);
                }
            }
        } catch (const std::regex_error &) {
            return Error{ErrorCode::BadInput, "the rename rule '" + pattern +
                                                  "' of the map is not a regular expression"};
        }
    }
    return names;
}

Result<ValueId> findNamed(const Graph &graph, const std::string &name, const char *side)
{
    const auto value = graph.findValue(name);
    if (value) {
        return *value;
    }
    const auto &nodes = graph.nodes();
    const auto op = std::find_if(nodes.begin(), nodes.end(), [&](const Node &node) {
        return node.name == name && !node.outputs.empty() && node.outputs.front().isValid();
    });
    if (op == nodes.end()) {
        return Error{ErrorCode::BadInput, std::string("the map names '") + name + "', but the " +
                                              side + " has no such value or op"};
    }
    return op->outputs.front();
}

/// What the user said in the map file or by hand in the window: pins, forbidden pairs, renames.
class ManualStage final : public AlignmentStage
{
public:
    std::string_view id() const override { return "manual"; }

    Result<void> run(Pairing &pairing, const ManualMap &map, const JobContext &) const override
    {
        auto names = renamed(pairing.reference.graph, map);
        if (!names) {
            return names.error();
        }
        pairing.referenceNames = std::move(names).value();
        for (const auto &[r, c] : map.forbidden) {
            // A forbidden name may be gone in the next version of a model: nothing to forbid then.
            const auto reference = pairing.reference.graph.findValue(r);
            const auto candidate = pairing.candidate.graph.findValue(c);
            if (reference && candidate) {
                pairing.forbid(pairing.reference.classes.classOf(*reference),
                               pairing.candidate.classes.classOf(*candidate));
            }
        }
        for (const auto &[r, c] : map.pairs) {
            if (auto pinned = pin(pairing, r, c); !pinned) {
                return pinned;
            }
        }
        return {};
    }

private:
    static Result<void> pin(Pairing &pairing, const std::string &r, const std::string &c)
    {
        const auto reference = findNamed(pairing.reference.graph, r, "baseline");
        if (!reference) {
            return reference.error();
        }
        const auto candidate = findNamed(pairing.candidate.graph, c, "candidate");
        if (!candidate) {
            return candidate.error();
        }
        const ValueClassId own = pairing.reference.classes.classOf(*reference);
        const ValueClassId other = pairing.candidate.classes.classOf(*candidate);
        if (!pairing.reference.isData(own) || !pairing.candidate.isData(other)) {
            return Error{ErrorCode::BadInput, "the map pairs '" + r + "' with '" + c +
                                                  "', but one of them is a constant or a shape"};
        }
        if (pairing.isReferencePaired(own) || pairing.isCandidatePaired(other)) {
            return Error{ErrorCode::BadInput, "the map pairs '" + r + "' or '" + c +
                                                  "', or a view of it, more than once"};
        }
        pairing.pair({own, other, {"manual", 1.0, "paired by the user"}, *reference, *candidate});
        return {};
    }
};

} // namespace

std::unique_ptr<AlignmentStage> makeManualStage()
{
    return std::make_unique<ManualStage>();
}

} // namespace syncpoint
