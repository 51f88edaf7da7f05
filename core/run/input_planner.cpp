#include "core/formats/registry.h"
#include "core/run/input_files.h"
#include "core/run/input_match.h"
#include "core/run/model_inputs.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>

namespace syncpoint {

/// The steps of ModelInputs::plan().
class InputPlanner
{
public:
    InputPlanner(const std::vector<ModelPort> &ports, const InputSource &source,
                 const JobContext &job)
        : m_source(source), m_job(job), m_fills(ports.size(), source.fallback)
    {
        m_plan.m_ports = ports;
        m_plan.m_data.resize(ports.size());
        for (std::size_t i = 0; i < ports.size(); ++i) {
            const auto twin = source.twins.find(ports[i].name);
            m_positions.push_back(twin == source.twins.end() ? i : twin->second.position);
            if (twin != source.twins.end()) {
                m_plan.m_ports[i].name = twin->second.name;
            }
        }
    }

    Result<ModelInputs> plan()
    {
        for (const auto step :
             {&InputPlanner::checkPorts, &InputPlanner::fixShapes, &InputPlanner::applyOverrides,
              &InputPlanner::readFile, &InputPlanner::countSamples, &InputPlanner::fillRest}) {
            if (auto done = (this->*step)(); !done) {
                return done.error();
            }
        }
        return std::move(m_plan);
    }

private:
    const std::vector<ModelPort> &ports() const { return m_plan.m_ports; }

    InputFiles files() { return {m_source, m_job, m_plan.m_diagnostics}; }

    void warn(std::string where, std::string text)
    {
        m_plan.m_diagnostics.push_back(
            {Diagnostic::Severity::Warning, std::move(where), std::move(text)});
    }
    Result<void> checkPorts()
    {
        for (const ModelPort &port : ports()) {
            if (port.dtype == DType::Undefined) {
                return Error{ErrorCode::Unsupported,
                             fmt::format("the model's input '{}' is not a tensor of a known type",
                                         port.name)};
            }
        }
        return {};
    }

    Result<std::size_t> portNamed(const std::string &name) const
    {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < ports().size(); ++i) {
            if (ports()[i].name == name) {
                return i;
            }
            names.push_back(ports()[i].name);
        }
        return Error{ErrorCode::BadInput, fmt::format("the model has no input '{}'; it has {}",
                                                      name, fmt::join(names, ", "))};
    }

    Result<void> fixShapes()
    {
        for (const auto &[name, shape] : m_source.shapes) {
            const auto index = portNamed(name);
            if (!index) {
                return index.error();
            }
            ModelPort &port = m_plan.m_ports[*index];
            bool fits = port.anyShape || shape.size() == port.shape.size();
            for (std::size_t axis = 0; fits && !port.anyShape && axis < shape.size(); ++axis) {
                fits = port.shape[axis] < 0 || port.shape[axis] == shape[axis];
            }
            if (!fits) {
                return Error{ErrorCode::BadInput,
                             fmt::format("the shape {} was asked for input '{}', which takes {}",
                                         toText(shape), name, describe(port))};
            }
            for (std::size_t axis = 0; axis < port.symbols.size(); ++axis) {
                m_symbols.emplace(port.symbols[axis], shape[axis]);
            }
            port.shape = shape;
            port.anyShape = false;
        }
        return {};
    }

    Result<void> applyOverrides()
    {
        for (const auto &[name, fill] : m_source.perInput) {
            const auto index = portNamed(name);
            if (!index) {
                return index.error();
            }
            m_fills[*index] = fill;
            m_decided.insert(*index);
            if (fill.kind != InputFill::Kind::File) {
                continue;
            }
            auto data = files().single(fill.file, ports()[*index]);
            if (!data) {
                return data.error();
            }
            m_plan.m_data[*index] = *std::move(data);
        }
        return {};
    }

    Result<void> readFile()
    {
        if (!m_source.file) {
            return requireFallback();
        }
        const auto media = findMedia(*m_source.file);
        if (!media) {
            return media.error();
        }
        if (*media) {
            const auto taken = giveToOnlyTaker(**media);
            return taken ? requireFallback() : taken;
        }
        auto loaded = loadDump(*m_source.file, m_job);
        return loaded ? matchArrays(**loaded) : loaded.error();
    }

    Result<void> giveToOnlyTaker(const MediaFiles &media)
    {
        std::optional<std::size_t> taker;
        std::optional<Error> refusal;
        for (std::size_t i = 0; i < ports().size(); ++i) {
            if (m_decided.count(i) != 0) {
                continue;
            }
            auto data = files().media(media, ports()[i]);
            if (data && taker) {
                return Error{ErrorCode::BadInput,
                             fmt::format("{} fits the model's inputs '{}' and '{}': give it to one "
                                         "of them by name",
                                         m_source.file->string(), ports()[*taker].name,
                                         ports()[i].name)};
            }
            if (data) {
                taker = i;
                m_plan.m_data[i] = *std::move(data);
            } else if (!refusal) {
                refusal = data.error();
            }
        }
        if (!taker) {
            return refusal ? Result<void>(*refusal) : Result<void>();
        }
        m_decided.insert(*taker);
        return {};
    }

