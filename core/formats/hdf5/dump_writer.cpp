#include "core/formats/hdf5/dump_writer.h"

#include "core/base/atomic_file.h"
#include "core/formats/hdf5/attribute_writer.h"
#include "core/formats/hdf5/dump_json.h"
#include "core/formats/hdf5/dump_names.h"
#include "core/formats/hdf5/element_type.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <map>
#include <new>

namespace syncpoint {
namespace {

using namespace hdf5;

Error writeError(std::string_view what)
{
    return {ErrorCode::Io, fmt::format("{} cannot be written ({})", what, lastProblem())};
}

/// Packed elements one per byte, signed ones with their sign.
std::vector<std::byte> unpacked(const Tensor &tensor)
{
    const DType dtype = tensor.info().dtype;
    const std::size_t bits = bitWidth(dtype);
    const std::size_t perByte = 8 / bits;
    const unsigned mask = (1U << bits) - 1U;
    const bool isSigned = dtype == DType::Int4 || dtype == DType::Int2;
    std::vector<std::byte> result(tensor.elements());
    for (std::size_t i = 0; i < result.size(); ++i) {
        const auto byte = std::to_integer<unsigned>(tensor.bytes()[i / perByte]);
        const unsigned element = (byte >> (i % perByte * bits)) & mask;
        const bool negative = isSigned && (element >> (bits - 1)) != 0;
        result[i] = static_cast<std::byte>(negative ? element | (~mask & 0xFFU) : element);
    }
    return result;
}

/// Chunks that are consecutive elements, about a megabyte each, so that a pass by range unpacks
/// every chunk once.
std::vector<hsize_t> chunkExtents(const std::vector<hsize_t> &extents, std::size_t elementBytes)
{
    constexpr hsize_t kChunkBytes = hsize_t{1} << 20U;
    std::vector<hsize_t> chunk(extents.size(), 1);
    hsize_t room = std::max<hsize_t>(kChunkBytes / elementBytes, 1);
    for (std::size_t axis = extents.size(); axis-- > 0;) {
        chunk[axis] = std::min(extents[axis], room);
        if (chunk[axis] != extents[axis]) {
            break;
        }
        room /= chunk[axis];
    }
    return chunk;
}

class Hdf5DumpWriter final : public DumpWriter
{
public:
    Hdf5DumpWriter(AtomicFile target, Options options)
        : m_target(std::move(target)), m_options(options)
    {
    }
    ~Hdf5DumpWriter() override
    {
        const LibraryLock lock;
        closeAll();
    }
    Hdf5DumpWriter(const Hdf5DumpWriter &) = delete;
    Hdf5DumpWriter &operator=(const Hdf5DumpWriter &) = delete;

    Result<void> begin(const DumpHeader &header);
    Result<void> write(std::size_t sample, const TensorEntry &entry, const Tensor &tensor) override
    {
        return writeTensor(m_captured, sample, entry, tensor);
    }
    Result<void> writePlainOutput(std::size_t sample, const TensorEntry &entry,
                                  const Tensor &tensor) override
    {
        return writeTensor(m_plain, sample, entry, tensor);
    }
    Result<void> writeProfile(const RunProfile &profile) override
    {
        return writeTextDataset("profile", profileToJson(profile));
    }
    Result<void> writeGraph(const Graph &graph) override
    {
        return writeTextDataset("graph", graphToJson(graph));
    }
    Result<void> markPartial(const std::string &reason) override;
    Result<void> finish() override;

private:
    /// A group with one group per sample.
    struct Section
    {
        const char *name;
        Handle group;
        std::map<std::size_t, Handle> samples;
    };
    Result<void> writeTensor(Section &section, std::size_t sample, const TensorEntry &entry,
                             const Tensor &tensor);
    Result<hid_t> sampleGroup(Section &section, std::size_t sample);
    Handle packedProperties(const std::vector<hsize_t> &extents, DType dtype) const;
    Handle makeDataset(hid_t group, const std::string &key, const TensorInfo &info);
    bool writeElements(hid_t dataset, hid_t type, const Tensor &tensor) const;
    bool describe(hid_t dataset, const TensorEntry &entry, bool tersely);
    Result<void> writeTextDataset(const char *name, const std::string &text);
    bool closeAll();

