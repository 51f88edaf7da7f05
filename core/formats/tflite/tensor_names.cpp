#include "core/formats/tflite/tensor_names.h"

#include "core/formats/module_names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace syncpoint {

namespace {
constexpr std::size_t kMostFusedNames = 32;

std::string_view takeUpTo(std::string_view &text, char separator)
{
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

/// What TensorFlow wraps around every exported function.
std::string_view withoutFunctionCall(std::string_view name)
{
    for (const std::string_view call : {"StatefulPartitionedCall", "PartitionedCall"}) {
        const std::size_t slash = name.find('/');
        if (slash != std::string_view::npos && name.substr(0, slash).starts_with(call)) {
            name.remove_prefix(slash + 1);
        }
    }
    return name;
}

/// "torch.nn.modules.linear.Linear_q_proj" is a class and the attribute it is stored in.
struct ClassedPart
{
    std::string_view className;
    std::string_view attribute;
};
ClassedPart splitClass(std::string_view part)
{
    const std::size_t dot = part.rfind('.');
    const std::size_t word = dot == std::string_view::npos ? 0 : dot + 1;
    const std::size_t end = part.find('_', word + 1);
    return end == std::string_view::npos ? ClassedPart{part, {}}
                                         : ClassedPart{part.substr(0, end), part.substr(end + 1)};
}

/// PyTorch's converter puts classes into names; a qualified one tells its names from others.
bool namesClasses(std::string_view name)
{
    for (const std::string_view mark : {"torch.nn.", "__main__."}) {
        const std::size_t at = name.find(mark);
        if (at == 0 || (at != std::string_view::npos && name[at - 1] == '/')) {
            return true;
        }
    }
    return false;
}

TfliteModule moduleOfClasses(std::string_view name)
{
    constexpr std::size_t kLongest = 1024;
    TfliteModule module;
    name = name.substr(0, kLongest);
    takeUpTo(name, '/'); // the model's own class
    while (!name.empty()) {
        const auto [className, attribute] = splitClass(takeUpTo(name, '/'));
        if (attribute.empty()) {
            continue; // an op
        }
        module.path += module.path.empty() ? "" : ".";
        module.path += attribute;
        module.classNames.emplace_back(module.path, className);
    }
    return module;
}

/// Keras calls the layers it makes of plain functions after these: "tf.reshape_1". The dot does not
/// part modules.
std::string withoutDotOfFunctions(std::string_view name)
{
    std::string out(name);
    for (std::size_t at = 0; (at = out.find("tf.", at)) != std::string::npos; ++at) {
        if (at == 0 || out[at - 1] == '/') {
            out[at + 2] = '_';
        }
    }
    return out;
}

bool isNumber(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return std::isdigit(c) != 0; });
}
} // namespace

std::optional<TfliteModule> moduleOfTensor(std::string_view name)
{
    for (std::size_t i = 0; i < kMostFusedNames && !name.empty(); ++i) {
        const std::string_view part = withoutFunctionCall(takeUpTo(name, ';'));
        if (namesClasses(part)) {
            return moduleOfClasses(part);
        }
        if (auto path = moduleOfName(withoutDotOfFunctions(part))) {
            return TfliteModule{std::move(*path), {}};
        }
    }
    return std::nullopt;
}

std::vector<std::string_view> fusedNames(std::string_view name)
{
    std::vector<std::string_view> names;
    if (name.find(';') == std::string_view::npos) {
        return names;
    }
    while (!name.empty() && names.size() < kMostFusedNames) {
        const std::string_view part = takeUpTo(name, ';');
        if (!part.empty() && !isNumber(part) &&
            std::find(names.begin(), names.end(), part) == names.end()) {
            names.push_back(part);
        }
    }
    return names;
}

} // namespace syncpoint
