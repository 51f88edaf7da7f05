#include "core/formats/onnx/ep_context.h"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>

namespace syncpoint {

namespace {
constexpr std::size_t kLongestText = 4096;
constexpr std::string_view kCompiledData = "ep_cache_context";
constexpr std::string_view kProvider = "ExecutionProvider";

const OnnxAttribute *epAttribute(const OnnxNode &proto, std::string_view name)
{
    const auto found =
        std::find_if(proto.attributes.begin(), proto.attributes.end(),
                     [name](const OnnxAttribute &attribute) { return attribute.name == name; });
    return found == proto.attributes.end() ? nullptr : &*found;
}

std::string_view textOf(const OnnxNode &proto, std::string_view name)
{
    const OnnxAttribute *attribute = epAttribute(proto, name);
    return attribute == nullptr ? std::string_view{} : attribute->s;
}

bool isOneOrAbsent(const OnnxNode &proto, std::string_view name)
{
    const OnnxAttribute *attribute = epAttribute(proto, name);
    return attribute == nullptr || attribute->i != 0; // both are 1 where they are left out
}

/// What the op says, else the provider that ONNX Runtime puts first into names of partitions:
/// "QNNExecutionProvider_QNN_4242_0".
std::string providerOf(const OnnxNode &proto)
{
    const std::string_view source = textOf(proto, "source");
    if (!source.empty()) {
        return std::string(source.substr(0, kLongestText));
    }
    for (const std::string_view name : {textOf(proto, "partition_name"), proto.name}) {
        const std::size_t at = name.find(kProvider);
        if (at != std::string_view::npos && at < kLongestText) {
            return std::string(name.substr(0, at + kProvider.size()));
        }
    }
    return "unknown provider";
}

/// Where the data of an op that does not embed them lie.
std::string fileText(std::string_view location, const ExternalDataFiles &files,
                     const std::string &op, Diagnostics &diagnostics)
{
    const std::string shown(location.substr(0, kLongestText));
    const auto path = files.find(location);
    std::error_code problem;
    if (path && !path->empty()) {
        const auto size = std::filesystem::file_size(*path, problem);
        if (!problem) {
            return fmt::format("{}, {} bytes", shown, size);
        }
    }
    diagnostics.push_back(
        {Diagnostic::Severity::Warning, op,
         path ? fmt::format("the file of its compiled data, '{}', is missing", shown)
              : fmt::format("its compiled data are not looked at: {}", path.error().message)});
    return shown;
}

std::string dataText(const OnnxNode &proto, const ExternalDataFiles &files, const std::string &op,
                     Diagnostics &diagnostics)
{
    const std::string_view content = textOf(proto, kCompiledData);
    if (content.empty()) {
        if (isOneOrAbsent(proto, "main_context")) {
            diagnostics.push_back(
                {Diagnostic::Severity::Warning, op, "the op has no compiled data"});
            return "none";
        }
        return "those of the provider's main op";
    }
    return isOneOrAbsent(proto, "embed_mode") ? fmt::format("embedded, {} bytes", content.size())
                                              : fileText(content, files, op, diagnostics);
}
} // namespace

bool isEpContext(const OnnxNode &proto)
{
    return proto.opType == "EPContext" && proto.domain == "com.microsoft";
}

bool isCompiledData(const OnnxNode &proto, const OnnxAttribute &attribute)
{
    return isEpContext(proto) && attribute.name == kCompiledData;
}

void describeEpContext(const OnnxNode &proto, const ExternalDataFiles &files, Node &node,
                       Diagnostics &diagnostics)
{
    node.placement = providerOf(proto);
    const std::string op = node.name.empty() ? "EPContext" : node.name;
    node.metadata.emplace_back("compiled data", dataText(proto, files, op, diagnostics));
}

} // namespace syncpoint
