#pragma once
#include "core/tensor/dtype.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace syncpoint {

/// An ONNX model put together in a test, opset 17.
class TinyModel
{
public:
    /// Extents; −1 is written as the symbol "n".
    TinyModel &input(const std::string &name, DType dtype, const std::vector<std::int64_t> &shape);
    TinyModel &output(const std::string &name, DType dtype, const std::vector<std::int64_t> &shape);
    TinyModel &op(const std::string &type, const std::vector<std::string> &inputs,
                  const std::vector<std::string> &outputs, const std::string &domain = {});
    /// An op with subgraphs: name of the attribute and the graph.
    TinyModel &control(const std::string &type, const std::vector<std::string> &inputs,
                       const std::vector<std::string> &outputs,
                       const std::vector<std::pair<std::string, TinyModel>> &bodies);
    /// Writes DIR/model.onnx.
    std::filesystem::path write(const std::filesystem::path &folder) const;

private:
    std::string node(const std::string &type, const std::vector<std::string> &inputs,
                     const std::vector<std::string> &outputs);
    std::string m_graph;
    int m_ops = 0;
};

/// Writes a float32 or int64 array as .npy.
void writeNpy(const std::filesystem::path &path, const std::vector<std::int64_t> &shape,
              const std::vector<float> &values);
void writeNpy(const std::filesystem::path &path, const std::vector<std::int64_t> &shape,
              const std::vector<std::int64_t> &values);

} // namespace syncpoint
