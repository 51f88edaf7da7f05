#include "core/formats/hdf5/hdf5_loader.h"

#include "core/formats/hdf5/attributes.h"
#include "core/formats/hdf5/dump_json.h"
#include "core/formats/hdf5/dump_names.h"
#include "core/formats/hdf5/hdf5_store.h"
#include "core/formats/hdf5/scan.h"
#include "core/formats/hdf5/trial.h"

#include <algorithm>
#include <array>
#include <cstring>
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
    Result<std::vector<std::string>> sampleGroups();
    Result<void> readSample(const std::string &group);
    void addDataset(hid_t parent, const std::string &group, const std::string &key,
                    std::vector<Hdf5TensorStore::Item> &items);
    TensorEntry foreignEntry(const std::string &key, const DatasetInfo &dataset) const;
    Result<TensorEntry> dumpEntry(const std::string &key, const DatasetInfo &dataset,
                                  const Attributes &attributes);
    std::shared_ptr<const Quantization> quantizationOf(const Attributes &attributes,
                                                       const TensorEntry &entry);
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

Result<std::vector<std::string>> DumpReader::sampleGroups()
{
    const LibraryLock lock;
    const Handle samples{H5Gopen2(m_file->id(), "/samples", H5P_DEFAULT), H5Gclose};
    if (!samples) {
        return Error{ErrorCode::BadFormat, "the dump has no group '/samples'"};
    }
    auto names = childGroups(samples.get());
    if (names && names->empty()) {
        return Error{ErrorCode::BadFormat, "the dump has no samples"};
    }
    if (names) {
        for (std::string &name : *names) {
            name.insert(0, "/samples/");
        }
    }
    return names;
}

Result<std::shared_ptr<const TensorDump>> DumpReader::read()
{
    m_dump.path = m_file->path();
    std::vector<std::string> groups{"/"};
    if (readHeader()) {
        auto samples = sampleGroups();
        if (!samples) {
            return samples.error();
        }
        groups = std::move(samples).value();
    }
    m_job.beginStage("reading the dump", groups.size());
    for (const std::string &group : groups) {
        if (m_job.isCancelled()) {
            return JobContext::cancelledError();
        }
        if (auto done = readSample(group); !done) {
            return done.error().withContext("group '" + group + "'");
        }
        m_job.advance();
    }
    if (m_isDump) {
        readGraph();
        readProfile();
    } else if (m_dump.samples.front()->entries().empty()) {
        return Error{ErrorCode::BadFormat, "the HDF5 file has no numeric datasets"};
    }
    return std::make_shared<const TensorDump>(std::move(m_dump));
}

Result<void> DumpReader::readSample(const std::string &group)
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
    m_dump.samples.push_back(std::make_shared<const Hdf5TensorStore>(m_file, std::move(items)));
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
    auto entry = dumpEntry(key, *info, Attributes::of(dataset.get(), m_file->size()));
    if (!entry) {
        warn(key, entry.error().message);
        return;
    }
    items.push_back({std::move(entry).value(), std::move(info).value()});
}

TensorEntry DumpReader::foreignEntry(const std::string &key, const DatasetInfo &dataset) const
{
    TensorEntry entry;
    entry.name = key;
    entry.info = {dataset.stored, dataset.shape, nullptr};
    return entry;
}

Result<TensorEntry> DumpReader::dumpEntry(const std::string &key, const DatasetInfo &dataset,
                                          const Attributes &attributes)
{
    TensorEntry entry;
    entry.name = attributes.text("name");
    if (entry.name.empty()) {
        entry.name = nameOfKey(key);
    }
    entry.kind = kindFromName(attributes.text("kind")).value_or(TensorEntry::Kind::Intermediate);
    entry.node = attributes.text("node");
    entry.opType = attributes.text("op_type");
    entry.module = attributes.text("module");
    entry.layout = attributes.text("layout");
    entry.info = {dataset.stored, dataset.shape, nullptr};
    if (const std::string logical = attributes.text("dtype"); !logical.empty()) {
        const auto dtype = dtypeFromName(logical);
        if (!dtype || !canHold(dataset.stored, *dtype)) {
            return Error{ErrorCode::BadFormat,
                         fmt::format("the dataset is not used: its dtype '{}' does not fit the "
                                     "stored {}",
                                     logical, dtypeName(dataset.stored))};
        }
        entry.info.dtype = *dtype;
    }
    entry.info.quantization = quantizationOf(attributes, entry);
    return entry;
}