    AtomicFile m_target;
    Options m_options;
    std::unique_ptr<SharedHandles> m_shared; ///< from begin() to closeAll(), under the lock
    Handle m_file;
    Section m_captured{"samples", {}, {}};
    Section m_plain{"outputs", {}, {}};
};

Handle orderedGroup(hid_t parent, const char *name)
{
    // Readers then list the tensors in the order in which they were computed.
    const Handle properties{H5Pcreate(H5P_GROUP_CREATE), H5Pclose};
    static_cast<void>(H5Pset_link_creation_order(properties.get(),
                                                 H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED));
    return {H5Gcreate2(parent, name, H5P_DEFAULT, properties.get(), H5P_DEFAULT), H5Gclose};
}

Result<void> Hdf5DumpWriter::begin(const DumpHeader &header)
{
    const LibraryLock lock;
    m_shared = std::make_unique<SharedHandles>();
    const Handle access{H5Pcreate(H5P_FILE_ACCESS), H5Pclose};
    static_cast<void>(H5Pset_file_locking(access.get(), false, true));
    // The older format has no checksums and cannot hold the scales of more than 8000 channels.
    static_cast<void>(H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_LATEST));
    constexpr hsize_t kAlignFrom = 1024;
    constexpr hsize_t kAlignment = 64; // mapped arrays then suit vector instructions
    constexpr hsize_t kMetadataBlock = hsize_t{64} << 10U; // written in few large pieces
    static_cast<void>(H5Pset_meta_block_size(access.get(), kMetadataBlock));
    static_cast<void>(H5Pset_alignment(access.get(), kAlignFrom, kAlignment));
    m_file = {H5Fcreate(m_target.temporaryPath().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()),
              H5Fclose};
    const Handle root{m_file ? H5Gopen2(m_file.get(), "/", H5P_DEFAULT) : H5I_INVALID_HID,
                      H5Gclose};
    const auto now =
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    const std::string created = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
    AttributeWriter facts(root.get(), *m_shared);
    const bool written = root && facts.text("format", "syncpoint-dump") &&
                         facts.integer("version", 1) && facts.text("producer", header.producer) &&
                         facts.text("created", created) && facts.text("model", header.model) &&
                         facts.text("model_sha256", header.modelSha256) &&
                         facts.text("runtime", header.runtime);
    if (written) {
        m_captured.group = orderedGroup(m_file.get(), m_captured.name);
    }
    return m_captured.group ? Result<void>{} : writeError("the dump");
}

Result<hid_t> Hdf5DumpWriter::sampleGroup(Section &section, std::size_t sample)
{
    const auto found = section.samples.find(sample);
    if (found != section.samples.end()) {
        return found->second.get();
    }
    if (!section.group) {
        section.group = orderedGroup(m_file.get(), section.name);
    }
    Handle group = section.group
                       ? orderedGroup(section.group.get(), fmt::format("{:06}", sample).c_str())
                       : Handle{};
    if (!group) {
        return writeError(fmt::format("sample {}", sample));
    }
    return section.samples.emplace(sample, std::move(group)).first->second.get();
}

Handle Hdf5DumpWriter::packedProperties(const std::vector<hsize_t> &extents, DType dtype) const
{
    Handle properties{H5Pcopy(m_shared->plain()), H5Pclose};
    const std::size_t elementBytes = std::max<std::size_t>(bitWidth(dtype) / 8, 1);
    const auto chunk = chunkExtents(extents, elementBytes);
    static_cast<void>(H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data()));
    static_cast<void>(H5Pset_shuffle(properties.get()));
    static_cast<void>(
        H5Pset_deflate(properties.get(), static_cast<unsigned>(std::min(m_options.gzip, 9))));
    return properties;
}

Handle Hdf5DumpWriter::makeDataset(hid_t group, const std::string &key, const TensorInfo &info)
{
    const std::vector<hsize_t> extents(info.shape.begin(), info.shape.end());
    const bool isEmpty = std::find(extents.begin(), extents.end(), 0U) != extents.end();
    const bool isText = info.dtype == DType::String;
    Handle space;
    if (!extents.empty()) {
        space = {H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr),
                 H5Sclose};
    }
    Handle packed;
    if (m_options.gzip > 0 && !extents.empty() && !isEmpty && !isText) {
        packed = packedProperties(extents, info.dtype);
    }
    const hid_t properties = isText ? H5P_DEFAULT : packed ? packed.get() : m_shared->plain();
    return {H5Dcreate2(group, key.c_str(), m_shared->type(info.dtype),
                       extents.empty() ? m_shared->scalar() : space.get(), H5P_DEFAULT, properties,
                       H5P_DEFAULT),
            H5Dclose};
}

bool Hdf5DumpWriter::writeElements(hid_t dataset, hid_t type, const Tensor &tensor) const
{
    const auto store = [dataset, type](const void *data) {
        return H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0;
    };
    if (tensor.elements() == 0) {
        return true;
    }
    if (tensor.info().dtype == DType::String) {
        const auto texts = tensor.strings();
        std::vector<const char *> pointers;
        for (const std::string &text : texts) {
            pointers.push_back(text.c_str());
        }
        return store(pointers.data());
    }
    return bitWidth(tensor.info().dtype) < 8 ? store(unpacked(tensor).data())
                                             : store(tensor.bytes().data());
}

