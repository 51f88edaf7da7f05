#include "core/formats/tflite/translator.h"

#include "core/formats/module_inference.h"
#include "core/formats/tflite/debug_locations.h"
#include "core/formats/tflite/op_codes.h"
#include "core/formats/tflite/op_options.h"
#include "core/formats/tflite/provenance.h"
#include "core/formats/tflite/subgraph_values.h"

#include <fmt/format.h>
#include <tflite_generated.h>
#include <unordered_set>

namespace syncpoint {

namespace {
constexpr int kDeepestNesting = 64;
constexpr std::size_t kMostOps = 200'000; // bodies count once for every op that runs them

/// One subgraph at one place of the graph.
struct Frame
{
    const tflite::SubGraph &graph;
    std::uint32_t index = 0;
    TfliteSubgraphValues &values;
    ScopeId scope;
    std::string entry; ///< name of a further entry point; empty for the main one and for bodies
    int depth = 0;
};

class Translator
{
public:
    Translator(const tflite::Model &model, const std::shared_ptr<const MappedFile> &file,
               const TfliteSignatures &signatures, GraphBuilder &builder, const JobContext &job)
        : m_model(model), m_file(file->bytes()), m_buffers(file, model), m_signatures(signatures),
          m_builder(builder), m_job(job)
    {
    }

    Result<void> run();

private:
    using Void = Result<void>;

    Void findDebugLocations();
    std::unordered_set<std::int64_t> bodies() const;
    Void translateSubgraph(std::uint32_t index, ScopeId scope, const std::string &entry, int depth);
    Void fillScope(const Frame &frame);
    Void translateOps(const Frame &frame);
    Void translateOp(const tflite::Operator &op, const Frame &frame);
    Void setSource(const tflite::Operator &op, const Frame &frame, Node &node);
    void setModule(const Frame &frame, Node &node);
    Void addOptions(const tflite::Operator &op, const Frame &frame, NodeId id);
    Void addBody(const std::string &role, std::int64_t index, const Frame &frame, NodeId id);

