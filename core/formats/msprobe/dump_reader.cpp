#include "core/formats/msprobe/dump_reader.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/bounded_json.h"
#include "core/formats/json_fields.h"
#include "core/formats/msprobe/api_name.h"

#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>

namespace syncpoint::msprobe {

using Json = nlohmann::json;

namespace {
constexpr JsonLimits kLimits{.values = 4'000'000, .depth = 64};

/// "torch.float32", "mindspore.float32", "Float32"
DType dtypeOf(std::string_view name)
{
    return dtypeFromName(name.substr(name.rfind('.') + 1)).value_or(DType::Undefined);
}

/// NaN and infinities are bare words, or text.
std::optional<double> statistic(const Json &tensor, const char *key)
{
    const Json *field = fieldOf(tensor, key);
    if (field == nullptr) {
        return std::nullopt;
    }
    if (field->is_boolean()) {
        return field->get<bool>() ? 1.0 : 0.0;
    }
    return field->is_string() ? std::numeric_limits<double>::quiet_NaN() : numberOf(*field);
}

std::optional<TensorSummary> summaryOf(const Json &tensor)
{
    const auto min = statistic(tensor, "Min");
    const auto max = statistic(tensor, "Max");
    const auto mean = statistic(tensor, "Mean");
    const auto norm = statistic(tensor, "Norm");
    return min && max && mean && norm ? std::optional(TensorSummary{*min, *max, *mean, *norm})
                                      : std::nullopt;
}

/// Nothing for what is no tensor: numbers, None, tensors of unknown type.
std::optional<ApiTensor> tensorOf(const Json &json, const std::string &place)
{
    const auto shape = shapeOf(json, "shape");
    const std::string_view type = textOf(json, "type");
    const DType dtype = dtypeOf(textOf(json, "dtype"));
    if (!type.ends_with("Tensor") || !shape || !elementCount(*shape) || dtype == DType::Undefined) {
        return std::nullopt;
    }
    ApiTensor tensor;
    tensor.file = textOf(json, "data_name");
    // A file is named after the tensor.
    tensor.entry.name = tensor.file.empty() ? place : tensor.file.substr(0, tensor.file.rfind('.'));
    tensor.entry.info = {dtype, *shape, nullptr};
    if (tensor.file.empty()) {
        tensor.summary = summaryOf(json);
        if (!tensor.summary) {
            return std::nullopt;
        }
    }
    for (const char *key : {"dtype", "shape", "Max", "Min", "Mean", "Norm", "md5"}) {
        const Json *field = fieldOf(json, key);
        tensor.fingerprint +=
            (field == nullptr ? "-" : field->dump(-1, ' ', false, Json::error_handler_t::replace)) +
            "|";
    }
    return tensor;
}

/// Every tensor of `json`, a tensor or any nesting of lists and objects of them.
void collect(const Json &json, const std::string &place, std::vector<ApiTensor> &out)
{
    if (json.is_object() && textOf(json, "type").empty()) {
        for (auto each = json.begin(); each != json.end(); ++each) {
            collect(each.value(), fmt::format("{}.{}", place, each.key()), out);
        }
    } else if (json.is_array()) {
        for (std::size_t i = 0; i < json.size(); ++i) {
            collect(json[i], fmt::format("{}.{}", place, i), out);
        }
    } else if (auto tensor = tensorOf(json, place)) {
        out.push_back(std::move(*tensor));
    }
}

/// {"weight": [tensor], "bias": [tensor]}: msprobe leaves the place in the lists out of the names.
void collectGradients(const Json &json, std::string_view name, std::vector<ApiTensor> &out)
{
    for (auto each = json.begin(); each != json.end(); ++each) {
        const Json &list = each.value();
        const Json &gradient = list.is_array() && list.size() == 1 ? list.front() : list;
        collect(gradient, fmt::format("{}.{}", name, each.key()), out);
    }
}

ApiCall callOf(std::string_view name, const Json &json)
{
    ApiCall call;
    call.name = name;
    if (parseApiName(name).holdsGradients) {
        collectGradients(json, name, call.outputs);
        return call;
    }
    const auto add = [&](const char *key, const char *place, std::vector<ApiTensor> &out) {
        if (const Json *part = fieldOf(json, key)) {
            collect(*part, fmt::format("{}.{}", name, place), out);
        }
    };
    add("input_args", "input", call.inputs);
    add("input_kwargs", "input", call.inputs);
    add("input", "input", call.inputs); // of backward calls
    add("output", "output", call.outputs);
    add("parameters", "parameters", call.parameters);
    for (ApiTensor &parameter : call.parameters) {
        parameter.entry.kind = TensorEntry::Kind::Parameter;
    }
    return call;
}
} // namespace

Result<StepDump> readStepDump(const std::filesystem::path &file)
{
    const auto mapped = MappedFile::open(file);
    if (!mapped) {
        return mapped.error();
    }
    const std::string_view text = asText((*mapped)->bytes());
    const auto json = parseBoundedJson(text, kLimits);
    if (!json) {
        return json.error().withContext(file.filename().string());
    }
    StepDump dump;
    dump.framework = textOf(*json, "framework");
    dump.task = textOf(*json, "task");
    const Json &data = objectOf(*json, "data");
    for (const std::string_view name : membersInOrder(text, "data")) {
        const Json *call = fieldOf(data, std::string(name).c_str());
        if (call != nullptr && call->is_object()) {
            dump.calls.push_back(callOf(name, *call));
        }
    }
    if (dump.calls.empty()) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("{} lists no calls under \"data\"", file.filename().string())};
    }
    return dump;
}

} // namespace syncpoint::msprobe
