#include "core/run/input_match.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::size_t kNamesShown = 8;

class Matcher
{
public:
    Matcher(const std::vector<ModelPort> &ports, const TensorStore &store, const std::string &file,
            bool rowsAreSamples)
        : m_ports(ports), m_store(store), m_file(file), m_rowsAreSamples(rowsAreSamples)
    {
    }

    InputMatch match(const std::set<std::size_t> &decided)
    {
        collect(decided);
        byName();
        byOnlyFit();
        byOrder();
        describeContent();
        return std::move(m_match);
    }

private:
    /// A dump says which of its tensors were inputs; only those may be taken under another name.
    void collect(const std::set<std::size_t> &decided)
    {
        for (std::size_t port = 0; port < m_ports.size(); ++port) {
            if (decided.count(port) == 0) {
                m_open.push_back(port);
            }
        }
        const auto entries = m_store.entries();
        m_knowsInputs = std::any_of(entries.begin(), entries.end(), isInput);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (!m_knowsInputs || isInput(entries[i])) {
                m_free.push_back(TensorId{i});
            }
        }
    }

    static bool isInput(const TensorEntry &entry) { return entry.kind == TensorEntry::Kind::Input; }

    void take(std::size_t port, TensorId tensor)
    {
        m_match.tensors[port] = tensor;
        m_open.erase(std::remove(m_open.begin(), m_open.end(), port), m_open.end());
        m_free.erase(std::remove(m_free.begin(), m_free.end(), tensor), m_free.end());
    }

    void takeRenamed(std::size_t port, TensorId tensor, std::string_view why)
    {
        m_match.diagnostics.push_back(
            {Diagnostic::Severity::Warning, m_ports[port].name,
             fmt::format("fed with '{}' of {}, {}", m_store.entry(tensor).name, m_file, why)});
        take(port, tensor);
    }

    bool fits(std::size_t port, TensorId tensor) const
    {
        const TensorInfo &info = m_store.entry(tensor).info;
        return info.dtype == m_ports[port].dtype &&
               sampleCount(info.shape, m_ports[port], m_rowsAreSamples).has_value();
    }

    void byName()
    {
        const auto open = m_open; // take() changes it
        for (const std::size_t port : open) {
            if (const auto tensor = m_store.find(m_ports[port].name)) {
                take(port, *tensor);
            }
        }
    }

    void byOnlyFit()
    {
        const auto open = m_open; // take() changes it
        for (const std::size_t port : open) {
            const auto fitting = [&](TensorId tensor) { return fits(port, tensor); };
            const auto tensor = std::find_if(m_free.begin(), m_free.end(), fitting);
            if (tensor == m_free.end() || std::any_of(std::next(tensor), m_free.end(), fitting)) {
                continue;
            }
            const auto rivals = std::count_if(m_open.begin(), m_open.end(), [&](std::size_t other) {
                return fits(other, *tensor);
            });
            if (rivals == 1) {
                takeRenamed(port, *tensor, "the only array of its type and shape");
            }
        }
    }

    void byOrder()
    {
        if (m_open.size() != m_free.size()) {
            return;
        }
        for (std::size_t i = 0; i < m_open.size(); ++i) {
            if (!fits(m_open[i], m_free[i])) {
                return;
            }
        }
        const auto ports = m_open;
        const auto tensors = m_free;
        for (std::size_t i = 0; i < ports.size(); ++i) {
            takeRenamed(ports[i], tensors[i], "by its position");
        }
    }

    void describeContent()
    {
        std::vector<std::string> names;
        for (const TensorId tensor : m_free) {
            const TensorEntry &entry = m_store.entry(tensor);
            names.push_back(fmt::format("'{}' ({})", entry.name, describe(entry.info)));
            if (names.size() == kNamesShown && m_free.size() > kNamesShown) {
                names.push_back(fmt::format("{} more", m_free.size() - kNamesShown));
                break;
            }
        }
        m_match.content =
            names.empty() ? "nothing else" : fmt::format("{}", fmt::join(names, ", "));
        // A dump's other tensors are no surprise; an array in a file of inputs is one.
        const bool isInputFile = !m_knowsInputs && m_free.size() <= m_ports.size();
        if (isInputFile && m_open.empty() && !m_free.empty()) {
            m_match.diagnostics.push_back(
                {Diagnostic::Severity::Warning, m_file,
                 fmt::format("not used, because the model has no such input: {}",
                             m_match.content)});
        }
    }

    const std::vector<ModelPort> &m_ports;
    const TensorStore &m_store;
    const std::string &m_file;
    bool m_rowsAreSamples;
    bool m_knowsInputs = false;
    std::vector<std::size_t> m_open;
    std::vector<TensorId> m_free;
    InputMatch m_match;
};
} // namespace

InputMatch matchInputs(const std::vector<ModelPort> &ports, const std::set<std::size_t> &decided,
                       const TensorStore &store, const std::string &file, bool rowsAreSamples)
{
    return Matcher(ports, store, file, rowsAreSamples).match(decided);
}

} // namespace syncpoint