    const tflite::Model &m_model;
    std::span<const std::byte> m_file;
    TfliteBuffers m_buffers;
    const TfliteSignatures &m_signatures;
    GraphBuilder &m_builder;
    const JobContext &m_job;
    TfliteDebugLocations m_locations;
    CopyBudget m_budget;
    std::vector<bool> m_moduleIsKnown; ///< per op of the builder
};

Result<void> Translator::run()
{
    if (countOf(m_model.subgraphs()) == 0) {
        return Error{ErrorCode::BadFormat, "the model has no subgraph"};
    }
    if (auto found = findDebugLocations(); !found) {
        return found;
    }
    const auto isBody = bodies();
    for (std::uint32_t i = 0; i < m_model.subgraphs()->size(); ++i) {
        if (i > 0 && isBody.count(i) != 0) {
            continue;
        }
        const std::string entry = i == 0 ? std::string{} : m_signatures.nameOf(i);
        if (auto done = translateSubgraph(i, m_builder.mainScope(), entry, 0); !done) {
            return done;
        }
    }
    inferModules(m_builder, std::move(m_moduleIsKnown));
    return {};
}

Result<void> Translator::findDebugLocations()
{
    for (std::uint32_t i = 0; i < countOf(m_model.metadata()) && m_locations.isEmpty(); ++i) {
        const auto *entry = m_model.metadata()->Get(i);
        if (textOf(entry->name()).find("debug_metadata") == std::string_view::npos) {
            continue;
        }
        const auto bytes = m_buffers.bytes(entry->buffer());
        if (!bytes) {
            return bytes.error().withContext("debug metadata");
        }
        m_locations = TfliteDebugLocations(*bytes);
        if (m_locations.isEmpty()) {
            m_builder.addDiagnostic({Diagnostic::Severity::Warning, "",
                                     "the debug metadata is damaged: no source lines are known"});
            return {};
        }
    }
    return {};
}

std::unordered_set<std::int64_t> Translator::bodies() const
{
    std::unordered_set<std::int64_t> found;
    for (const auto *graph : *m_model.subgraphs()) {
        for (std::uint32_t i = 0; i < countOf(graph->operators()); ++i) {
            const auto options = optionsOf(*graph->operators()->Get(i), m_file);
            for (const auto &[role, index] : options.bodies) {
                found.insert(index);
            }
        }
    }
    return found;
}

Result<void> Translator::translateSubgraph(std::uint32_t index, ScopeId scope,
                                           const std::string &entry, int depth)
{
    const tflite::SubGraph &graph = *m_model.subgraphs()->Get(index);
    const std::string prefix = entry.empty() ? entry : entry + "/";
    TfliteSubgraphValues values(graph, scope, prefix, m_buffers, m_builder, m_budget);
    auto done = fillScope({graph, index, values, scope, entry, depth});
    return done || done.error().code == ErrorCode::Cancelled
               ? done
               : done.error().withContext(fmt::format("subgraph {}", index));
}

Result<void> Translator::fillScope(const Frame &frame)
{
    if (auto begun = frame.values.begin(); !begun) {
        return begun;
    }
    const auto inputs = frame.values.at(frame.graph.inputs());
    if (!inputs) {
        return inputs.error().withContext("inputs");
    }
    for (const ValueId input : *inputs) {
        m_builder.addInput(frame.scope, input);
    }
    if (auto done = translateOps(frame); !done) {
        return done;
    }
    const auto outputs = frame.values.at(frame.graph.outputs());
    if (!outputs) {
        return outputs.error().withContext("outputs");
    }
    for (const ValueId output : *outputs) {
        m_builder.addOutput(frame.scope, output);
    }
    return {};
}

Result<void> Translator::translateOps(const Frame &frame)
{
    for (std::uint32_t i = 0; i < countOf(frame.graph.operators()); ++i) {
        if (m_job.isCancelled()) {
            return JobContext::cancelledError();
        }
        if (m_builder.nodes().size() >= kMostOps) {
            return Error{ErrorCode::Limit, fmt::format("there are more than {} ops", kMostOps)};
        }
        const tflite::Operator &op = *frame.graph.operators()->Get(i);
        if (auto done = translateOp(op, frame); !done) {
            return done.error().code == ErrorCode::Cancelled
                       ? done
                       : done.error().withContext(
                             fmt::format("op {} ({})", i, tfliteOpType(m_model, op)));
        }
        m_job.advance();
    }
    return {};
}

Result<void> Translator::translateOp(const tflite::Operator &op, const Frame &frame)
{
    Node node;
    node.scope = frame.scope;
    if (auto described = describeTfliteOp(m_model, op, node); !described) {
        return described;
    }
    auto inputs = frame.values.at(op.inputs());
    auto outputs = frame.values.at(op.outputs());
    if (!inputs || !outputs) {
        return (inputs ? outputs : inputs).error();
    }
    node.inputs = std::move(inputs).value();
    node.outputs = std::move(outputs).value();
    addFusedNames(node, m_builder.values());
    for (std::uint32_t i = 0; i < node.outputs.size(); ++i) {
        addAlias(node, m_signatures.outputName(frame.index, op.outputs()->Get(i)));
    }
    if (auto set = setSource(op, frame, node); !set) {
        return set;
    }
    setModule(frame, node);
    return addOptions(op, frame, m_builder.addNode(std::move(node)));
}

Result<void> Translator::setSource(const tflite::Operator &op, const Frame &frame, Node &node)
{
    auto place = m_locations.placeOf(frame.graph.debug_metadata_index(), op.debug_metadata_index());
    std::size_t textBytes = 0;
    for (const SourceFrame &at : place.frames) {
        textBytes += sizeof(at) + at.file.size();
    }
    for (const std::string &name : place.names) {
        textBytes += sizeof(std::string) + name.size();
        addAlias(node, name);
    }
    node.source = std::move(place.frames);
    return m_budget.take(0, textBytes);
}

void Translator::setModule(const Frame &frame, Node &node)
{
    auto module = moduleOfOp(node, m_builder.values());
    if (!module && !frame.entry.empty()) {
        module = TfliteModule{frame.entry, {}}; // which all names of this entry point start with
    }
    m_moduleIsKnown.push_back(module.has_value());
    if (!module) {
        return;
    }
    for (const auto &[path, className] : module->classNames) {
        m_builder.module(path, className);
    }
    node.module = m_builder.module(module->path);
}

Result<void> Translator::addOptions(const tflite::Operator &op, const Frame &frame, NodeId id)
{
    TfliteOptions options = optionsOf(op, m_file);
    if (options.isDamaged) {
        return Error{ErrorCode::BadFormat, "its options lead out of the file"};
    }
    if (auto taken = m_budget.take(options.numbers, options.textBytes); !taken) {
        return taken;
    }
    m_builder.edit(id).attributes = std::move(options.attributes);
    for (const auto &[role, index] : options.bodies) {
        if (auto added = addBody(role, index, frame, id); !added) {
            return added;
        }
    }
    return {};
}

Result<void> Translator::addBody(const std::string &role, std::int64_t index, const Frame &frame,
                                 NodeId id)
{
    const auto count = static_cast<std::int64_t>(m_model.subgraphs()->size());
    if (index < 0 || index >= count) {
        return Error{
            ErrorCode::BadFormat,
            fmt::format("its subgraph '{}' ({} of {}) does not exist", role, index, count)};
    }
    if (frame.depth + 1 >= kDeepestNesting) {
        return Error{ErrorCode::Limit,
                     fmt::format("subgraphs run one another more than {} deep", kDeepestNesting)};
    }
    const ScopeId scope = m_builder.addScope(id, role);
    m_builder.edit(id).attributes.push_back({role, scope});
    return translateSubgraph(static_cast<std::uint32_t>(index), scope, "", frame.depth + 1);
}
} // namespace

Result<void> translateTfliteModel(const tflite::Model &model,
                                  const std::shared_ptr<const MappedFile> &file,
                                  const TfliteSignatures &signatures, GraphBuilder &builder,
                                  const JobContext &job)
{
    return Translator(model, file, signatures, builder, job).run();
}

} // namespace syncpoint