    Result<void> matchArrays(const TensorDump &dump)
    {
        if (dump.samples.empty()) {
            return Error{ErrorCode::BadInput,
                         fmt::format("{} holds no sample", m_source.file->string())};
        }
        const InputMatch match = matchInputs(ports(), m_decided, *dump.samples.front(),
                                             m_source.file->string(), m_source.samples > 0);
        m_plan.m_diagnostics.insert(m_plan.m_diagnostics.end(), match.diagnostics.begin(),
                                    match.diagnostics.end());
        if (match.tensors.empty() && m_decided.size() < ports().size()) {
            return missing(match);
        }
        for (const auto &[port, tensor] : match.tensors) {
            auto data = files().arrays(dump, tensor, ports()[port]);
            if (!data) {
                return data.error();
            }
            m_plan.m_data[port] = *std::move(data);
            m_decided.insert(port);
        }
        return m_decided.size() < ports().size() ? fallBack(match) : Result<void>();
    }

    Result<void> requireFallback() const
    {
        for (std::size_t i = 0; i < ports().size() && !m_source.useFallback; ++i) {
            if (m_decided.count(i) == 0) {
                return Error{ErrorCode::BadInput,
                             fmt::format("nothing was given for the model's input '{}' ({})",
                                         ports()[i].name, describe(ports()[i]))};
            }
        }
        return {};
    }

    Error missing(const InputMatch &match) const
    {
        std::size_t first = 0;
        while (m_decided.count(first) != 0) {
            ++first;
        }
        return {ErrorCode::BadInput,
                fmt::format("{} has no array for the model's input '{}' ({}); it has {}",
                            m_source.file->string(), ports()[first].name, describe(ports()[first]),
                            match.content)};
    }

    Result<void> fallBack(const InputMatch &match)
    {
        if (!m_source.useFallback) {
            return missing(match);
        }
        for (std::size_t i = 0; i < ports().size(); ++i) {
            if (m_decided.count(i) == 0) {
                warn(ports()[i].name,
                     fmt::format("{} has no array for this input, which is made up instead",
                                 m_source.file->string()));
            }
        }
        return {};
    }

    Result<void> countSamples()
    {
        std::size_t count = 1;
        std::string first;
        bool allGiven = true;
        for (std::size_t i = 0; i < ports().size(); ++i) {
            const std::size_t here = m_plan.m_data[i] ? m_plan.m_data[i]->samples() : 0;
            allGiven = allGiven && here > 0;
            if (here <= 1) {
                continue;
            }
            if (count > 1 && here != count) {
                return Error{ErrorCode::BadInput,
                             fmt::format("the data has {} samples for input '{}' but {} for '{}'",
                                         count, first, here, ports()[i].name)};
            }
            count = here;
            first = ports()[i].name;
        }
        const std::size_t wanted = m_source.samples > 0 ? m_source.samples : count;
        if (wanted > count && (count > 1 || allGiven)) {
            return Error{
                ErrorCode::BadInput,
                fmt::format("{} samples were asked for, but the data has {}", wanted, count)};
        }
        m_plan.m_samples = wanted;
        return {};
    }

    /// Free extents of made-up inputs: what another input shows for the same symbol, else 1.
    Result<void> fillRest()
    {
        for (std::size_t i = 0; i < ports().size(); ++i) {
            const auto &symbols = ports()[i].symbols;
            const Shape shape = m_plan.m_data[i] ? m_plan.m_data[i]->shape(0) : Shape();
            for (std::size_t axis = 0; axis < std::min(symbols.size(), shape.size()); ++axis) {
                m_symbols.emplace(symbols[axis], shape[axis]);
            }
        }
        for (std::size_t i = 0; i < ports().size(); ++i) {
            if (!m_plan.m_data[i]) {
                m_plan.m_data[i] = filledData(m_fills[i], ports()[i].dtype, shapeToFill(ports()[i]),
                                              {m_source.seed, m_positions[i], 0});
            }
        }
        return {};
    }

    Shape shapeToFill(const ModelPort &port)
    {
        Shape shape = port.shape;
        bool guessed = port.anyShape;
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            if (shape[axis] >= 0) {
                continue;
            }
            const auto known = axis < port.symbols.size() && !port.symbols[axis].empty()
                                   ? m_symbols.find(port.symbols[axis])
                                   : m_symbols.end();
            guessed = guessed || known == m_symbols.end();
            shape[axis] = known == m_symbols.end() ? 1 : known->second;
        }
        if (guessed) {
            warn(port.name,
                 fmt::format("the model takes {}; run with {}, give a shape to change that",
                             describe(port), toText(shape)));
        }
        return shape;
    }

    const InputSource &m_source;
    const JobContext &m_job;
    ModelInputs m_plan;
    std::vector<InputFill> m_fills;       ///< index = port
    std::vector<std::size_t> m_positions; ///< of the fills' random numbers
    std::set<std::size_t> m_decided;
    std::map<std::string, std::int64_t> m_symbols;
};

Result<ModelInputs> ModelInputs::plan(const std::vector<ModelPort> &ports,
                                      const InputSource &source, const JobContext &job)
{
    return InputPlanner(ports, source, job).plan();
}

} // namespace syncpoint
