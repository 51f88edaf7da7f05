#include "compare/session/input_twins.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <vector>

namespace syncpoint {

namespace {
/// The inputs that a run feeds: older files also list initializers.
std::vector<const Value *> fedInputs(const Graph &graph)
{
    std::vector<const Value *> inputs;
    for (const ValueId id : graph.mainScope().inputs) {
        if (id.isValid() && !graph.value(id).isConstant) {
            inputs.push_back(&graph.value(id));
        }
    }
    return inputs;
}

bool fits(const Value &own, const Value &other)
{
    const auto isEqual = [](std::int64_t a, std::int64_t b) { return a == b || a < 0 || b < 0; };
    return own.dtype == other.dtype &&
           (!own.shape || !other.shape ||
            std::equal(own.shape->begin(), own.shape->end(), other.shape->begin(),
                       other.shape->end(), isEqual));
}

class Matcher
{
public:
    Matcher(const Graph &baseline, const Graph &candidate)
        : m_own(fedInputs(baseline)), m_other(fedInputs(candidate)), m_isTaken(m_own.size()),
          m_twins(m_other.size())
    {
    }

    InputTwins match(const ManualMap &map)
    {
        for (const auto &[own, other] : map.pairs) {
            pairNamed(own, other);
        }
        for (const Value *other : m_other) {
            pairNamed(other->name, other->name);
        }
        InputTwins result;
        for (std::size_t i = 0; i < m_other.size(); ++i) {
            if (!m_twins[i]) {
                pairFitting(i, result.diagnostics);
            }
            const std::string &name = m_other[i]->name;
            const auto own = m_twins[i];
            if (own && (*own != i || m_own[*own]->name != name)) {
                result.twins[name] = {m_own[*own]->name, *own};
            }
        }
        return result;
    }

private:
    static std::optional<std::size_t> indexOf(const std::vector<const Value *> &inputs,
                                              const std::string &name)
    {
        const auto found = std::find_if(inputs.begin(), inputs.end(),
                                        [&](const Value *input) { return input->name == name; });
        return found == inputs.end() ? std::nullopt
                                     : std::optional<std::size_t>(found - inputs.begin());
    }

    void pair(std::size_t own, std::size_t other)
    {
        m_isTaken[own] = true;
        m_twins[other] = own;
    }

    /// The map pairs any values; those that are not inputs are left to the alignment.
    void pairNamed(const std::string &ownName, const std::string &otherName)
    {
        const auto own = indexOf(m_own, ownName);
        const auto other = indexOf(m_other, otherName);
        if (own && other && !m_isTaken[*own] && !m_twins[*other]) {
            pair(*own, *other);
        }
    }

    void pairFitting(std::size_t other, Diagnostics &diagnostics)
    {
        const Value &input = *m_other[other];
        std::size_t own = 0;
        while (own < m_own.size() && (m_isTaken[own] || !fits(*m_own[own], input))) {
            ++own;
        }
        if (own == m_own.size()) {
            diagnostics.push_back(
                {Diagnostic::Severity::Warning, input.name,
                 "this input of the candidate has no counterpart in the baseline: "
                 "both sides may have been run on different numbers"});
            return;
        }
        pair(own, other);
        diagnostics.push_back(
            {Diagnostic::Severity::Warning, input.name,
             fmt::format("gets the numbers of the baseline's input '{}', the next of its type and "
                         "shape: pin the right pair with --map if that is wrong",
                         m_own[own]->name)});
    }

    std::vector<const Value *> m_own;                ///< the baseline's
    std::vector<const Value *> m_other;              ///< the candidate's
    std::vector<bool> m_isTaken;                     ///< of m_own
    std::vector<std::optional<std::size_t>> m_twins; ///< index = m_other
};
} // namespace

InputTwins twinInputs(const Graph &baseline, const Graph &candidate, const ManualMap &map)
{
    return Matcher(baseline, candidate).match(map);
}

} // namespace syncpoint
