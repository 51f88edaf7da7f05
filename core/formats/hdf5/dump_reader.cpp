#include "core/formats/hdf5/dump_reader.h"

#include "core/formats/hdf5/attributes.h"
#include "core/formats/hdf5/dump_entry.h"
#include "core/formats/hdf5/dump_json.h"
#include "core/formats/hdf5/hdf5_store.h"
#include "core/formats/hdf5/scan.h"

#include <fmt/format.h>
#include <new>

namespace syncpoint {
namespace {

using namespace hdf5;

constexpr std::uint64_t kMostTextBytes = std::uint64_t{1} << 30U;
constexpr std::int64_t kNewestVersion = 1;

/// Reads one file into a TensorDump. The library lock is taken per step, and never while a store is
/// destroyed, which takes it too.
class DumpReader
{
public:
    DumpReader(std::shared_ptr<const InputFile> file, JobContext job)
        : m_file(std::move(file)), m_job(std::move(job))
    {
    }
    Result<std::shared_ptr<const TensorDump>> read();

private:
    bool readHeader();
    Result<std::vector<std::string>> sampleGroups(const std::string &section);
    Result<void> readSample(const std::string &group,
                            std::vector<std::shared_ptr<const TensorStore>> &out);
    Result<void> readSamples(const std::vector<std::string> &groups,
                             std::vector<std::shared_ptr<const TensorStore>> &out);
    Result<void> readPlainOutputs();
    void addDataset(hid_t parent, const std::string &group, const std::string &key,
                    std::vector<Hdf5TensorStore::Item> &items);
    std::optional<std::string> textDataset(const char *path);
    void readGraph();
    void readProfile();
    void warn(std::string where, std::string text)
    {
        m_dump.diagnostics.push_back(
            {Diagnostic::Severity::Warning, std::move(where), std::move(text)});
    }

