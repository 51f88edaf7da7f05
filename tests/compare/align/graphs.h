#pragma once
#include "compare/align/aligner.h"
#include "core/graph/graph_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace syncpoint::testing {

/// A graph from ops in short form; inputs and outputs of the main scope by name.
class GraphMaker
{
public:
    GraphMaker &input(const std::string &name, Shape shape = {})
    {
        const ValueId id = m_builder.localValue(m_builder.mainScope(), name);
        m_builder.edit(id).dtype = DType::Float32;
        if (!shape.empty()) {
            m_builder.edit(id).shape = std::move(shape);
        }
        m_builder.addInput(m_builder.mainScope(), id);
        return *this;
    }
    GraphMaker &constant(const std::string &name, const std::vector<float> &values)
    {
        const ValueId id = m_builder.localValue(m_builder.mainScope(), name);
        m_builder.setConstant(
            id, Tensor::fromFloats({static_cast<std::int64_t>(values.size())}, values));
        return *this;
    }
    GraphMaker &op(const std::string &type, const std::vector<std::string> &inputs,
                   const std::string &output, Shape shape = {})
    {
        m_builder.addNode(type + "_of_" + output, type, inputs, {output});
        if (!shape.empty()) {
            edit(output).shape = std::move(shape);
        }
        return *this;
    }
    /// The output holds integers with one scale and zero point.
    GraphMaker &quantized(const std::string &name, DType dtype, double scale, std::int64_t zero)
    {
        edit(name).dtype = dtype;
        edit(name).quantization =
            std::make_shared<Quantization>(Quantization{{scale}, {zero}, {}, 0});
        return *this;
    }
    GraphMaker &output(const std::string &name)
    {
        m_builder.addOutput(m_builder.mainScope(), m_builder.value(m_builder.mainScope(), name));
        return *this;
    }
    Value &edit(const std::string &name)
    {
        return m_builder.edit(m_builder.value(m_builder.mainScope(), name));
    }
    GraphBuilder &builder() { return m_builder; }
    std::shared_ptr<const Graph> build()
    {
        auto graph = m_builder.build();
        EXPECT_TRUE(graph) << (graph ? "" : graph.error().message);
        return graph ? graph.value() : nullptr;
    }

private:
    GraphBuilder m_builder;
};

inline Alignment align(const Graph &baseline, const Graph &candidate, const ManualMap &map = {})
{
    auto alignment = alignGraphs(baseline, candidate, map, {});
    EXPECT_TRUE(alignment) << (alignment ? "" : alignment.error().message);
    return alignment ? std::move(alignment).value() : Alignment{};
}

/// The sync point whose baseline class holds the named value; null when it is in none.
inline const SyncPoint *pointOf(const Alignment &alignment, const Graph &baseline,
                                const std::string &name)
{
    const auto id = baseline.findValue(name);
    if (!id || alignment.reference[id->index()].status != ValueStatus::Paired) {
        return nullptr;
    }
    return &alignment.point(alignment.reference[id->index()].point);
}

/// The candidate value compared with the named baseline value's class; "" when in no sync point.
inline std::string partnerOf(const Alignment &alignment, const Graph &baseline,
                             const Graph &candidate, const std::string &name)
{
    const SyncPoint *point = pointOf(alignment, baseline, name);
    return point ? candidate.qualifiedName(point->candidate) : "";
}

/// Numbers to capture, by name of the value.
using Numbers = std::map<std::string, std::vector<float>>;

inline std::vector<float> normal(float mean, float deviation, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> distribution(mean, deviation);
    std::vector<float> numbers(256);
    std::generate(numbers.begin(), numbers.end(), [&] { return distribution(random); });
    return numbers;
}

inline CapturedValues::Read reading(const Graph &graph, const Numbers &numbers)
{
    return [&](ValueId value, std::uint64_t most) -> std::optional<std::vector<float>> {
        const auto found = numbers.find(graph.qualifiedName(value));
        return found == numbers.end() || found->second.size() > most ? std::nullopt
                                                                     : std::optional(found->second);
    };
}

} // namespace syncpoint::testing
