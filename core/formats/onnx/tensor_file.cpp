#include "core/formats/onnx/tensor_file.h"

#include "core/base/byte_reader.h"
#include "core/formats/onnx/onnx_parser.h"
#include "core/formats/onnx/tensor_reader.h"

namespace syncpoint {

Result<std::optional<Tensor>> readOnnxTensorFile(const std::filesystem::path &path,
                                                 std::string &name, Diagnostics &diagnostics)
{
    const auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    const auto proto = parseOnnxTensor(asText((*file)->bytes()));
    if (!proto) {
        return proto.error();
    }
    if (!proto->name.empty()) {
        name = std::string(proto->name);
    }
    return OnnxTensorReader(path, *file, diagnostics).read(*proto);
}

} // namespace syncpoint
