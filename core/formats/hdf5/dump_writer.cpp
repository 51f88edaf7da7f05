#include "core/formats/hdf5/dump_writer.h"

#include "core/base/atomic_file.h"
#include "core/formats/hdf5/attribute_list.h"
#include "core/formats/hdf5/checksum.h"
#include "core/formats/hdf5/chunk_writer.h"
#include "core/formats/hdf5/dump_json.h"
#include "core/formats/hdf5/dump_names.h"
#include "core/formats/hdf5/element_type.h"
#include "core/formats/hdf5/group_writer.h"
#include "core/tensor/packed_elements.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <map>
#include <new>
#include <utility>

namespace syncpoint {
namespace {

using namespace hdf5;

constexpr std::uint64_t kAlignment = 64; // mapped arrays then suit vector instructions
constexpr std::uint64_t kHeaderAlignment = 8;
constexpr std::uint64_t kSuperblockBytes = 48;
constexpr std::size_t kMostAxes = 32;
constexpr std::size_t kLongestKey = 65000; // a header's parts have 64 KiB
constexpr std::size_t kShownName = 40;

Error writeError(std::string_view what, const Error &error)
{
    return {error.code, fmt::format("{} cannot be written ({})", what, error.message)};
}

/// Packed elements one per byte, signed ones with their sign.
std::vector<std::byte> unpacked(const Tensor &tensor)
{
    const DType dtype = tensor.info().dtype;
    const std::size_t bits = bitWidth(dtype);
    const unsigned mask = (1U << bits) - 1U;
    const bool isSigned = dtype == DType::Int4 || dtype == DType::Int2;
    std::vector<std::byte> result(tensor.elements());
    for (std::size_t i = 0; i < result.size(); ++i) {
        const unsigned element = packedElement(tensor.bytes().data(), i, bits);
        const bool negative = isSigned && (element >> (bits - 1)) != 0;
        result[i] = static_cast<std::byte>(negative ? element | (~mask & 0xFFU) : element);
    }
    return result;
}

/// Version 2 (specification, II.A): what a reader of the file starts from.
std::vector<std::byte> superblock(std::uint64_t root, std::uint64_t end)
{
    constexpr std::uint8_t kVersion = 2, kOffsetBytes = 8, kLengthBytes = 8, kNoFlags = 0;
    constexpr std::uint64_t kBase = 0;
    ByteWriter out;
    out.put(std::string_view("\x89HDF\r\n\x1a\n", 8)).put(kVersion);
    out.put(kOffsetBytes).put(kLengthBytes).put(kNoFlags).put(kBase).put(kNoAddress);
    out.put(end).put(root).put(checksumOf(out.bytes()));
    return {out.bytes().begin(), out.bytes().end()};
}

/// Writes the file's parts itself: per tensor the library takes longer than most tensors' data, and
/// a process that is killed would leave nothing. Everything is appended but the superblock, which
/// comes last and then names a root that is complete.
class Hdf5DumpWriter final : public DumpWriter
{
public:
    Hdf5DumpWriter(AtomicFile target, std::unique_ptr<FileSink> sink, DumpHeader header,
                   Options options)
        : m_target(std::move(target)), m_sink(std::move(sink)), m_header(std::move(header)),
          m_options(options)
    {
        const auto now =
            std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
        m_created = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
    }

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
    Result<void> writeNoise(const NoiseFloor &noise) override
    {
        return writeTextDataset("noise", noiseToJson(noise));
    }
    Result<void> writeGraph(const Graph &graph) override
    {
        return writeTextDataset("graph", graphToJson(graph));
    }
    void markPartial(const std::string &reason) override { m_partial = reason; }
    Result<void> checkpoint() override
    {
        return writeIndex(m_partial.empty() ? "the run did not come to its end" : m_partial);
    }
    Result<void> finish() override;

private:
    /// A tensor whose elements are in the file and whose header is not.
    struct Pending
    {
        std::string key;
        ObjectHeader header;
        AttributeList attributes;
    };
    struct Sample
    {
        GroupWriter group;
        std::vector<Pending> pending;
    };
    /// A group with one group per sample.
    struct Section
    {
        const char *name;
        std::map<std::size_t, Sample> samples;
        GroupWriter group;
    };
    Result<void> writeTensor(Section &section, std::size_t sample, const TensorEntry &entry,
                             const Tensor &tensor);
    Result<DataPlace> writeElements(const Tensor &tensor);
    Result<DataPlace> writeTexts(const std::vector<std::string> &texts);
    AttributeList describe(const TensorEntry &entry, bool tersely);
    Result<void> writeTextDataset(const char *name, const std::string &text);
    Result<std::uint64_t> writeHeader(const ObjectHeader &header);
    Result<void> writeSection(Section &section);
    Result<void> writeIndex(const std::string &partial);

