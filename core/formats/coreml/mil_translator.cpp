#include "core/formats/coreml/mil_translator.h"

#include "core/formats/coreml/compressed_weights.h"
#include "core/formats/coreml/mil_arguments.h"
#include "core/formats/coreml/mil_parameters.h"
#include "core/formats/coreml/mil_scope.h"
#include "core/formats/module_inference.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace syncpoint {

namespace {
std::string placeOf(const MilOperation &operation)
{
    const bool isNamed = !operation.outputs.empty();
    return fmt::format("op '{}' ({})",
                       isNamed ? operation.outputs.front().name.substr(0, 80) : std::string(),
                       operation.type.substr(0, 80));
}

/// "encoder_layers_0_weight_to_fp16_quantized" → "encoder_layers_0". Names have underscores for
/// dots, and so have module names: the path stays one component.
std::optional<std::string_view> moduleOfWeight(std::string_view name)
{
    static constexpr std::array<std::string_view, 5> kMarks{"_to_fp16", "_promoted", "_quantized",
                                                            "_palettized", "_sparsified"};
    static constexpr std::array<std::string_view, 6> kParameters{
        "_weight", "_bias", "_gamma", "_beta", "_running_mean", "_running_var"};
    const auto strip = [&name](const auto &suffixes) {
        const auto *found = std::find_if(suffixes.begin(), suffixes.end(), [&](auto suffix) {
            return name.size() > suffix.size() && name.ends_with(suffix);
        });
        if (found == suffixes.end()) {
            return false;
        }
        name.remove_suffix(found->size());
        return true;
    };
    while (strip(kMarks)) {
    }
    return strip(kParameters) ? std::optional(name) : std::nullopt;
}

class Translator
{
public:
    Translator(MilTensors &tensors, GraphBuilder &builder, const JobContext &job)
        : m_tensors(tensors), m_builder(builder), m_job(job), m_values(tensors, builder),
          m_compressed(builder)
    {
    }

    Result<void> run(const MilFunction &function);

private:
    using Void = Result<void>;

    Void translateBlock(const MilBlock &block, MilFrame &frame);
    Void translateOperation(const MilOperation &operation, MilFrame &frame);
    Void addBodies(const MilOperation &operation, const MilFrame &frame, NodeId id);
    Void addGiven(const MilOperation &operation, MilFrame &frame, Node &node,
                  WeightOp::Operands &operands);
    Void addOperand(const MilGiven &given, std::size_t index, std::string_view owner,
                    const MilFrame &frame, Node &node, WeightOp::Operands &operands);
    Void addAttribute(const MilGiven &given, Node &node);
    void setModule(const Node &node, NodeId op);