std::shared_ptr<const Quantization> DumpReader::quantizationOf(const Attributes &attributes,
                                                               const TensorEntry &entry)
{
    auto result = std::make_shared<Quantization>();
    result->scales = attributes.numbers("scale");
    if (result->scales.empty()) {
        return nullptr;
    }
    result->zeroPoints = attributes.integers("zero_point");
    if (result->zeroPoints.size() == 1 && result->scales.size() > 1) {
        result->zeroPoints.assign(result->scales.size(), result->zeroPoints.front());
    }
    const auto axis = attributes.integer("axis");
    if (axis && result->scales.size() > 1) {
        const auto rank = static_cast<std::int64_t>(entry.info.shape.size());
        result->axis = static_cast<std::size_t>(*axis < 0 ? *axis + rank : *axis);
        const std::int64_t block = attributes.integer("block_size").value_or(0);
        result->blockSize = static_cast<std::uint64_t>(std::max<std::int64_t>(block, 0));
    }
    if (const auto fits = checkQuantization(*result, entry.info.shape); !fits) {
        warn(entry.name, "its quantization is not used: " + fits.error().message);
        return nullptr;
    }
    return result;
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

/// Reads all that load() reads, and texts, which the library takes from a heap of its own.
void tryToRead(const std::filesystem::path &path)
{
    auto file = InputFile::open(path);
    if (!file) {
        return;
    }
    const auto dump = DumpReader(std::move(file).value(), {}).read();
    if (!dump) {
        return;
    }
    for (const auto &store : (*dump)->samples) {
        for (std::size_t i = 0; i < store->entries().size(); ++i) {
            if (store->entries()[i].info.dtype == DType::String) {
                static_cast<void>(store->read(TensorId{i}));
            }
        }
    }
}

/// The signature stands at the start, or at 512, 1024, 2048 … after a user block.
bool hasSignature(std::span<const std::byte> start)
{
    constexpr std::array<unsigned char, 8> kSignature{0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
    for (std::size_t at = 0; at + kSignature.size() <= start.size(); at = at == 0 ? 512 : at * 2) {
        if (std::memcmp(start.data() + at, kSignature.data(), kSignature.size()) == 0) {
            return true;
        }
    }
    return false;
}

class Hdf5Loader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"hdf5", "HDF5 dump", "*.h5 *.hdf5 *.hdf",
                "Syncpoint dumps; numeric datasets of other HDF5 files"};
    }
    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (!file.isDirectory && hasSignature(file.start)) {
            return ProbeAnswer::Yes;
        }
        const bool named =
            file.extension == ".h5" || file.extension == ".hdf5" || file.extension == ".hdf";
        return !file.isDirectory && named ? ProbeAnswer::Maybe : ProbeAnswer::No;
    }
    Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path,
                                                   const JobContext &job) const override
    {
        try {
            std::error_code problem;
            const std::uintmax_t size = std::filesystem::file_size(path, problem);
            // Listing takes far less than a second per megabyte of file.
            const std::uint64_t seconds = 3 + (problem ? 0 : size >> 20U);
            if (auto survived = tryInCopy([&path] { tryToRead(path); }, seconds); !survived) {
                return survived.error();
            }
            auto file = InputFile::open(path);
            if (!file) {
                return file.error();
            }
            return DumpReader(std::move(file).value(), job).read();
        } catch (const std::bad_alloc &) {
            return Error{ErrorCode::Limit, "not enough memory for what the file describes"};
        }
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeHdf5Loader()
{
    return std::make_unique<Hdf5Loader>();
}

} // namespace syncpoint