    AtomicFile m_target;
    std::unique_ptr<FileSink> m_sink;
    DumpHeader m_header;
    Options m_options;
    std::string m_created;
    std::string m_partial;
    EncodedTypes m_types;
    TextHeap m_texts;
    Section m_captured{"samples", {}, {}};
    Section m_plain{"outputs", {}, {}};
    GroupWriter m_root;
};

AttributeList Hdf5DumpWriter::describe(const TensorEntry &entry, bool tersely)
{
    AttributeList facts(m_types, m_texts);
    const DType dtype = entry.info.dtype;
    if (entry.info.quantization) {
        facts.quantization(*entry.info.quantization);
    }
    if (!tersely || entry.kind != TensorEntry::Kind::Intermediate) {
        facts.text("kind", kindName(entry.kind));
    }
    if (!tersely || !isStoredAsItself(dtype)) {
        facts.text("dtype", dtypeName(dtype));
    }
    facts.text("layout", entry.layout);
    if (!tersely) {
        facts.text("name", entry.name);
        facts.text("node", entry.node);
        facts.text("op_type", entry.opType);
        facts.text("module", entry.module);
    }
    return facts;
}

Result<DataPlace> Hdf5DumpWriter::writeTexts(const std::vector<std::string> &texts)
{
    for (const std::string &text : texts) {
        m_texts.add(text);
    }
    if (auto done = m_texts.write(*m_sink); !done) {
        return done.error();
    }
    ByteWriter references;
    for (const std::string &text : texts) {
        references.put(m_texts.reference(text, text.size()));
    }
    const auto address = m_sink->append(references.bytes(), kAlignment);
    return address ? Result<DataPlace>(DataPlace{*address, references.size(), {}, 0})
                   : address.error();
}

Result<DataPlace> Hdf5DumpWriter::writeElements(const Tensor &tensor)
{
    const TensorInfo &info = tensor.info();
    if (tensor.elements() == 0) {
        return DataPlace{};
    }
    if (info.dtype == DType::String) {
        return writeTexts(tensor.strings());
    }
    const bool isPacked = bitWidth(info.dtype) < 8;
    const auto own = isPacked ? unpacked(tensor) : std::vector<std::byte>();
    const std::span<const std::byte> bytes = isPacked ? own : tensor.bytes();
    if (m_options.gzip > 0 && !info.shape.empty()) {
        return writeChunks(bytes, info.shape, storedBytes(info.dtype), std::min(m_options.gzip, 9),
                           *m_sink);
    }
    const auto address = m_sink->append(bytes, kAlignment);
    return address ? Result<DataPlace>(DataPlace{*address, bytes.size(), {}, 0}) : address.error();
}

Result<void> Hdf5DumpWriter::writeTensor(Section &section, std::size_t sample,
                                         const TensorEntry &entry, const Tensor &tensor)
{
    if (entry.name.empty()) { // nobody could ask for it
        return {};
    }
    const TensorInfo &info = entry.info;
    if (info.dtype != tensor.info().dtype || info.shape != tensor.info().shape) {
        return Error{ErrorCode::BadInput,
                     fmt::format("the tensor '{}' is not what its entry says", entry.name)};
    }
    if (info.shape.size() > kMostAxes) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("the tensor '{}' has {} axes, and HDF5 takes {}", entry.name,
                                 info.shape.size(), kMostAxes)};
    }
    try {
        Sample &target = section.samples[sample];
        Pending pending{keyOf(entry.name), {}, describe(entry, m_options.terse || sample > 0)};
        if (pending.key.size() > kLongestKey) {
            return Error{ErrorCode::Unsupported,
                         fmt::format("the name of a tensor, '{}…', is too long for HDF5",
                                     entry.name.substr(0, kShownName))};
        }
        if (target.group.has(pending.key)) {
            return Error{ErrorCode::BadInput,
                         fmt::format("the tensor '{}' was already written", entry.name)};
        }
        const auto place = writeElements(tensor);
        if (!place) {
            return writeError(fmt::format("the tensor '{}'", entry.name), place.error());
        }
        pending.header.dataset(info.shape, m_types.of(info.dtype), storedBytes(info.dtype), *place);
        target.group.link(pending.key, kNoAddress);
        target.pending.push_back(std::move(pending));
        return {};
    } catch (const std::bad_alloc &) {
        return Error{ErrorCode::Limit, fmt::format("not enough memory to write '{}'", entry.name)};
    }
}

