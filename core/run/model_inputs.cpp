#include "core/run/model_inputs.h"
#include "core/formats/registry.h"
#include "core/run/input_fill.h"
#include "core/run/input_match.h"
#include "core/run/number_encoding.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace syncpoint {

namespace {
constexpr std::size_t kMaxSamples = 1U << 20U;
} // namespace

/// The steps of ModelInputs::plan().
class InputPlanner
{
public:
    InputPlanner(const std::vector<ModelPort> &ports, const InputSource &source,
                 const JobContext &job)
        : m_source(source), m_job(job)
    {
        m_plan.m_ports = ports;
        m_plan.m_planned.resize(ports.size());
        m_plan.m_seed = source.seed;
        for (ModelInputs::Planned &planned : m_plan.m_planned) {
            planned.fill = source.fallback;
        }
    }

    Result<ModelInputs> plan()
    {
        for (const auto step :
             {&InputPlanner::checkPorts, &InputPlanner::fixShapes, &InputPlanner::applyOverrides,
              &InputPlanner::readFile, &InputPlanner::countSamples, &InputPlanner::shapeFills}) {
            if (auto done = (this->*step)(); !done) {
                return done.error();
            }
        }
        return std::move(m_plan);
    }

private:
    Result<void> checkPorts()
    {
        for (const ModelPort &port : m_plan.m_ports) {
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
        const auto &ports = m_plan.m_ports;
        for (std::size_t i = 0; i < ports.size(); ++i) {
            if (ports[i].name == name) {
                return i;
            }
        }
        std::vector<std::string> names;
        for (const ModelPort &port : ports) {
            names.push_back(port.name);
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
            m_plan.m_planned[*index].fill = fill;
            m_decided.insert(*index);
            if (fill.kind != InputFill::Kind::File) {
                continue;
            }
            auto dump = loadDump(fill.file, m_job);
            if (!dump) {
                return dump.error();
            }
            if ((*dump)->samples.size() != 1 || (*dump)->samples[0]->entries().size() != 1) {
                return Error{ErrorCode::BadInput,
                             fmt::format("{} does not hold exactly one array, which input '{}' "
                                         "needs",
                                         fill.file.string(), name)};
            }
            if (auto given = give(*index, **dump, TensorId{0}); !given) {
                return given.error();
            }
        }
        return {};
    }

    Result<void> readFile()
    {
        if (!m_source.file) {
            return requireFallback();
        }
        auto loaded = loadDump(*m_source.file, m_job);
        if (!loaded) {
            return loaded.error();
        }
        const TensorDump &dump = **loaded;
        if (dump.samples.empty()) {
            return Error{ErrorCode::BadInput,
                         fmt::format("{} holds no sample", m_source.file->string())};
        }
        const InputMatch match = matchInputs(m_plan.m_ports, m_decided, *dump.samples.front(),
                                             m_source.file->string(), m_source.samples > 0);
        m_plan.m_diagnostics.insert(m_plan.m_diagnostics.end(), match.diagnostics.begin(),
                                    match.diagnostics.end());
        if (match.tensors.empty() && m_decided.size() < m_plan.m_ports.size()) {
            return missing(match);
        }
        for (const auto &[port, tensor] : match.tensors) {
            if (auto given = give(port, dump, tensor); !given) {
                return given.error();
            }
            m_decided.insert(port);
        }
        return m_decided.size() < m_plan.m_ports.size() ? fallBack(match) : Result<void>();
    }

    Result<void> requireFallback() const
    {
        for (std::size_t i = 0; i < m_plan.m_ports.size() && !m_source.useFallback; ++i) {
            if (m_decided.count(i) == 0) {
                return Error{ErrorCode::BadInput,
                             fmt::format("nothing was given for the model's input '{}' ({})",
                                         m_plan.m_ports[i].name, describe(m_plan.m_ports[i]))};
            }
        }
        return {};
    }

    Error missing(const InputMatch &match) const
    {
        const auto &ports = m_plan.m_ports;
        std::size_t first = 0;
        while (m_decided.count(first) != 0) {
            ++first;
        }
        return {ErrorCode::BadInput,
                fmt::format("{} has no array for the model's input '{}' ({}); it has {}",
                            m_source.file->string(), ports[first].name, describe(ports[first]),
                            match.content)};
    }

    Result<void> fallBack(const InputMatch &match)
    {
        if (!m_source.useFallback) {
            return missing(match);
        }
        for (std::size_t i = 0; i < m_plan.m_ports.size(); ++i) {
            if (m_decided.count(i) == 0) {
                m_plan.m_diagnostics.push_back(
                    {Diagnostic::Severity::Warning, m_plan.m_ports[i].name,
                     fmt::format("{} has no array for this input, which is made up instead",
                                 m_source.file->string())});
            }
        }
        return {};
    }

    /// Takes the tensor for the port from every sample of the dump.
    Result<void> give(std::size_t index, const TensorDump &dump, TensorId tensor)
    {
        const ModelPort &port = m_plan.m_ports[index];
        const std::string name = dump.samples.front()->entry(tensor).name;
        auto &given = m_plan.m_planned[index].given;
        for (const auto &store : dump.samples) {
            const auto id = store->find(name);
            if (!id) {
                return Error{ErrorCode::BadInput,
                             fmt::format("a sample of {} has no '{}'", dump.path.string(), name)};
            }
            auto read = store->read(*id);
            if (!read) {
                return read.error();
            }
            const TensorInfo &info = read->info();
            const bool rowsAreSamples = m_source.samples > 0 && dump.samples.size() == 1;
            const auto count = sampleCount(info.shape, port, rowsAreSamples);
            const bool oneEach = dump.samples.size() == 1 || count == 1U;
            if (!count || !oneEach || *count > kMaxSamples ||
                !isConvertible(info.dtype, port.dtype)) {
                return Error{ErrorCode::BadInput,
                             fmt::format("{}: '{}' is {}, but the model's input '{}' takes {}",
                                         dump.path.string(), name, describe(info), port.name,
                                         describe(port))};
            }
            auto parts = splitSamples(*read, *count);
            if (!parts) {
                return parts.error().withContext(dump.path.string());
            }
            given.insert(given.end(), parts->begin(), parts->end());
        }
        noteConversion(given.front().info().dtype, port, dump.path.string());
        return {};
    }

    void noteConversion(DType from, const ModelPort &port, const std::string &file)
    {
        if (from != port.dtype) {
            m_plan.m_diagnostics.push_back(
                {Diagnostic::Severity::Warning, port.name,
                 fmt::format("converted from {} in {} to the model's {}", dtypeName(from), file,
                             dtypeName(port.dtype))});
        }
    }

    Result<void> countSamples()
    {
        std::size_t count = 1;
        std::string first;
        bool allGiven = true;
        for (std::size_t i = 0; i < m_plan.m_ports.size(); ++i) {
            const std::size_t here = m_plan.m_planned[i].given.size();
            allGiven = allGiven && here > 0;
            if (here <= 1) {
                continue;
            }
            if (count > 1 && here != count) {
                return Error{ErrorCode::BadInput,
                             fmt::format("the data has {} samples for input '{}' but {} for '{}'",
                                         count, first, here, m_plan.m_ports[i].name)};
            }
            count = here;
            first = m_plan.m_ports[i].name;
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
    Result<void> shapeFills()
    {
        for (std::size_t i = 0; i < m_plan.m_ports.size(); ++i) {
            const auto &given = m_plan.m_planned[i].given;
            const auto &symbols = m_plan.m_ports[i].symbols;
            for (std::size_t axis = 0; !given.empty() && axis < symbols.size(); ++axis) {
                m_symbols.emplace(symbols[axis], given.front().info().shape[axis]);
            }
        }
        for (std::size_t i = 0; i < m_plan.m_ports.size(); ++i) {
            if (m_plan.m_planned[i].given.empty()) {
                shapeFill(m_plan.m_ports[i], m_plan.m_planned[i]);
            }
        }
        return {};
    }

    void shapeFill(const ModelPort &port, ModelInputs::Planned &planned)
    {
        planned.shape = port.shape;
        bool guessed = port.anyShape;
        for (std::size_t axis = 0; axis < planned.shape.size(); ++axis) {
            if (planned.shape[axis] >= 0) {
                continue;
            }
            const auto known = axis < port.symbols.size() && !port.symbols[axis].empty()
                                   ? m_symbols.find(port.symbols[axis])
                                   : m_symbols.end();
            guessed = guessed || known == m_symbols.end();
            planned.shape[axis] = known == m_symbols.end() ? 1 : known->second;
        }
        if (guessed) {
            m_plan.m_diagnostics.push_back(
                {Diagnostic::Severity::Warning, port.name,
                 fmt::format("the model takes {}; run with {}, give a shape to change that",
                             describe(port), toText(planned.shape))});
        }
    }

    const InputSource &m_source;
    const JobContext &m_job;
    ModelInputs m_plan;
    std::set<std::size_t> m_decided;
    std::map<std::string, std::int64_t> m_symbols;
};

Result<ModelInputs> ModelInputs::plan(const std::vector<ModelPort> &ports,
                                      const InputSource &source, const JobContext &job)
{
    return InputPlanner(ports, source, job).plan();
}

std::map<std::string, std::int64_t> ModelInputs::freeExtents() const
{
    std::map<std::string, std::set<std::int64_t>> found;
    for (std::size_t i = 0; i < m_ports.size(); ++i) {
        std::vector<Shape> shapes;
        for (const Tensor &tensor : m_planned[i].given) {
            shapes.push_back(tensor.info().shape);
        }
        if (shapes.empty()) {
            shapes.push_back(m_planned[i].shape);
        }
        const auto &symbols = m_ports[i].symbols;
        for (const Shape &shape : shapes) {
            for (std::size_t axis = 0; axis < std::min(symbols.size(), shape.size()); ++axis) {
                found[symbols[axis]].insert(shape[axis]);
            }
        }
    }
    std::map<std::string, std::int64_t> extents;
    for (const auto &[symbol, values] : found) {
        if (!symbol.empty() && values.size() == 1) {
            extents[symbol] = *values.begin();
        }
    }
    return extents;
}

Result<std::vector<Tensor>> ModelInputs::make(std::size_t sample) const
{
    std::vector<Tensor> tensors;
    for (std::size_t i = 0; i < m_ports.size(); ++i) {
        const Planned &planned = m_planned[i];
        auto tensor =
            planned.given.empty()
                ? fillTensor(planned.fill, m_ports[i].dtype, planned.shape, {m_seed, i, sample})
                : converted(planned.given[std::min(sample, planned.given.size() - 1)],
                            m_ports[i].dtype);
        if (!tensor) {
            return tensor.error().withContext(fmt::format("input '{}'", m_ports[i].name));
        }
        tensors.push_back(*std::move(tensor));
    }
    return tensors;
}

} // namespace syncpoint
