#pragma once
#include "core/base/mapped_file.h"
#include "core/base/result.h"
#include "core/graph/graph.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace syncpoint {

/// The values of the main graph to capture besides its outputs: results of ops that the file
/// itself has (ops of inlined functions have no values the runtime knows), without those computed
/// from constants alone. `only` is a regular expression (ECMAScript) that must be found in the
/// name; "" takes all. Empty for formats other than ONNX.
Result<std::vector<std::string>> valuesToTap(const Graph &graph, std::span<const std::byte> model,
                                             const std::string &only);

/// An ONNX model's bytes with more values marked as graph outputs. Serialized messages that follow
/// one another are merged when read, so a second ModelProto with nothing but a graph with outputs
/// is appended; the weights are neither parsed nor copied: the file's pages stay mapped.
class TappedModel
{
public:
    static Result<std::unique_ptr<TappedModel>> map(const std::filesystem::path &path,
                                                    std::span<const std::string> taps);
    /// The same for a model in memory.
    static std::unique_ptr<TappedModel> of(std::string model, std::span<const std::string> taps);
    ~TappedModel();
    TappedModel(const TappedModel &) = delete;
    TappedModel &operator=(const TappedModel &) = delete;

    std::span<const std::byte> bytes() const { return m_bytes; }

private:
    TappedModel() = default;
    std::string m_owned; ///< for of()
    std::span<const std::byte> m_bytes;
    std::size_t m_mapped = 0;
};

} // namespace syncpoint
