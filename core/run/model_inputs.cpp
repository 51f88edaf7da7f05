#include "core/run/model_inputs.h"
#include "core/run/number_encoding.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace syncpoint {

std::vector<ModelPort> completed(std::vector<ModelPort> ports, const Graph &graph)
{
    for (ModelPort &port : ports) {
        const auto value = graph.findValue(port.name);
        port.anyShape = port.shape.empty() && value && !graph.value(*value).shape;
    }
    return ports;
}

std::map<std::string, std::int64_t> ModelInputs::freeExtents() const
{
    std::map<std::string, std::set<std::int64_t>> found;
    for (std::size_t i = 0; i < m_ports.size(); ++i) {
        const auto &symbols = m_ports[i].symbols;
        const std::size_t samples = std::clamp<std::size_t>(m_data[i]->samples(), 1, m_samples);
        for (std::size_t sample = 0; sample < samples; ++sample) {
            const Shape shape = m_data[i]->shape(sample);
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
        const InputData &data = *m_data[i];
        const auto made = data.make(data.samples() == 1 ? 0 : sample);
        auto tensor = made ? converted(*made, m_ports[i].dtype) : made;
        if (!tensor) {
            return tensor.error().withContext(fmt::format("input '{}'", m_ports[i].name));
        }
        tensors.push_back(*std::move(tensor));
    }
    return tensors;
}

} // namespace syncpoint
