#pragma once
#include "compare/align/aligner.h"
#include "compare/attribute/attribute_tensors.h"
#include "compare/attribute/divergence.h"
#include "core/graph/graph_builder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace syncpoint::testing {

/// A graph compared with its twin of rounded weights, with made-up errors: what attribution sees of
/// a comparison.
class Scenario
{
public:
    Scenario &input(const std::string &name)
    {
        for (GraphBuilder *side : {&m_baseline, &m_candidate}) {
            side->addInput(side->mainScope(), side->value(side->mainScope(), name));
        }
        return *this;
    }
    /// An op of module `module` whose output is named like the op. A Conv gets a small weight.
    Scenario &op(const std::string &name, const std::string &type, std::vector<std::string> inputs,
                 const std::string &module = "")
    {
        if (type == "Conv") {
            constexpr std::size_t kTaps = 4;
            weight(name + ".weight", kTaps);
            inputs.push_back(name + ".weight");
        }
        for (GraphBuilder *side : {&m_baseline, &m_candidate}) {
            const NodeId id = side->addNode(name, type, inputs, {name});
            side->edit(id).module = side->module(module);
            side->edit(id).source = {{"net.py", 12, 0, "forward"}};
        }
        return *this;
    }
    /// A weight that the candidate holds rounded.
    Scenario &weight(const std::string &name, std::size_t elements)
    {
        return weight(name, elements, 0.99F);
    }
    Scenario &weight(const std::string &name, std::size_t elements, float candidateValue)
    {
        setWeight(m_baseline, name, elements, 1.0F);
        setWeight(m_candidate, name, elements, candidateValue);
        return *this;
    }
    Scenario &output(const std::string &name)
    {
        for (GraphBuilder *side : {&m_baseline, &m_candidate}) {
            side->addOutput(side->mainScope(), side->value(side->mainScope(), name));
        }
        m_outputs.push_back(name);
        return *this;
    }
    /// ‖r‖² is 1 unless given.
    Scenario &error(const std::string &name, double nsr, double baselineEnergy = 1.0)
    {
        m_errors[name] = {true,
                          nsr > 0.1     ? Severity::Bad
                          : nsr > 0.001 ? Severity::Warn
                                        : Severity::Ok,
                          false,
                          nsr,
                          nsr * baselineEnergy,
                          baselineEnergy};
        return *this;
    }
    Scenario &nonfinite(const std::string &name)
    {
        m_errors[name] = {true, Severity::Bad, true, 0.01, 0.01, 1.0};
        return *this;
    }

    void run()
    {
        auto built = m_baseline.build();
        ASSERT_TRUE(built) << built.error().message;
        graph = built.value();
        auto rounded = m_candidate.build();
        ASSERT_TRUE(rounded) << rounded.error().message;
        candidate = rounded.value();
        auto aligned = alignGraphs(*graph, *candidate, {}, {});
        ASSERT_TRUE(aligned);
        alignment = std::move(aligned).value();
        errors.resize(alignment.points.size());
        for (const auto &[name, error] : m_errors) {
            errors[id(name).index()] = error;
        }
        std::vector<SyncPointId> outputs;
        for (const std::string &name : m_outputs) {
            outputs.push_back(id(name));
        }
        points = attributeTensors(*graph, *candidate, alignment, errors, outputs);
        std::vector<ModulePoint> rows(points.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].isCompared = errors[i].isCompared;
            rows[i].severity = errors[i].severity;
            rows[i].headline = -10.0 * std::log10(errors[i].nsr + 1e-12);
            rows[i].introduced = points[i].introducedOrDelta();
        }
        modules = rollUpModules(*graph, *candidate, alignment, rows, true);
        divergence = findDivergence(*graph, alignment, errors, points, modules);
    }

    SyncPointId id(const std::string &name) const
    {
        return alignment.reference[graph->findValue(name)->index()].point;
    }
    const PointAttribution &point(const std::string &name) const
    {
        return points[id(name).index()];
    }
    const ModuleScore *module(const std::string &path) const
    {
        for (const ModuleScore &row : modules) {
            if (graph->module(row.module).path == path) {
                return &row;
            }
        }
        return nullptr;
    }

    std::shared_ptr<const Graph> graph, candidate;
    Alignment alignment;
    std::vector<PointError> errors;
    std::vector<PointAttribution> points;
    std::vector<ModuleScore> modules;
    Divergence divergence;

private:
    static void setWeight(GraphBuilder &side, const std::string &name, std::size_t elements,
                          float number)
    {
        const std::vector<float> values(elements, number);
        side.setConstant(side.localValue(side.mainScope(), name),
                         Tensor::fromFloats({static_cast<std::int64_t>(elements)}, values));
    }

    GraphBuilder m_baseline, m_candidate;
    std::vector<std::string> m_outputs;
    std::map<std::string, PointError> m_errors;
};

} // namespace syncpoint::testing
