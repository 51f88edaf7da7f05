#include "core/formats/executorch/etrecord.h"

#include "core/base/byte_reader.h"
#include "core/base/number_text.h"
#include "core/formats/bounded_json.h"
#include "core/formats/pytorch/module_stack.h"
#include "core/formats/pytorch/program_json.h"
#include "core/formats/stack_trace.h"
#include "core/formats/zip/zip_archive.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace syncpoint {

namespace {
using pytorch::Json;

constexpr ZipLimits kLimits{std::uint64_t{256} << 20U, 100'000};
constexpr std::string_view kEdgeProgram = "edge_dialect_exported_program";

Result<Json> readJson(const ZipArchive &archive, std::size_t member)
{
    const auto bytes = archive.contents(member);
    if (!bytes) {
        return bytes.error();
    }
    auto json = parseBoundedJson(asText(bytes->bytes));
    return json ? json : json.error().withContext(archive.members()[member].name);
}

/// The ops of the edge program by their debug handle.
using OpsByHandle = std::map<std::int64_t, InstructionSource>;

OpsByHandle opsOf(const Json &program)
{
    OpsByHandle ops;
    const Json *module = pytorch::fieldOf(program, "graph_module");
    const Json *graph = module == nullptr ? nullptr : pytorch::fieldOf(*module, "graph");
    if (graph == nullptr) {
        return ops;
    }
    for (const Json &node : pytorch::listOf(*graph, "nodes")) {
        const Json *metadata = pytorch::fieldOf(node, "metadata");
        const auto handle =
            metadata == nullptr
                ? std::nullopt
                : wholeNumber<std::int64_t>(pytorch::textOf(*metadata, "debug_handle"));
        if (!handle) {
            continue;
        }
        InstructionSource &source = ops[*handle];
        source.frames = parseTraceback(pytorch::textOf(*metadata, "stack_trace"));
        source.modules = pytorch::parseModuleStack(pytorch::textOf(*metadata, "nn_module_stack"));
        std::vector<std::string_view> names;
        for (const Json &output : pytorch::listOf(node, "outputs")) {
            pytorch::appendNames(pytorch::choiceOf(output), names);
        }
        for (const std::string_view name : names) {
            if (!name.empty()) {
                source.names.emplace_back(name);
            }
        }
    }
    return ops;
}

/// A handle, or the list of those that one instruction (a delegate) stands for.
std::vector<std::int64_t> handlesOf(const Json &entry)
{
    std::vector<std::int64_t> handles;
    if (entry.is_number_integer()) {
        handles.push_back(entry.get<std::int64_t>());
    } else if (entry.is_array()) {
        for (const Json &handle : entry) {
            if (handle.is_number_integer()) {
                handles.push_back(handle.get<std::int64_t>());
            }
        }
    }
    return handles;
}

void join(const Json &handleMap, std::string_view method, const OpsByHandle &ops,
          InstructionSources &out)
{
    const Json *ofMethod = pytorch::fieldOf(handleMap, std::string(method).c_str());
    if (ofMethod == nullptr || !ofMethod->is_object()) {
        return;
    }
    for (const auto &[key, entry] : ofMethod->items()) {
        const auto instruction = wholeNumber<std::int64_t>(key);
        if (!instruction) {
            continue;
        }
        for (const std::int64_t handle : handlesOf(entry)) {
            const auto op = ops.find(handle);
            if (op == ops.end()) {
                continue;
            }
            InstructionSource &source = out[{std::string(method), *instruction}];
            const bool isFirst = source.names.empty();
            source.frames = isFirst ? op->second.frames : source.frames;
            source.modules = isFirst ? op->second.modules : source.modules;
            source.names.insert(source.names.end(), op->second.names.begin(),
                                op->second.names.end());
        }
    }
}
} // namespace

std::optional<std::filesystem::path> findEtRecord(const std::filesystem::path &program)
{
    for (const char *suffix : {".etrecord", "_etrecord.bin"}) {
        std::filesystem::path candidate = program;
        candidate.replace_extension();
        candidate += suffix;
        std::error_code error;
        if (std::filesystem::is_regular_file(candidate, error)) {
            return candidate;
        }
    }
    return std::nullopt;
}

Result<InstructionSources> readEtRecord(const std::filesystem::path &path)
{
    const auto archive = ZipArchive::open(path, kLimits);
    if (!archive) {
        return archive.error();
    }
    const auto mapMember = (*archive)->find("debug_handle_map");
    if (!mapMember) {
        return Error{ErrorCode::BadFormat, "not an ETRecord: it has no debug_handle_map"};
    }
    const auto handleMap = readJson(**archive, *mapMember);
    if (!handleMap) {
        return handleMap.error();
    }
    InstructionSources sources;
    for (std::size_t i = 0; i < (*archive)->members().size(); ++i) {
        // "edge_dialect_exported_program" is that of "forward", or one per method behind a slash.
        std::string_view name = (*archive)->members()[i].name;
        if (!name.starts_with(kEdgeProgram)) {
            continue;
        }
        name.remove_prefix(kEdgeProgram.size());
        const bool isProgram = name.empty() || name.front() == '/';
        const std::string_view method = name.empty() ? "forward" : name.substr(1);
        if (!isProgram || handleMap->find(method) == handleMap->end()) {
            continue; // its weights and example inputs
        }
        const auto program = readJson(**archive, i);
        if (!program) {
            return program.error();
        }
        join(*handleMap, method, opsOf(*program), sources);
    }
    return sources;
}

} // namespace syncpoint
