#include "core/formats/onnx/op_schema.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wshadow"
#include <onnx/defs/schema.h>
#pragma GCC diagnostic pop

namespace syncpoint {

namespace {
std::vector<OpParameterDescription>
describe(const std::vector<onnx::OpSchema::FormalParameter> &parameters)
{
    std::vector<OpParameterDescription> result;
    for (const auto &parameter : parameters) {
        result.push_back({parameter.GetName(), parameter.GetDescription()});
    }
    return result;
}
} // namespace

std::optional<OpDescription> describeOp(std::string_view domain, std::string_view opType, int opset)
{
    const onnx::OpSchema *schema =
        onnx::OpSchemaRegistry::Schema(std::string(opType), opset, std::string(domain));
    if (schema == nullptr) {
        return std::nullopt;
    }
    OpDescription result;
    result.text = schema->doc() != nullptr ? schema->doc() : "";
    result.sinceOpset = schema->SinceVersion();
    result.inputs = describe(schema->inputs());
    result.outputs = describe(schema->outputs());
    for (const auto &[name, attribute] : schema->attributes()) {
        result.attributes.push_back({name, attribute.description});
    }
    return result;
}

} // namespace syncpoint