    std::shared_ptr<const InputFile> m_file;
    JobContext m_job;
    TensorDump m_dump;
    bool m_isDump = false;
};

/// Reads the facts of the run; false for files of other programs.
bool DumpReader::readHeader()
{
    const LibraryLock lock;
    const Handle root{H5Gopen2(m_file->id(), "/", H5P_DEFAULT), H5Gclose};
    const Attributes attributes = Attributes::of(root.get(), m_file->size());
    m_isDump = attributes.text("format") == "syncpoint-dump";
    m_dump.format = m_isDump ? "syncpoint-dump" : "hdf5";
    if (!m_isDump) {
        return false;
    }
    m_dump.producer = attributes.text("producer");
    m_dump.created = attributes.text("created");
    m_dump.model = attributes.text("model");
    m_dump.modelSha256 = attributes.text("model_sha256");
    m_dump.runtime = attributes.text("runtime");
    const std::int64_t version = attributes.integer("version").value_or(0);
    if (version > kNewestVersion) {
        warn({}, fmt::format("the dump has format version {}, newer than this program knows; "
                             "parts of it may be missed",
                             version));
    }
    return true;
}

/// The groups of a section, one per sample.
Result<std::vector<std::string>> DumpReader::sampleGroups(const std::string &section)
{
    const LibraryLock lock;
    const Handle samples{H5Gopen2(m_file->id(), section.c_str(), H5P_DEFAULT), H5Gclose};
    if (!samples) {
        return Error{ErrorCode::BadFormat, fmt::format("the dump has no group '{}'", section)};
    }
    auto names = childGroups(samples.get());
    if (names) {
        for (std::string &name : *names) {
            name.insert(0, section + "/");
        }
    }
    return names;
}

Result<std::shared_ptr<const TensorDump>> DumpReader::read()
{
    m_dump.path = m_file->path();
    std::vector<std::string> groups{"/"};
    if (readHeader()) {
        auto samples = sampleGroups("/samples");
        if (!samples) {
            return samples.error();
        }
        if (samples->empty()) {
            return Error{ErrorCode::BadFormat, "the dump has no samples"};
        }
        groups = std::move(samples).value();
    }
    m_job.beginStage("reading the dump", groups.size());
    if (auto done = readSamples(groups, m_dump.samples); !done) {
        return done.error();
    }
    if (m_isDump) {
        if (auto done = readPlainOutputs(); !done) {
            return done.error();
        }
        readGraph();
        readProfile();
    } else if (m_dump.samples.front()->entries().empty()) {
        return Error{ErrorCode::BadFormat, "the HDF5 file has no numeric datasets"};
    }
    return std::make_shared<const TensorDump>(std::move(m_dump));
}

Result<void> DumpReader::readSamples(const std::vector<std::string> &groups,
                                     std::vector<std::shared_ptr<const TensorStore>> &out)
{
    for (const std::string &group : groups) {
        if (m_job.isCancelled()) {
            return JobContext::cancelledError();
        }
        if (auto done = readSample(group, out); !done) {
            return done.error().withContext("group '" + group + "'");
        }
        m_job.advance();
    }
    return {};
}

/// The optional outputs of the run without taps; what is wrong with them leaves the rest usable.
Result<void> DumpReader::readPlainOutputs()
{
    constexpr const char *kSection = "/outputs";
    {
        const LibraryLock lock;
        if (H5Lexists(m_file->id(), kSection, H5P_DEFAULT) <= 0) {
            return {};
        }
    }
    const auto groups = sampleGroups(kSection);
    if (!groups || groups->size() != m_dump.samples.size()) {
        warn(kSection, groups ? fmt::format("has {} samples in place of {} and is not used",
                                            groups->size(), m_dump.samples.size())
                              : groups.error().message);
        return {};
    }
    std::vector<std::shared_ptr<const TensorStore>> outputs;
    if (auto done = readSamples(*groups, outputs); done) {
        m_dump.plainOutputs = std::move(outputs);
    } else if (done.error().code == ErrorCode::Cancelled) {
        return done;
    } else {
        warn(kSection, done.error().message);
    }
    return {};
}

Result<void> DumpReader::readSample(const std::string &group,
                                    std::vector<std::shared_ptr<const TensorStore>> &out)
{
    std::vector<Hdf5TensorStore::Item> items;
    {
        const LibraryLock lock;
        const Handle parent{H5Gopen2(m_file->id(), group.c_str(), H5P_DEFAULT), H5Gclose};
        if (!parent) {
            return Error{ErrorCode::BadFormat, "it cannot be opened (" + lastProblem() + ")"};
        }
        std::vector<std::string> skipped;
        const auto keys = scanDatasets(parent.get(), skipped);
        if (!keys) {
            return keys.error();
        }
        for (const std::string &name : skipped) {
            warn(name, "this link leads out of the file, too deep or to something damaged; it is "
                       "not followed");
        }
        for (const std::string &key : *keys) {
            if (m_job.isCancelled()) {
                return JobContext::cancelledError();
            }
            addDataset(parent.get(), group, key, items);
        }
    }
    out.push_back(std::make_shared<const Hdf5TensorStore>(m_file, std::move(items)));
    return {};
}

void DumpReader::addDataset(hid_t parent, const std::string &group, const std::string &key,
                            std::vector<Hdf5TensorStore::Item> &items)
{
    const Handle dataset{H5Dopen2(parent, key.c_str(), H5P_DEFAULT), H5Dclose};
    if (!dataset) {
        warn(key, "the dataset cannot be opened (" + lastProblem() + ")");
        return;
    }
    auto info = m_file->describe(dataset.get(), group == "/" ? "/" + key : group + "/" + key);
    if (!info) {
        warn(key, "the dataset is not used: " + info.error().message);
        return;
    }
    if (!m_isDump) {
        if (info->stored != DType::String) {
            items.push_back({foreignEntry(key, *info), std::move(info).value()});
        }
        return;
    }
    auto entry =
        dumpEntry(key, *info, Attributes::of(dataset.get(), m_file->size()), m_dump.diagnostics);
    if (!entry) {
        warn(key, entry.error().message);
        return;
    }
    items.push_back({std::move(entry).value(), std::move(info).value()});
}

herr_t readDataset(hid_t dataset, hid_t type, void *buffer)
{
    return H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
}

/// The text of an optional string dataset; a damaged one is reported and left out.
std::optional<std::string> DumpReader::textDataset(const char *path)
{
    const LibraryLock lock;
    if (H5Lexists(m_file->id(), path, H5P_DEFAULT) <= 0) {
        return std::nullopt;
    }
    const Handle dataset{H5Dopen2(m_file->id(), path, H5P_DEFAULT), H5Dclose};
    const Handle type{dataset ? H5Dget_type(dataset.get()) : H5I_INVALID_HID, H5Tclose};
    const Handle space{dataset ? H5Dget_space(dataset.get()) : H5I_INVALID_HID, H5Sclose};
    auto text = type && space && H5Tget_class(type.get()) == H5T_STRING
                    ? readText(type.get(), space.get(), kMostTextBytes, readDataset, dataset.get())
                    : std::nullopt;
    if (!text) {
        warn(path, "the text cannot be read");
    }
    return text;
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
        auto file = hdf5::InputFile::open(path);
        return file ? DumpReader(std::move(file).value(), job).read()
                    : Result<std::shared_ptr<const TensorDump>>(file.error());
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit, "not enough memory for what the file describes"};
    }
}

} // namespace syncpoint
