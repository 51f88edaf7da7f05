#include "core/formats/onnx/shape_inference.h"

#include "core/formats/onnx/shape_rules.h"
#include "core/tensor/decode.h"

#include <algorithm>

namespace syncpoint {

namespace {
constexpr std::size_t kMostOps = 200'000;
constexpr int kMostPasses = 4; // bodies and files out of order need more than one

const RuleTable &rules()
{
    static const RuleTable table = [] {
        RuleTable made;
        addElementwiseRules(made);
        addLayoutRules(made);
        addProductRules(made);
        addWindowRules(made);
        addReductionRules(made);
        addShapeValueRules(made);
        return made;
    }();
    return table;
}

class ShapeInference
{
public:
    explicit ShapeInference(GraphBuilder &builder) : m_builder(builder) {}

    void run()
    {
        for (std::size_t i = 0; i < m_builder.values().size(); ++i) {
            noteConstant(ValueId{i});
        }
        bool changed = true;
        for (int pass = 0; changed && pass < kMostPasses; ++pass) {
            changed = false;
            for (std::size_t i = 0; i < m_builder.nodes().size(); ++i) {
                changed = infer(m_builder.nodes()[i]) || changed;
            }
        }
    }

private:
    void noteConstant(ValueId id)
    {
        const auto &constant = m_builder.values()[id.index()].constant;
        if (!constant || constant->info().shape.size() > 1 ||
            constant->elements() > kMostIntegers ||
            (constant->info().dtype != DType::Int64 && constant->info().dtype != DType::Int32)) {
            return;
        }
        Integers values(constant->elements());
        decodeRaw(constant->view(), 0, values);
        m_integers.emplace(id, std::move(values));
    }

    bool infer(const Node &node)
    {
        const RuleInput input(m_builder, m_integers, node);
        const auto rule = rules().find(node.opType);
        InferredValues inferred;
        if (!node.bodies.empty()) {
            inferred = fromBodies(input);
        } else if (rule != rules().end() && isKnownDomain(node.domain)) {
            inferred = rule->second(input);
        }
        if (!inferred.empty() && !inferred[0].integers && isKnownDomain(node.domain)) {
            inferred[0].integers = evaluateIntegers(input);
        }
        bool changed = false;
        for (std::size_t i = 0; i < std::min(inferred.size(), node.outputs.size()); ++i) {
            if (node.outputs[i].isValid()) {
                changed = merge(node.outputs[i], std::move(inferred[i])) || changed;
            }
        }
        return changed;
    }

    static bool isKnownDomain(std::string_view domain)
    {
        return domain.empty() || domain == "com.microsoft" || domain == "com.microsoft.nchwc";
    }

    /// What all branches of an If agree on. The outputs of loops depend on the trip count.
    static InferredValues fromBodies(const RuleInput &input)
    {
        InferredValues result;
        if (input.node().opType != "If") {
            return result;
        }
        const auto branches = input.bodyOutputs();
        for (std::size_t i = 0; i < input.outputCount(); ++i) {
            InferredValue &common = result.emplace_back();
            for (std::size_t b = 0; b < branches.size() && i < branches[b].size(); ++b) {
                const InferredValue &branch = branches[b][i];
                if (b == 0) {
                    common = branch;
                }
                common.dtype = common.dtype == branch.dtype ? common.dtype : DType::Undefined;
                common.shape = common.shape == branch.shape ? common.shape : std::nullopt;
            }
        }
        return result;
    }

    /// Adds to a value what is not known of it yet.
    bool merge(ValueId id, InferredValue inferred)
    {
        Value &value = m_builder.edit(id);
        bool changed = false;
        if (value.dtype == DType::Undefined && inferred.dtype != DType::Undefined) {
            value.dtype = inferred.dtype;
            changed = true;
        }
        if (inferred.shape && inferred.shape->size() > kHighestInferredRank) {
            inferred.shape.reset();
        }
        if (!value.shape && inferred.shape) {
            value.shape = std::move(inferred.shape);
            changed = true;
        } else if (value.shape && inferred.shape && value.shape->size() == inferred.shape->size()) {
            for (std::size_t i = 0; i < value.shape->size(); ++i) {
                if ((*value.shape)[i] < 0 && (*inferred.shape)[i] >= 0) {
                    (*value.shape)[i] = (*inferred.shape)[i];
                    changed = true;
                }
            }
        }
        if (inferred.integers && inferred.integers->size() <= kMostIntegers) {
            changed = m_integers.emplace(id, std::move(*inferred.integers)).second || changed;
        }
        return changed;
    }

    GraphBuilder &m_builder;
    KnownIntegers m_integers;
};
} // namespace

void inferOnnxShapes(GraphBuilder &builder)
{
    if (builder.nodes().size() <= kMostOps) {
        ShapeInference(builder).run();
    }
}

} // namespace syncpoint