bool Hdf5DumpWriter::describe(hid_t dataset, const TensorEntry &entry, bool tersely)
{
    AttributeWriter facts(dataset, *m_shared);
    const DType dtype = entry.info.dtype;
    const bool quantized = !entry.info.quantization || facts.quantization(*entry.info.quantization);
    if (tersely) {
        return quantized && facts.text("layout", entry.layout) &&
               (entry.kind == TensorEntry::Kind::Intermediate ||
                facts.text("kind", kindName(entry.kind))) &&
               (isStoredAsItself(dtype) || facts.text("dtype", dtypeName(dtype)));
    }
    return quantized && facts.text("name", entry.name) &&
           facts.text("kind", kindName(entry.kind)) && facts.text("dtype", dtypeName(dtype)) &&
           facts.text("node", entry.node) && facts.text("op_type", entry.opType) &&
           facts.text("module", entry.module) && facts.text("layout", entry.layout);
}

Result<void> Hdf5DumpWriter::writeTensor(Section &section, std::size_t sample,
                                         const TensorEntry &entry, const Tensor &tensor)
{
    if (entry.name.empty()) { // nobody could ask for it
        return {};
    }
    if (entry.info.dtype != tensor.info().dtype || entry.info.shape != tensor.info().shape) {
        return Error{ErrorCode::BadInput,
                     fmt::format("the tensor '{}' is not what its entry says", entry.name)};
    }
    try {
        const LibraryLock lock;
        const auto group = sampleGroup(section, sample);
        if (!group) {
            return group.error();
        }
        const std::string key = keyOf(entry.name);
        Handle dataset = makeDataset(*group, key, entry.info);
        // Attributes take longer than the data of most tensors: the first sample tells the op.
        const bool tersely = m_options.terse || sample > 0;
        if (!dataset && H5Lexists(*group, key.c_str(), H5P_DEFAULT) > 0) {
            return Error{ErrorCode::BadInput,
                         fmt::format("the tensor '{}' was already written", entry.name)};
        }
        if (!dataset || !describe(dataset.get(), entry, tersely) ||
            !writeElements(dataset.get(), m_shared->type(entry.info.dtype), tensor) ||
            !dataset.close()) {
            return writeError(fmt::format("the tensor '{}'", entry.name));
        }
        return {};
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit, fmt::format("not enough memory to write '{}'", entry.name)};
    }
}

Result<void> Hdf5DumpWriter::markPartial(const std::string &reason)
{
    const LibraryLock lock;
    const Handle root{H5Gopen2(m_file.get(), "/", H5P_DEFAULT), H5Gclose};
    const bool written = root && AttributeWriter(root.get(), *m_shared).text("partial", reason);
    return written ? Result<void>{} : writeError("the dump");
}

Result<void> Hdf5DumpWriter::writeTextDataset(const char *name, const std::string &text)
{
    const LibraryLock lock;
    const hid_t type = m_shared->type(DType::String);
    Handle dataset{H5Dcreate2(m_file.get(), name, type, m_shared->scalar(), H5P_DEFAULT,
                              H5P_DEFAULT, H5P_DEFAULT),
                   H5Dclose};
    const char *data = text.c_str();
    if (!dataset || H5Dwrite(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &data) < 0 ||
        !dataset.close()) {
        return writeError(fmt::format("the {}", name));
    }
    return {};
}

bool Hdf5DumpWriter::closeAll()
{
    bool closed = true;
    for (Section *section : {&m_captured, &m_plain}) {
        section->samples.clear();
        closed = (!section->group || section->group.close()) && closed;
    }
    m_shared.reset();
    return m_file.close() && closed;
}

Result<void> Hdf5DumpWriter::finish()
{
    {
        const LibraryLock lock;
        const Handle root{H5Gopen2(m_file.get(), "/", H5P_DEFAULT), H5Gclose};
        const auto &written = m_captured.samples;
        const std::size_t samples = written.empty() ? 0 : written.rbegin()->first + 1;
        if (!root ||
            !AttributeWriter(root.get(), *m_shared)
                 .integer("samples", static_cast<std::int64_t>(samples)) ||
            H5Fflush(m_file.get(), H5F_SCOPE_GLOBAL) < 0) {
            return writeError("the dump");
        }
    }
    {
        const LibraryLock lock;
        if (!closeAll()) {
            return writeError("the dump");
        }
    }
    return m_target.commit();
}

} // namespace

Result<std::unique_ptr<DumpWriter>> DumpWriter::create(const std::filesystem::path &path,
                                                       const DumpHeader &header, Options options)
{
    auto target = AtomicFile::create(path);
    if (!target) {
        return target.error();
    }
    auto writer = std::make_unique<Hdf5DumpWriter>(std::move(target).value(), options);
    if (auto begun = writer->begin(header); !begun) {
        return begun.error().withContext(path.string());
    }
    return std::unique_ptr<DumpWriter>(std::move(writer));
}

} // namespace syncpoint
