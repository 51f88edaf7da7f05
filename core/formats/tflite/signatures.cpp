#include "core/formats/tflite/signatures.h"

#include "core/formats/flatbuffer.h"

#include <fmt/format.h>
#include <tflite_generated.h>

namespace syncpoint {

namespace {
constexpr std::size_t kLongestSignatureName = 80;
constexpr std::size_t kMostListed = 8;

using TensorMaps = flatbuffers::Vector<flatbuffers::Offset<tflite::TensorMap>>;

std::string namesOf(const TensorMaps *maps)
{
    std::string names;
    for (std::uint32_t i = 0; i < countOf(maps) && i < kMostListed; ++i) {
        names += names.empty() ? "" : ", ";
        names += textOf(maps->Get(i)->name()).substr(0, kLongestSignatureName);
    }
    return countOf(maps) > kMostListed ? names + ", …" : names;
}
} // namespace

TfliteSignatures::TfliteSignatures(const tflite::Model &model) : m_model(model)
{
    for (std::uint32_t i = 0; i < countOf(model.signature_defs()); ++i) {
        const auto *signature = model.signature_defs()->Get(i);
        m_keys.emplace(signature->subgraph_index(), textOf(signature->signature_key()));
        for (std::uint32_t k = 0; k < countOf(signature->outputs()); ++k) {
            const auto *output = signature->outputs()->Get(k);
            m_outputs.emplace(std::pair(signature->subgraph_index(),
                                        static_cast<std::int64_t>(output->tensor_index())),
                              textOf(output->name()));
        }
    }
}

std::string TfliteSignatures::nameOf(std::uint32_t subgraph) const
{
    const auto key = m_keys.find(subgraph);
    const std::string_view name = key != m_keys.end() && !key->second.empty()
                                      ? key->second
                                      : textOf(m_model.subgraphs()->Get(subgraph)->name());
    return name.empty() ? fmt::format("subgraph_{}", subgraph)
                        : std::string(name.substr(0, kLongestSignatureName));
}

std::string_view TfliteSignatures::outputName(std::uint32_t subgraph, std::int64_t tensor) const
{
    const auto found = m_outputs.find({subgraph, tensor});
    return found == m_outputs.end() ? std::string_view{} : found->second;
}

std::vector<std::pair<std::string, std::string>> TfliteSignatures::facts() const
{
    std::vector<std::pair<std::string, std::string>> facts;
    for (std::uint32_t i = 0; i < countOf(m_model.signature_defs()) && i < kMostListed; ++i) {
        const auto *signature = m_model.signature_defs()->Get(i);
        facts.emplace_back(
            fmt::format("signature {}",
                        textOf(signature->signature_key()).substr(0, kLongestSignatureName)),
            fmt::format("{} → {}", namesOf(signature->inputs()), namesOf(signature->outputs())));
    }
    return facts;
}

} // namespace syncpoint
