#include "core/formats/executorch/etdump_loader.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/executorch/scalar_types.h"
#include "core/formats/flatbuffer.h"
#include "core/formats/pytorch/strided_tensor.h"

#include <algorithm>
#include <etdump_generated.h>
#include <fmt/format.h>
#include <map>

namespace syncpoint {

namespace {
constexpr std::size_t kMostTensors = 100'000;
constexpr std::size_t kMostRank = 64;
constexpr std::uint64_t kMostDumpedCopies = std::uint64_t{256} << 20U;

/// The length of what follows, then a flatbuffer whose identifier is at byte 8.
bool isEventDump(std::span<const std::byte> start)
{
    return start.size() >= 12 && asText(start.subspan(8, 4)) == etdump::ETDumpIdentifier();
}

/// The dump without what may follow it in a buffer of fixed size.
std::span<const std::byte> withoutPadding(std::span<const std::byte> file)
{
    const auto length = ByteReader(file).read<std::uint32_t>();
    const std::uint64_t whole = length ? std::uint64_t{*length} + sizeof(*length) : 0;
    return whole > 0 && whole < file.size() ? file.first(whole) : file;
}

std::string opName(std::int32_t instruction)
{
    return fmt::format("instruction_{}", instruction);
}

/// Median times of the instructions over all runs.
std::shared_ptr<const RunProfile> profileOf(const etdump::ETDump &dump)
{
    std::map<std::int32_t, std::vector<double>> outer; // the call with all that surrounds it
    for (std::uint32_t r = 0; r < countOf(dump.run_data()); ++r) {
        const auto *events = dump.run_data()->Get(r)->events();
        for (std::uint32_t i = 0; i < countOf(events); ++i) {
            const auto *event = events->Get(i)->profile_event();
            const std::string_view name = event == nullptr ? "" : textOf(event->name());
            const bool isCall = name == "OPERATOR_CALL" || name == "DELEGATE_CALL";
            if (isCall && event->chain_index() >= 0 && event->end_time() >= event->start_time()) {
                constexpr double kTicksPerMicrosecond = 1000.0;
                outer[event->instruction_id()].push_back(
                    static_cast<double>(event->end_time() - event->start_time()) /
                    kTicksPerMicrosecond);
            }
        }
    }
    if (outer.empty()) {
        return nullptr;
    }
    auto profile = std::make_shared<RunProfile>();
    for (auto &[instruction, times] : outer) {
        const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
        std::nth_element(times.begin(), middle, times.end());
        profile->nodes[opName(instruction)] = {*middle, "", times.size()};
    }
    return profile;
}

/// Collects the tensors of one run.
class TensorReader
{
public:
    TensorReader(std::shared_ptr<const MappedFile> buffer, TensorDump &dump)
        : m_buffer(std::move(buffer)), m_dump(dump)
    {
    }

    void add(const etdump::DebugEvent &event)
    {
        const auto *value = event.debug_entry();
        if (value == nullptr || event.instruction_id() < 0 ||
            !textOf(event.delegate_debug_id_str()).empty() || event.delegate_debug_id_int() > 0) {
            return; // inside of a delegate, whose ops the program does not know
        }
        const bool isOutput = value->output() != nullptr && value->output()->value();
        if (value->tensor() != nullptr) {
            add(*value->tensor(), event.instruction_id(), isOutput);
        }
        const auto *list = value->tensor_list();
        for (std::uint32_t i = 0; list != nullptr && i < countOf(list->tensors()); ++i) {
            add(*list->tensors()->Get(i), event.instruction_id(), isOutput);
        }
    }

    std::vector<MemoryTensorStore::Item> take() { return std::move(m_items); }

private:
    void add(const etdump::Tensor &stored, std::int32_t instruction, bool isOutput)
    {
        if (m_items.size() >= kMostTensors) {
            return;
        }
        const std::size_t count = m_counts[instruction]++;
        std::string name = opName(instruction);
        name += count == 0 ? "" : fmt::format("_{}", count);
        auto tensor = read(stored);
        if (!tensor) {
            m_dump.diagnostics.push_back({Diagnostic::Severity::Warning, name,
                                          "the tensor is not used: " + tensor.error().message});
            return;
        }
        TensorEntry entry;
        entry.name = std::move(name);
        entry.kind = isOutput ? TensorEntry::Kind::Output : TensorEntry::Kind::Intermediate;
        entry.node = opName(instruction);
        m_items.push_back({std::move(entry), std::move(tensor).value()});
    }

