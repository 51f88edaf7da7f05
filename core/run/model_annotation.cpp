#include "core/run/model_annotation.h"
#include "core/base/atomic_file.h"
#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/origin_json.h"
#include "core/run/onnx_fields.h"
#include "core/run/op_links.h"

#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <unordered_map>

namespace syncpoint {

namespace {
/// The origins of an op as JSON text. All frames of the first, the innermost of the others: the
/// stacks of one region hardly differ, and they are long.
std::string originsText(const std::vector<NodeId> &links, const Graph &original)
{
    std::vector<Origin> origins;
    for (const NodeId id : links) {
        const Node &node = original.node(id);
        Origin origin{original.displayName(id), node.opType, original.module(node.module).path,
                      node.source};
        if (!origins.empty() && origin.source.size() > 1) {
            origin.source.resize(1);
        }
        origins.push_back(std::move(origin));
    }
    return originsToJson(origins).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string annotatedGraph(std::string_view graph,
                           const std::unordered_map<std::string, std::string> &origins)
{
    std::string out;
    protozero::pbf_writer writer(out);
    protozero::pbf_reader reader(graph.data(), graph.size());
    while (reader.next()) {
        if (reader.tag() != onnx_field::kGraphNode) {
            copyField(reader, writer);
            continue;
        }
        const protozero::data_view node = reader.get_view();
        const auto found = origins.find(firstOutput({node.data(), node.size()}));
        std::string copy(node.data(), node.size());
        if (found != origins.end()) {
            protozero::pbf_writer fields(copy);
            protozero::pbf_writer entry(fields, onnx_field::kNodeMetadata);
            entry.add_string(onnx_field::kEntryKey, kOriginsKey.data(), kOriginsKey.size());
            entry.add_string(onnx_field::kEntryValue, found->second);
        }
        writer.add_message(onnx_field::kGraphNode, copy);
    }
    return out;
}
} // namespace

Result<void> annotateOrigins(const std::filesystem::path &model, const Graph &rewritten,
                             const Graph &original)
{
    const auto links = linkToOriginal(rewritten, original);
    std::unordered_map<std::string, std::string> origins; // by the op's first result
    for (std::size_t i = 0; i < links.size(); ++i) {
        const Node &node = rewritten.nodes()[i];
        if (!links[i].empty() && !node.outputs.empty() && node.outputs.front().isValid()) {
            origins.emplace(rewritten.value(node.outputs.front()).name,
                            originsText(links[i], original));
        }
    }
    const auto file = MappedFile::open(model);
    if (!file) {
        return file.error();
    }
    const std::string_view bytes = asText((*file)->bytes());
    std::string out;
    try {
        protozero::pbf_writer writer(out);
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            if (reader.tag() == onnx_field::kModelGraph) {
                const protozero::data_view graph = reader.get_view();
                writer.add_message(onnx_field::kModelGraph,
                                   annotatedGraph({graph.data(), graph.size()}, origins));
            } else {
                copyField(reader, writer);
            }
        }
    } catch (const protozero::exception &) {
        return Error{ErrorCode::BadFormat, "the rewritten model is not valid protobuf"};
    }
    return writeFileAtomically(model, out);
}

} // namespace syncpoint
