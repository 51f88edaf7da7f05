#include "core/formats/hdf5/dump_reader.h"

#include "core/base/byte_reader.h"
#include "core/formats/hdf5/dump_entry.h"
#include "core/formats/hdf5/dump_json.h"
#include "core/formats/hdf5/hdf5_store.h"
#include "core/formats/hdf5/input_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <new>

namespace syncpoint {
namespace {

using namespace hdf5;

using Stores = std::vector<std::shared_ptr<const TensorStore>>;

constexpr std::int64_t kNewestVersion = 1;

/// Makes a TensorDump of what a file holds.
class DumpReader
{
public:
    explicit DumpReader(std::shared_ptr<const InputFile> file)
        : m_file(std::move(file)), m_listing(m_file->listing()), m_isDump(isDump(m_listing))
    {
    }
    Result<std::shared_ptr<const TensorDump>> read();

private:
    void readHeader();
    Result<Stores> readSection(const std::string &section);
    void readPlainOutputs();
    std::shared_ptr<const TensorStore> readSample(const Group &group);
    void addDataset(std::size_t dataset, std::string key,
                    std::vector<Hdf5TensorStore::Item> &items);
    std::optional<std::string_view> textDataset(std::string_view path);
    void readGraph();
    void readProfile();
    void readNoise();
    void warn(std::string where, std::string text)
    {
        m_dump.diagnostics.push_back(
            {Diagnostic::Severity::Warning, std::move(where), std::move(text)});
    }

    std::shared_ptr<const InputFile> m_file;
    const Listing &m_listing;
    bool m_isDump;
    TensorDump m_dump;
};

/// The facts of the run.
void DumpReader::readHeader()
{
    const Attributes &attributes = m_listing.attributes;
    m_dump.producer = attributes.text("producer");
    m_dump.created = attributes.text("created");
    m_dump.model = attributes.text("model");
    m_dump.modelSha256 = attributes.text("model_sha256");
    m_dump.runtime = attributes.text("runtime");
    if (const std::string reason = attributes.text("partial"); !reason.empty()) {
        warn(m_file->path().string(), "the dump is partial: " + reason);
    }
    const std::int64_t version = attributes.integer("version").value_or(0);
    if (version > kNewestVersion) {
        warn({}, fmt::format("the dump has format version {}, newer than this program knows; "
                             "parts of it may be missed",
                             version));
    }
}

Result<std::shared_ptr<const TensorDump>> DumpReader::read()
{
    m_dump.path = m_file->path();
    m_dump.format = m_isDump ? "syncpoint-dump" : "hdf5";
    if (m_isDump) {
        readHeader();
        auto samples = readSection("/samples");
        if (!samples) {
            return samples.error();
        }
        if (samples->empty()) {
            return Error{ErrorCode::BadFormat, "the dump has no samples"};
        }
        m_dump.samples = std::move(samples).value();
        readPlainOutputs();
        readGraph();
        readProfile();
        readNoise();
    } else {
        m_dump.samples.push_back(readSample({"", 0, m_listing.datasets.size()}));
        if (m_dump.samples.front()->entries().empty()) {
            return Error{ErrorCode::BadFormat, "the HDF5 file has no numeric datasets"};
        }
    }
    return std::make_shared<const TensorDump>(std::move(m_dump));
}

/// One store per group of the section, by name.
Result<Stores> DumpReader::readSection(const std::string &section)
{
    const auto &all = m_listing.groups;
    if (std::none_of(all.begin(), all.end(),
                     [&](const Group &group) { return group.path == section; })) {
        return Error{ErrorCode::BadFormat, fmt::format("the dump has no group '{}'", section)};
    }
    std::vector<Group> groups;
    std::copy_if(all.begin(), all.end(), std::back_inserter(groups), [&](const Group &group) {
        return group.path.starts_with(section + "/") && group.path.rfind('/') == section.size();
    });
    std::sort(groups.begin(), groups.end(),
              [](const Group &a, const Group &b) { return a.path < b.path; });
    Stores stores;
    for (const Group &group : groups) {
        stores.push_back(readSample(group));
    }
    return stores;
}

/// The optional outputs of the run without taps; what is wrong with them leaves the rest usable.
void DumpReader::readPlainOutputs()
{
    constexpr const char *kSection = "/outputs";
    auto outputs = readSection(kSection);
    if (!outputs || outputs->size() == m_dump.samples.size()) {
        m_dump.plainOutputs = outputs ? std::move(outputs).value() : Stores{};
        return;
    }
    warn(kSection, fmt::format("has {} samples in place of {} and is not used", outputs->size(),
                               m_dump.samples.size()));
}

std::shared_ptr<const TensorStore> DumpReader::readSample(const Group &group)
{
    std::vector<Hdf5TensorStore::Item> items;
    for (std::size_t i = group.firstDataset; i < group.lastDataset; ++i) {
        const std::string &path = m_listing.datasets[i].path;
        if (path.starts_with(group.path + "/")) {
            addDataset(i, path.substr(group.path.size() + 1), items);
        }
    }
    return std::make_shared<const Hdf5TensorStore>(m_file, std::move(items));
}

void DumpReader::addDataset(std::size_t dataset, std::string key,
                            std::vector<Hdf5TensorStore::Item> &items)
{
    const Dataset &source = m_listing.datasets[dataset];
    if (!m_isDump && source.stored == DType::String) {
        return;
    }
    if (const auto *unusable = std::get_if<Unusable>(&source.data)) {
        warn(key.empty() ? source.path : std::move(key), unusable->why); // the group itself
        return;
    }
    auto entry = m_isDump ? dumpEntry(key, source, m_dump.diagnostics) : foreignEntry(key, source);
    if (entry) {
        items.push_back({std::move(entry).value(), dataset});
    } else {
        warn(std::move(key), entry.error().message);
    }
}

/// The text of an optional string dataset; a damaged one is reported and left out.
std::optional<std::string_view> DumpReader::textDataset(std::string_view path)
{
    const auto &all = m_listing.datasets;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Dataset &each) { return each.path == path; });
    if (found == all.end()) {
        return std::nullopt;
    }
    const auto *text = std::get_if<Inline>(&found->data);
    if (text == nullptr || found->stored != DType::String || elementCount(found->shape) != 1U) {
        warn(std::string(path), "the text cannot be read");
        return std::nullopt;
    }
    return asText(std::span(text->bytes).first(text->bytes.size() - 1));
}