    MilTensors &m_tensors;
    GraphBuilder &m_builder;
    const JobContext &m_job;
    MilValues m_values;
    CompressedWeights m_compressed;
    std::vector<bool> m_moduleIsKnown;
};

Result<void> Translator::addOperand(const MilGiven &given, std::size_t index,
                                    std::string_view owner, const MilFrame &frame, Node &node,
                                    WeightOp::Operands &operands)
{
    const MilValue *constant = given.constants[index];
    if (constant == nullptr) {
        node.inputs.push_back(m_values.find(frame, given.names[index]));
        operands.emplace_back(given.parameter, node.inputs.back());
        return {};
    }
    std::string name(given.names[index]);
    const MilFrame *home = &frame;
    if (name.empty()) { // written in place: named after the op and the parameter
        name = fmt::format("{}:{}", owner, given.parameter);
        name += given.constants.size() > 1 ? std::to_string(index) : "";
    } else {
        while (home->enclosing != nullptr && home->constants.count(name) == 0) {
            home = home->enclosing;
        }
    }
    const auto id = m_values.addConstant(home->scope, name, *constant);
    if (!id) {
        return id.error();
    }
    node.inputs.push_back(*id);
    operands.emplace_back(given.parameter, *id);
    return {};
}

Result<void> Translator::addAttribute(const MilGiven &given, Node &node)
{
    if (given.constants.size() == 1) {
        const auto tensor = m_tensors.read(*given.constants.front());
        if (!tensor) {
            return tensor.error().withContext(
                fmt::format("parameter '{}'", given.parameter.substr(0, 80)));
        }
        node.attributes.push_back(attributeOf(given.parameter, *given.constants.front(), *tensor));
    } else {
        node.attributes.push_back({std::string(given.parameter), {}}); // shown by name only
    }
    return {};
}

Result<void> Translator::addGiven(const MilOperation &operation, MilFrame &frame, Node &node,
                                  WeightOp::Operands &operands)
{
    const std::string_view owner =
        operation.outputs.empty() ? std::string_view{} : operation.outputs.front().name;
    for (const MilGiven &given : givenTo(operation, frame)) {
        if (!given.isOperand()) {
            if (auto added = addAttribute(given, node); !added) {
                return added;
            }
            continue;
        }
        for (std::size_t i = 0; i < given.constants.size(); ++i) {
            if (auto added = addOperand(given, i, owner, frame, node, operands); !added) {
                return added;
            }
        }
    }
    return {};
}

void Translator::setModule(const Node &node, NodeId op)
{
    std::optional<std::string_view> module;
    bool hasWeights = false;
    const bool isWeight = node.opType.starts_with("constexpr_");
    for (const ValueId id : isWeight ? node.outputs : node.inputs) {
        if (id.isValid() && !module) {
            const Value &value = m_builder.values()[id.index()];
            module = moduleOfWeight(value.name);
            hasWeights = hasWeights || (value.isConstant && value.shape && value.shape->size() > 1);
        }
    }
    // An op with weights of its own is not part of a neighbour's module.
    m_moduleIsKnown.push_back(module || hasWeights);
    if (module) {
        m_builder.edit(op).module = m_builder.module(*module);
    }
}

Result<void> Translator::translateOperation(const MilOperation &operation, MilFrame &frame)
{
    if (operation.type == "const" && !operation.outputs.empty() &&
        operation.findAttribute("val") != nullptr) {
        frame.constants.insert_or_assign(operation.outputs.front().name, &operation);
        return {};
    }
    Node node;
    node.opType = operation.type;
    node.scope = frame.scope;
    if (const MilValue *name = operation.findAttribute("name")) {
        const auto texts = milTexts(*name);
        node.name = texts.empty() ? std::string() : texts.front();
    }
    if (const MilValue *backend = operation.findAttribute("IntendedBackend")) {
        node.placement = fmt::format("{}", fmt::join(milTexts(*backend), ", "));
    }
    WeightOp::Operands operands;
    if (auto added = addGiven(operation, frame, node, operands); !added) {
        return added;
    }
    for (const MilNamedType &output : operation.outputs) {
        node.outputs.push_back(m_values.declare(frame, output));
    }
    const Node copy = node;
    const NodeId id = m_builder.addNode(std::move(node));
    setModule(copy, id);
    if (copy.opType.starts_with("constexpr_")) {
        m_compressed.apply(id, operands);
    }
    return addBodies(operation, frame, id);
}

Result<void> Translator::addBodies(const MilOperation &operation, const MilFrame &frame, NodeId id)
{
    static constexpr std::array<std::string_view, 2> kBranches{"true_branch", "false_branch"};
    static constexpr std::array<std::string_view, 2> kLoop{"condition", "body"};
    for (std::size_t i = 0; i < operation.blocks.size(); ++i) {
        const bool isKnown = i < 2 && (operation.type == "cond" || operation.type == "while_loop");
        const std::string name =
            isKnown ? std::string((operation.type == "cond" ? kBranches : kLoop)[i])
                    : fmt::format("block{}", i);
        MilFrame body;
        body.enclosing = &frame;
        body.scope = m_builder.addScope(id, name);
        m_builder.edit(id).attributes.push_back({name, body.scope});
        for (const MilNamedType &input : operation.blocks[i].inputs) {
            m_builder.addInput(body.scope, m_values.declare(body, input));
        }
        if (auto done = translateBlock(operation.blocks[i], body); !done) {
            return done;
        }
    }
    return {};
}

Result<void> Translator::translateBlock(const MilBlock &block, MilFrame &frame)
{
    for (const MilOperation &operation : block.operations) {
        if (m_job.isCancelled()) {
            return JobContext::cancelledError();
        }
        if (auto done = translateOperation(operation, frame); !done) {
            return done.error().code == ErrorCode::Cancelled
                       ? done
                       : done.error().withContext(placeOf(operation));
        }
        m_job.advance();
    }
    for (const std::string &output : block.outputs) {
        const MilValue *constant = frame.constant(output);
        const auto id = constant != nullptr ? m_values.addConstant(frame.scope, output, *constant)
                                            : Result<ValueId>(m_values.find(frame, output));
        if (!id) {
            return id.error();
        }
        m_builder.addOutput(frame.scope, *id);
    }
    return {};
}

Result<void> Translator::run(const MilFunction &function)
{
    MilFrame frame;
    frame.scope = m_builder.mainScope();
    for (const MilNamedType &input : function.inputs) {
        m_builder.addInput(frame.scope, m_values.declare(frame, input));
    }
    if (auto done = translateBlock(function.block, frame); !done) {
        return done;
    }
    inferModules(m_builder, std::move(m_moduleIsKnown));
    return {};
}
} // namespace

Result<void> translateMil(const MilProgram &program, std::string_view function, MilTensors &tensors,
                          GraphBuilder &builder, const JobContext &job)
{
    if (program.functions.empty()) {
        return Error{ErrorCode::BadFormat, "the program has no function"};
    }
    const auto named = [&](std::string_view name) {
        return std::find_if(program.functions.begin(), program.functions.end(),
                            [name](const MilFunction &f) { return f.name == name; });
    };
    auto chosen = named(function);
    if (chosen == program.functions.end()) {
        chosen = named("main");
    }
    if (chosen == program.functions.end()) {
        chosen = program.functions.begin();
    }
    for (const MilFunction &other : program.functions) {
        if (&other != &*chosen) {
            builder.addDiagnostic({Diagnostic::Severity::Info, other.name,
                                   fmt::format("this function is left out: the graph is that of "
                                               "'{}'",
                                               chosen->name)});
        }
    }
    if (!chosen->opset.empty()) {
        builder.info().facts.emplace_back("op set", chosen->opset);
    }
    job.beginStage("loading", chosen->block.operations.size());
    return Translator(tensors, builder, job).run(*chosen);
}

} // namespace syncpoint
