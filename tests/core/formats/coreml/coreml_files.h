#pragma once
#include "core/formats/coreml/mil_program.h"
#include "core/formats/registry.h"
#include "tests/core/formats/test_files.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Makes Core ML files for tests: programs are written as text, weights into a blob file.
namespace syncpoint::test {

/// The bytes of `values`, little-endian.
template <typename Number>
std::string bytesOf(const std::vector<Number> &values)
{
    const auto bytes = std::as_bytes(std::span(values));
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// Codes of so many bits, the first in the low bits of the first byte.
std::string packedCodes(const std::vector<unsigned> &codes, unsigned bits);

class BlobFile
{
public:
    BlobFile();
    /// The offset to name in the program; `type` is the number of the blob format.
    std::uint64_t add(std::uint32_t type, const std::string &data);
    const std::string &content() const { return m_content; }

private:
    std::string m_content;
};

/// "BLOBFILE(…)" for an offset.
std::string blobAt(std::uint64_t offset);

/// A program whose main function has these statements. `header` is "<fp32, [4]> x" style inputs.
std::string milProgram(const std::string &inputs, const std::string &statements,
                       const std::string &outputs);

/// A serialized Model with the program, as coremltools stores it: op sets and names kept.
std::string milModel(const MilProgram &program);

/// Writes `name`.mlmodelc with the text and the weights and gives its path.
std::filesystem::path writeCompiled(const TemporaryFolder &folder, const std::string &text,
                                    const BlobFile &weights, const std::string &name = "m");
/// Writes `name`.mlpackage with the model and the weights and gives its path.
std::filesystem::path writePackage(const TemporaryFolder &folder, const std::string &model,
                                   const BlobFile &weights, const std::string &name = "m");

Result<std::shared_ptr<const Graph>> load(const std::filesystem::path &path);
/// Of text with weights, in a folder that goes at once.
Result<std::shared_ptr<const Graph>> loadText(const std::string &text,
                                              const BlobFile &weights = {});

/// All that the graph says, ops by the name of their result: equal texts, equal graphs.
std::string described(const Graph &graph);

/// The numbers of a constant, decoded.
std::vector<float> numbersOf(const Graph &graph, const std::string &value);

} // namespace syncpoint::test
