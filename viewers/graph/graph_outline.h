#pragma once
#include "core/graph/graph.h"

#include "core/base/job_context.h"
#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace syncpoint {

/// What can be drawn of one model, whatever is expanded: leaves (ops, model inputs and outputs),
/// the links between them and the tree of modules around them.
struct GraphOutline
{
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    struct Leaf
    {
        enum class Kind : std::uint8_t { Op, Input, Output };
        Kind kind = Kind::Op;
        NodeId node;                    ///< of an op
        ValueId value;                  ///< of an input or output
        std::uint32_t group = 0;        ///< innermost group that holds it
        std::uint32_t body = kNone;     ///< group with the op's subgraphs; none for most ops
        std::vector<ValueId> constants; ///< weights, shown as rows
    };
    /// A module, or the subgraphs of a control-flow op. Group 0 is the whole model.
    struct Group
    {
        std::uint32_t parent = kNone;
        std::uint32_t depth = 0;
        ModuleId module;             ///< invalid for subgraphs
        std::uint32_t owner = kNone; ///< leaf whose subgraphs these are
        std::string title;           ///< "layers.0"; "relu #2" for the second use of a module
        std::string key;             ///< unique and stable, for session files
        std::vector<std::uint32_t> groups, leaves; ///< directly inside, execution order
        std::uint32_t opCount = 0;                 ///< ops in it and below
    };
    struct Link
    {
        std::uint32_t source = 0, target = 0; ///< leaves
        ValueId value;                        ///< what flows, as the source names it
    };

    std::shared_ptr<const Graph> graph;
    std::vector<Leaf> leaves; ///< inputs, ops in execution order, outputs
    std::vector<Group> groups;
    std::vector<Link> links;
    /// Leaf that shows an op: its own, or the one it is folded into; kNone for hidden ops.
    std::vector<std::uint32_t> leafOfNode;
    /// (module, group), sorted: where a module is drawn. A module used in several places has
    /// several groups; one that holds a single op has none.
    std::vector<std::pair<ModuleId, std::uint32_t>> groupsOfModule;

    std::uint32_t groupOfModule(ModuleId module) const; ///< the first, or kNone
};

/// With `foldQuantization`, QuantizeLinear and DequantizeLinear become part of the op they belong
/// to. Modules that are left and entered again (one ReLU used in three places) become one group per
/// connected part, so that boxes do not form cycles. Fails only with ErrorCode::Cancelled.
Result<std::shared_ptr<const GraphOutline>>
makeOutline(std::shared_ptr<const Graph> graph, bool foldQuantization, const JobContext &job);

} // namespace syncpoint
