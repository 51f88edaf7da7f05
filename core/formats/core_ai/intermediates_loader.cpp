#include "core/formats/core_ai/intermediates_loader.h"

#include "core/formats/bounded_json.h"
#include "core/formats/core_ai/lost_types.h"
#include "core/formats/core_ai/output_maps.h"
#include "core/formats/external_data.h"
#include "core/formats/json_fields.h"
#include "core/formats/module_names.h"
#include "core/formats/npy/npy_store.h"
#include "core/formats/pytorch/torch_globals.h"

#include <array>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

namespace syncpoint {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Kind = TensorEntry::Kind;

constexpr JsonLimits kLimits{.values = 2'000'000, .depth = 64};
constexpr const char *kMetadata = "metadata.json";
constexpr std::array kGroups{std::pair{"inputs", Kind::Input}, std::pair{"outputs", Kind::Output},
                             std::pair{"intermediates", Kind::Intermediate}};

bool looksLikeMetadata(const fs::path &path)
{
    std::string start(4096, '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(file.gcount()));
    return start.find("\"node_target\"") != std::string::npos &&
           start.find("\"data_file\"") != std::string::npos;
}

/// Turns the metadata into the items of a store.
class Collector
{
public:
    Collector(const fs::path &folder, const Json &metadata, TensorDump &dump)
        : m_files(folder / kMetadata),
          m_maps(core_ai::readOutputMaps(objectOf(metadata, "mappings"))), m_dump(dump)
    {
    }

    void add(const std::string &key, const Json &node, Kind kind)
    {
        TensorEntry entry;
        entry.name = key;
        entry.kind = kind;
        const std::string target(textOf(node, "node_target"));
        if (textOf(node, "node_op") == "get_attr") { // parameters stand among the intermediates
            entry.kind = Kind::Parameter;
            entry.name = target.empty() ? key : target;
            entry.module = moduleOfParameter(entry.name).value_or("");
        } else if (textOf(node, "node_op") != "placeholder") {
            entry.node = key;
            entry.opType = target;
        }
        addFile(std::move(entry), key, node);
    }

    std::vector<NpyItem> take()
    {
        noteCounts();
        return std::move(m_items);
    }

private:
    void addFile(TensorEntry entry, const std::string &key, const Json &node)
    {
        const std::string_view location = textOf(node, "data_file");
        if (location.empty()) { // several outputs: the format has no place for them
            ++m_withoutData;
            return;
        }
        const auto path = m_files.find(location);
        if (!path || path->empty()) {
            return warn(entry.name, path ? fmt::format("its file '{}' is missing", location)
                                         : path.error().message);
        }
        const auto header = readNpyHeaderOfFile(*path);
        if (!header) {
            return warn(entry.name, header.error().message);
        }
        const auto shape = shapeOf(node, "shape");
        if (shape && *shape != header->shape) {
            return warn(entry.name, fmt::format("its shape is {} in the file and {} in {}",
                                                toText(header->shape), toText(*shape), kMetadata));
        }
        const auto dtype = pytorch::dtypeOfGlobal(textOf(node, "torch_dtype"));
        m_converted += dtype && *dtype != header->dtype ? 1U : 0U;
        addNamed(std::move(entry), key, *path, *header);
    }

    /// The tensor, and the same again under every name that the conversion gave it.
    void addNamed(TensorEntry entry, const std::string &key, const fs::path &path,
                  const NpyHeader &header)
    {
        const auto others = m_maps.find(key);
        addItem(entry, path, header);
        if (others == m_maps.end()) {
            return;
        }
        for (const std::string &other : others->second) {
            entry.name = other;
            addItem(entry, path, header);
        }
    }

    void addItem(const TensorEntry &entry, const fs::path &path, const NpyHeader &header)
    {
        if (!m_names.insert(entry.name).second) {
            return;
        }
        NpyItem item = npyFileItem(entry.name, path, header);
        item.entry.kind = entry.kind;
        item.entry.node = entry.node;
        item.entry.opType = entry.opType;
        item.entry.module = entry.module;
        m_items.push_back(std::move(item));
    }

    void warn(const std::string &tensor, std::string_view why)
    {
        m_dump.diagnostics.push_back({Diagnostic::Severity::Warning, tensor,
                                      fmt::format("the tensor is not used: {}", why)});
    }

    void noteCounts()
    {
        if (m_withoutData > 0) {
            m_dump.diagnostics.push_back(
                {Diagnostic::Severity::Info, "",
                 fmt::format("{} ops have no data: this format stores no ops with several outputs",
                             m_withoutData)});
        }
        if (m_converted > 0) {
            m_dump.diagnostics.push_back(
                {Diagnostic::Severity::Info, "",
                 fmt::format("{} tensors are stored in another type than they had in the run",
                             m_converted)});
        }
    }

    ExternalDataFiles m_files;
    core_ai::OutputNames m_maps;
    TensorDump &m_dump;
    std::vector<NpyItem> m_items;
    std::set<std::string, std::less<>> m_names;
    std::size_t m_withoutData = 0;
    std::size_t m_converted = 0;
};

class IntermediatesLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"aimodelintermediates", "Core AI intermediates", "*.aimodelintermediates",
                "tensors of a PyTorch run by fx node, parameters, output maps; give the .pt2 as "
                "their model"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (!file.isDirectory) {
            return ProbeAnswer::No;
        }
        return looksLikeMetadata(file.path / kMetadata)    ? ProbeAnswer::Yes
               : file.extension == ".aimodelintermediates" ? ProbeAnswer::Maybe
                                                           : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const TensorDump>> load(const fs::path &path,
                                                   const JobContext &job) const override
    {
        const auto metadata = readBoundedJson(path / kMetadata, kLimits);
        if (!metadata) {
            return metadata.error();
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "aimodelintermediates";
        dump->producer = "Core AI";
        Collector collector(path, *metadata, *dump);
        for (const auto &[group, kind] : kGroups) {
            const Json &nodes = objectOf(*metadata, group);
            job.beginStage("reading the folder", nodes.size());
            for (auto node = nodes.begin(); node != nodes.end(); ++node, job.advance()) {
                if (job.isCancelled()) {
                    return JobContext::cancelledError();
                }
                collector.add(node.key(), node.value(), kind);
            }
        }
        auto items = collector.take();
        if (items.empty()) {
            return Error{ErrorCode::BadFormat, fmt::format("{} names no usable tensor", kMetadata)};
        }
        core_ai::noteLostBFloat16(items, dump->diagnostics);
        dump->samples.push_back(std::make_shared<const NpyTensorStore>(path, std::move(items)));
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeCoreAiIntermediatesLoader()
{
    return std::make_unique<IntermediatesLoader>();
}

} // namespace syncpoint
