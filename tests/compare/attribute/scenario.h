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

/// A graph compared with itself, with made-up errors: what attribution sees of a comparison.
class Scenario
{
public:
    Scenario &input(const std::string &name)
    {
        m_builder.addInput(m_builder.mainScope(), m_builder.value(m_builder.mainScope(), name));
        return *this;
    }
    /// An op of module `module` whose output is named like the op.
    Scenario &op(const std::string &name, const std::string &type, std::vector<std::string> inputs,
                 const std::string &module = "")
    {
        const NodeId id = m_builder.addNode(name, type, std::move(inputs), {name});
        m_builder.edit(id).module = m_builder.module(module);
        m_builder.edit(id).source = {{"net.py", 12, 0, "forward"}};
        return *this;
    }
    Scenario &weight(const std::string &name, std::size_t elements)
    {
        const std::vector<float> values(elements, 1.0F);
        m_builder.setConstant(m_builder.localValue(m_builder.mainScope(), name),
                              Tensor::fromFloats({static_cast<std::int64_t>(elements)}, values));
        return *this;
    }
    Scenario &output(const std::string &name)
    {
        m_builder.addOutput(m_builder.mainScope(), m_builder.value(m_builder.mainScope(), name));
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
        auto built = m_builder.build();
        ASSERT_TRUE(built) << built.error().message;
        graph = built.value();
        auto aligned = alignGraphs(*graph, *graph, {}, {});
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
        points = attributeTensors(*graph, alignment, errors, outputs);
        std::vector<ModulePoint> rows(points.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].isCompared = errors[i].isCompared;
            rows[i].severity = errors[i].severity;
            rows[i].headline = -10.0 * std::log10(errors[i].nsr + 1e-12);
            rows[i].introduced = points[i].introducedOrDelta();
        }
        modules = rollUpModules(*graph, *graph, alignment, rows, true);
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

    std::shared_ptr<const Graph> graph;
    Alignment alignment;
    std::vector<PointError> errors;
    std::vector<PointAttribution> points;
    std::vector<ModuleScore> modules;
    Divergence divergence;

private:
    GraphBuilder m_builder;
    std::vector<std::string> m_outputs;
    std::map<std::string, PointError> m_errors;
};

} // namespace syncpoint::testing