void DumpReader::readGraph()
{
    const auto text = textDataset("/graph");
    if (!text) {
        return;
    }
    ModelInfo info;
    info.path = m_file->path().string();
    info.format = "syncpoint-dump";
    info.producer = m_dump.producer;
    auto graph = graphFromJson(*text, std::move(info), m_dump.samples.front().get());
    if (graph) {
        m_dump.graph = std::move(graph).value();
    } else {
        warn("/graph", "the graph is not used: " + graph.error().message);
    }
}

void DumpReader::readNoise()
{
    const auto text = textDataset("/noise");
    if (!text) {
        return;
    }
    auto noise = noiseFromJson(*text);
    if (noise) {
        m_dump.noise = std::make_shared<const NoiseFloor>(std::move(noise).value());
    } else {
        warn("/noise", "the noise floor is not used: " + noise.error().message);
    }
}

void DumpReader::readProfile()
{
    const auto text = textDataset("/profile");
    if (!text) {
        return;
    }
    auto profile = profileFromJson(*text);
    if (profile) {
        m_dump.profile = std::make_shared<const RunProfile>(std::move(profile).value());
    } else {
        warn("/profile", "the profile is not used: " + profile.error().message);
    }
}

} // namespace

Result<std::shared_ptr<const TensorDump>> readDump(const std::filesystem::path &path,
                                                   const JobContext &job)
{
    try {
        job.beginStage("reading the dump");
        auto file = hdf5::InputFile::open(path, job);
        return file ? DumpReader(std::move(file).value()).read()
                    : Result<std::shared_ptr<const TensorDump>>(file.error());
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit, "not enough memory for what the file describes"};
    }
}

} // namespace syncpoint
