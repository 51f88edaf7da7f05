#include "core/formats/onnx/onnx_parser.h"

#include "core/formats/onnx/onnx_messages.h"

namespace syncpoint {

std::string_view findEntry(const OnnxEntries &entries, std::string_view key)
{
    for (const OnnxEntry &entry : entries) {
        if (entry.key == key) {
            return entry.value;
        }
    }
    return {};
}

Result<OnnxModel> parseOnnxModel(std::string_view file)
{
    OnnxModel model;
    if (auto read = OnnxMessages(file).read(file, model); !read) {
        return read.error();
    }
    if (!model.hasGraph) {
        return Error{ErrorCode::BadFormat, "not an ONNX model: it has no graph"};
    }
    return model;
}

Result<OnnxTensor> parseOnnxTensor(std::string_view file)
{
    OnnxTensor tensor;
    if (auto read = OnnxMessages(file).read(file, tensor); !read) {
        return read.error();
    }
    return tensor;
}

} // namespace syncpoint
