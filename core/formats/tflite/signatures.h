#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace syncpoint::tflite {
struct Model;
} // namespace syncpoint::tflite

namespace syncpoint {

/// The entry points of a model as its users call them.
class TfliteSignatures
{
public:
    explicit TfliteSignatures(const tflite::Model &model);

    /// The key of the signature that runs a subgraph ("serving_default"), else the subgraph's own
    /// name, else its number; shortened.
    std::string nameOf(std::uint32_t subgraph) const;
    /// What signatures call a tensor that a subgraph yields; "" for none.
    std::string_view outputName(std::uint32_t subgraph, std::int64_t tensor) const;

    /// ("signature serving_default", "input_1 → dense_1") per signature, for people.
    std::vector<std::pair<std::string, std::string>> facts() const;

private:
    const tflite::Model &m_model;
    std::unordered_map<std::uint32_t, std::string_view> m_keys;
    std::map<std::pair<std::uint32_t, std::int64_t>, std::string_view> m_outputs;
};

} // namespace syncpoint