Result<void> Hdf5DumpWriter::writeTextDataset(const char *name, const std::string &text)
{
    const auto place = writeTexts({text});
    ObjectHeader header;
    if (place) {
        header.dataset({}, m_types.of(DType::String), kReferenceBytes, *place);
    }
    const auto address = place ? writeHeader(header) : place.error();
    if (!address) {
        return writeError(fmt::format("the {}", name), address.error());
    }
    m_root.link(name, *address);
    return {};
}

Result<std::uint64_t> Hdf5DumpWriter::writeHeader(const ObjectHeader &header)
{
    return m_sink->append(header.encoded(), kHeaderAlignment);
}

/// Writes the headers of new tensors, of the samples that have any, and of the section.
Result<void> Hdf5DumpWriter::writeSection(Section &section)
{
    for (auto &[number, sample] : section.samples) {
        if (sample.pending.empty()) {
            continue;
        }
        for (Pending &each : std::exchange(sample.pending, {})) {
            each.attributes.writeTo(each.header);
            const auto address = writeHeader(each.header);
            if (!address) {
                return address.error();
            }
            sample.group.link(each.key, *address);
        }
        const auto address = writeHeader(sample.group.header());
        if (!address) {
            return address.error();
        }
        section.group.link(fmt::format("{:06}", number), *address);
    }
    const auto address = writeHeader(section.group.header());
    if (!address) {
        return address.error();
    }
    m_root.link(section.name, *address);
    return {};
}

Result<void> Hdf5DumpWriter::writeIndex(const std::string &partial)
{
    const auto &written = m_captured.samples;
    AttributeList facts(m_types, m_texts);
    facts.text("format", "syncpoint-dump");
    facts.integer("version", 1);
    facts.text("producer", m_header.producer);
    facts.text("created", m_created);
    facts.text("model", m_header.model);
    facts.text("model_sha256", m_header.modelSha256);
    facts.text("runtime", m_header.runtime);
    facts.text("partial", partial);
    facts.integer("samples",
                  written.empty() ? 0 : static_cast<std::int64_t>(written.rbegin()->first) + 1);
    auto done = m_texts.write(*m_sink);
    done = done ? writeSection(m_captured) : done;
    done = done && !m_plain.samples.empty() ? writeSection(m_plain) : done;
    if (!done) {
        return writeError("the dump", done.error());
    }
    ObjectHeader root = m_root.header();
    facts.writeTo(root);
    const auto address = writeHeader(root);
    done = address ? m_sink->writeHead(superblock(*address, m_sink->end())) : address.error();
    return done ? done : writeError("the dump", done.error());
}

Result<void> Hdf5DumpWriter::finish()
{
    if (auto done = writeIndex(m_partial); !done) {
        return done;
    }
    if (auto closed = m_sink->close(); !closed) {
        return writeError("the dump", closed.error());
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
    auto sink = FileSink::open(target->temporaryPath(), kSuperblockBytes);
    if (!sink) {
        return writeError(path.string(), sink.error());
    }
    return std::unique_ptr<DumpWriter>(std::make_unique<Hdf5DumpWriter>(
        std::move(target).value(), *std::move(sink), header, options));
}

} // namespace syncpoint