    Result<Tensor> read(const etdump::Tensor &stored)
    {
        const auto bytes = m_buffer->bytes();
        if (countOf(stored.sizes()) > kMostRank || stored.offset() < 0 ||
            static_cast<std::uint64_t>(stored.offset()) > bytes.size()) {
            return Error{ErrorCode::BadFormat, "its place in the debug buffer is wrong"};
        }
        pytorch::StridedLayout layout;
        layout.info = {dtypeOfExecuTorch(stored.scalar_type()),
                       numbersOf<std::int64_t>(stored.sizes()), nullptr};
        layout.strides = numbersOf<std::int64_t>(stored.strides());
        return pytorch::stridedTensor(
            layout, {bytes.subspan(static_cast<std::size_t>(stored.offset())), m_buffer},
            m_copyBudget);
    }

    std::shared_ptr<const MappedFile> m_buffer;
    TensorDump &m_dump;
    std::vector<MemoryTensorStore::Item> m_items;
    std::map<std::int32_t, std::size_t> m_counts; ///< tensors per instruction
    std::uint64_t m_copyBudget = kMostDumpedCopies;
};

std::shared_ptr<const MappedFile> debugBufferBeside(const std::filesystem::path &path)
{
    for (const std::string &name :
         {path.stem().string() + ".bin", std::string("debug_output.bin")}) {
        if (auto file = MappedFile::open(path.parent_path() / name)) {
            return std::move(file).value();
        }
    }
    return nullptr;
}

bool hasTensors(const etdump::RunData &run)
{
    for (std::uint32_t i = 0; i < countOf(run.events()); ++i) {
        if (run.events()->Get(i)->debug_event() != nullptr) {
            return true;
        }
    }
    return false;
}

void addSamples(const etdump::ETDump &events, TensorDump &dump)
{
    std::shared_ptr<const MappedFile> buffer;
    for (std::uint32_t r = 0; r < countOf(events.run_data()); ++r) {
        const auto &run = *events.run_data()->Get(r);
        if (!hasTensors(run)) {
            continue;
        }
        buffer = buffer ? buffer : debugBufferBeside(dump.path);
        if (!buffer) {
            dump.diagnostics.push_back(
                {Diagnostic::Severity::Warning, dump.path.filename().string(),
                 fmt::format("its tensors lie in a debug buffer that is missing: {}.bin or "
                             "debug_output.bin",
                             dump.path.stem().string())});
            return;
        }
        TensorReader reader(buffer, dump);
        for (std::uint32_t i = 0; i < countOf(run.events()); ++i) {
            if (const auto *event = run.events()->Get(i)->debug_event()) {
                reader.add(*event);
            }
        }
        dump.samples.push_back(std::make_shared<MemoryTensorStore>(reader.take()));
    }
}

class EtDumpLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"etdump", "ExecuTorch event dump", "*.etdp *.etdump",
                "times of instructions, tensors of a debug buffer beside it"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        if (file.isDirectory) {
            return ProbeAnswer::No;
        }
        if (isEventDump(file.start)) {
            return ProbeAnswer::Yes;
        }
        return file.extension == ".etdp" || file.extension == ".etdump" ? ProbeAnswer::Maybe
                                                                        : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path,
                                                   const JobContext &job) const override
    {
        auto file = MappedFile::open(path);
        if (!file) {
            return file.error();
        }
        const auto bytes = withoutPadding((*file)->bytes());
        if (!isEventDump(bytes)) {
            return Error{ErrorCode::BadFormat,
                         "not an ExecuTorch event dump: 'ED00' is missing at byte 8"};
        }
        job.beginStage("reading the events");
        const auto *events = flatbufferVerifier(bytes).VerifySizePrefixedBuffer<etdump::ETDump>(
                                 etdump::ETDumpIdentifier())
                                 ? etdump::GetSizePrefixedETDump(bytes.data())
                                 : nullptr;
        if (events == nullptr) {
            return Error{ErrorCode::BadFormat,
                         fmt::format("the event dump is damaged or cut off: one of its tables "
                                     "leads out of the file of {} bytes",
                                     bytes.size())};
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "etdump";
        dump->producer = dump->runtime = "ExecuTorch";
        dump->profile = profileOf(*events);
        addSamples(*events, *dump);
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};
} // namespace

std::unique_ptr<TensorLoader> makeEtDumpLoader()
{
    return std::make_unique<EtDumpLoader>();
}

} // namespace syncpoint
