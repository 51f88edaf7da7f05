#pragma once
#include "core/base/diagnostic.h"
#include "core/base/job_context.h"
#include "core/base/result.h"
#include "core/graph/attribute.h"
#include "core/graph/ids.h"
#include "core/graph/source_location.h"
#include "core/tensor/tensor.h"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace syncpoint {

/// A tensor that flows between ops: a graph input, an initializer or an op's output.
struct Value
{
    std::string name; ///< as the runtime and dumps know it; unique within its scope
    DType dtype = DType::Undefined;
    /// Declared or inferred extents, −1 for an unknown or symbolic one; nothing when the rank is
    /// unknown.
    std::optional<Shape> shape;
    ScopeId scope;
    NodeId producer;               ///< invalid for inputs and initializers
    std::vector<NodeId> consumers; ///< in execution order; an op that uses it twice is listed twice
    bool isInput = false;          ///< input of its scope
    bool isOutput = false;         ///< output of its scope
    bool isConstant = false;       ///< initializer or output of a constant op
    /// Data of an initializer or constant, a view of the mapped model where possible; nothing when
    /// the data cannot be had (a missing data file).
    std::optional<Tensor> constant;
    /// How the integers of this value become real numbers; null when the model does not say. Set
    /// for the integer side of QuantizeLinear/DequantizeLinear, for QLinear* results and by formats
    /// that store it. Of a real value: the grid that it was rounded to (FakeQuantize).
    std::shared_ptr<const Quantization> quantization;
};

/// An op of the model as given that an op of a rewritten model stands for.
struct Origin
{
    std::string name; ///< as Graph::displayName() gives it
    std::string opType;
    std::string module;              ///< dotted path
    std::vector<SourceFrame> source; ///< innermost first
    bool operator==(const Origin &) const = default;
};

/// One op. Ops of function bodies are inlined by the loaders.
struct Node
{
    std::string name; ///< may be empty or repeated: many exporters do not care
    std::string opType;
    std::string domain; ///< "" is the format's default op set
    ScopeId scope;
    ModuleId module;             ///< always valid; the root module when nothing is known
    std::vector<ValueId> inputs; ///< in slot order; invalid where an optional input is absent
    std::vector<ValueId> outputs;
    std::vector<Attribute> attributes;
    std::vector<ScopeId> bodies; ///< subgraphs of If, Loop, Scan, in attribute order
    /// Innermost frame first; empty when the exporter left none.
    std::vector<SourceFrame> source;
    std::string placement; ///< hardware unit or provider written in the file; "" unknown
    /// Extra facts for the inspector ("fx_node" → …), as the file has them.
    std::vector<std::pair<std::string, std::string>> metadata;
    /// Other names under which this op or its output is known (PyTorch fx name, original node
    /// name).
    std::vector<std::string> aliases;
    /// In a model that a runtime rewrote: the ops whose work this one does, the most telling first.
    /// Empty in models as given.
    std::vector<Origin> origins;

    const Attribute *findAttribute(std::string_view attributeName) const;
};

/// The main graph (scope 0) or the body of a control-flow op.
struct Scope
{
    ScopeId parent;   ///< invalid for the main graph
    NodeId owner;     ///< the If, Loop or Scan; invalid for the main graph
    std::string name; ///< attribute name such as "then_branch"; "" for the main graph
    std::string path; ///< "If_0/then_branch/…"; "" for the main graph
    std::vector<ValueId> inputs;
    std::vector<ValueId> outputs;
};

/// A module of the source program (torch.nn.Module, Keras layer, …). Index 0 is the root.
struct Module
{
    std::string name; ///< last component: "norm1"
    std::string
        path; ///< dotted path from the root: "image_encoder.blocks.0.norm1"; "" for the root
    std::string className; ///< "torch.nn.modules.normalization.LayerNorm"; "" when unknown
    ModuleId parent;       ///< invalid for the root
    std::vector<ModuleId> children;
    std::vector<NodeId> nodes; ///< directly in this module, in execution order
};

/// What a format says of the whole model.
struct ModelInfo
{
    std::string path;   ///< file it came from
    std::string format; ///< "onnx", "tflite", …
    std::string producer;
    std::vector<std::pair<std::string, std::string>>
        facts; ///< ("opset", "17"), ("IR version", "8"), …
};

/// An immutable model as loaded: flat vectors, ids as links. Holds no position, colour or error.
/// Nodes stand in a topological order within each scope; the ops of a body come before its owner.
class Graph
{
public:
    const ModelInfo &info() const { return m_info; }
    std::span<const Node> nodes() const { return m_nodes; }
    std::span<const Value> values() const { return m_values; }
    std::span<const Scope> scopes() const { return m_scopes; }
    std::span<const Module> modules() const { return m_modules; }
    const Diagnostics &diagnostics() const { return m_diagnostics; }

    const Node &node(NodeId id) const { return m_nodes[id.index()]; }
    const Value &value(ValueId id) const { return m_values[id.index()]; }
    const Scope &scope(ScopeId id) const { return m_scopes[id.index()]; }
    const Module &module(ModuleId id) const { return m_modules[id.index()]; }
    const Scope &mainScope() const { return m_scopes.front(); }

    /// A value of the main graph, or of any scope by its qualified name (see qualifiedName()).
    std::optional<ValueId> findValue(std::string_view qualifiedName) const;
    /// The value's name, prefixed with its scope's path and "/" in subgraphs.
    std::string qualifiedName(ValueId id) const;
    /// The op's name, or "<op type> → <first output>" style text when it has none. Never empty.
    std::string displayName(NodeId id) const;
    /// Elements and stored bytes of weights: float and quantized constants of more than one
    /// element. A constant counts once, for the module of its first consuming op (looking through
    /// Q/DQ and Cast).
    struct Size
    {
        std::uint64_t parameters = 0;
        std::uint64_t bytes = 0;
    };
    Size parameterSize() const;
    std::vector<Size> parameterSizePerModule() const; ///< index = ModuleId, children not included

private:
    friend class GraphBuilder;
    Graph() = default;
    ModelInfo m_info;
    std::vector<Node> m_nodes;
    std::vector<Value> m_values;
    std::vector<Scope> m_scopes;
    std::vector<Module> m_modules;
    Diagnostics m_diagnostics;
    std::unordered_map<std::string, ValueId> m_valueByName;
};

} // namespace syncpoint
