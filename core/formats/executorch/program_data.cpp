#include "core/formats/executorch/program_data.h"

#include "core/base/byte_reader.h"
#include "core/formats/flatbuffer.h"
#include "core/tensor/decode.h"

#include <fmt/format.h>
#include <numeric>
#include <program_generated.h>

namespace syncpoint {

namespace {
constexpr std::size_t kMostCopiedBytes = std::size_t{256} << 20U;

bool hasMoreThan(const flatbuffers::Vector<std::uint64_t> *offsets, std::uint64_t index)
{
    return index < countOf(offsets);
}

/// The axes as they are stored, outermost first; nothing when they are no permutation.
std::optional<std::vector<std::size_t>> storedAxes(const executorch::Tensor &tensor,
                                                   std::size_t rank)
{
    auto axes = numbersOf<std::size_t>(tensor.dim_order());
    if (axes.empty()) {
        axes.resize(rank);
        std::iota(axes.begin(), axes.end(), std::size_t{0});
    }
    std::vector<bool> isSeen(rank);
    for (const std::size_t axis : axes) {
        if (axis >= rank || isSeen[axis]) {
            return std::nullopt;
        }
        isSeen[axis] = true;
    }
    return axes.size() == rank ? std::optional(axes) : std::nullopt;
}
} // namespace

Result<PteLayout> PteLayout::of(std::span<const std::byte> file)
{
    PteLayout layout{file.size(), file.size()};
    ByteReader reader(file);
    reader.seek(std::min<std::size_t>(8, file.size()));
    const auto magic = reader.readBytes(4);
    if (!magic || asText(*magic) != "eh00") {
        return layout;
    }
    const auto headerSize = reader.read<std::uint32_t>();
    const auto programBytes = reader.read<std::uint64_t>();
    const auto segmentBase = reader.read<std::uint64_t>();
    const auto segmentBytes = reader.read<std::uint64_t>();
    if (!headerSize || !programBytes || !segmentBase || *programBytes > file.size() ||
        *segmentBase > file.size()) {
        return Error{ErrorCode::BadFormat, "the file is cut off before the end of its program"};
    }
    if (*headerSize >= 32 && segmentBytes && *segmentBytes > file.size() - *segmentBase) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("the file is cut off: {} bytes of data should follow byte {}, but "
                                 "{} do",
                                 *segmentBytes, *segmentBase, file.size() - *segmentBase)};
    }
    return PteLayout{*programBytes, *segmentBase == 0 ? file.size() : *segmentBase};
}

PteData::PteData(std::shared_ptr<const MappedFile> file, const PteLayout &layout,
                 const executorch::Program &program)
    : m_file(std::move(file)), m_layout(layout), m_program(program)
{
}

Result<std::span<const std::byte>> PteData::segment(std::uint64_t index) const
{
    const std::size_t count = countOf(m_program.segments());
    if (index >= count) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("segment {} of {} does not exist", index, count)};
    }
    const auto *segment = m_program.segments()->Get(static_cast<std::uint32_t>(index));
    const auto all = m_file->bytes().subspan(m_layout.segmentBase);
    if (segment->offset() > all.size() || segment->size() > all.size() - segment->offset()) {
        return Error{ErrorCode::BadFormat, fmt::format("segment {} leads out of the file", index)};
    }
    return all.subspan(segment->offset(), segment->size());
}

/// All bytes from the start of the tensor's data to the end of the segment or buffer they lie in.
Result<std::span<const std::byte>> PteData::dataFrom(const executorch::Tensor &tensor) const
{
    const std::uint32_t index = tensor.data_buffer_idx();
    const auto *extra = tensor.extra_tensor_info();
    const executorch::SubsegmentOffsets *offsets = m_program.constant_segment();
    if (tensor.allocation_info() != nullptr && extra != nullptr) {
        // A state that the program changes: its first value.
        const std::uint64_t group = extra->mutable_data_segments_idx();
        offsets = group < countOf(m_program.mutable_data_segments())
                      ? m_program.mutable_data_segments()->Get(static_cast<std::uint32_t>(group))
                      : nullptr;
    }
    if (offsets == nullptr || countOf(offsets->offsets()) == 0) {
        if (index >= countOf(m_program.constant_buffer())) {
            return Error{ErrorCode::BadFormat, fmt::format("buffer {} of {} does not exist", index,
                                                           countOf(m_program.constant_buffer()))};
        }
        return bytesOf(m_program.constant_buffer()->Get(index)->storage());
    }
    if (!hasMoreThan(offsets->offsets(), index)) {
        return Error{ErrorCode::BadFormat, fmt::format("data {} of {} does not exist", index,
                                                       countOf(offsets->offsets()))};
    }
    const auto bytes = segment(offsets->segment_index());
    if (!bytes) {
        return bytes.error();
    }
    std::uint64_t offset = 0;
    std::memcpy(&offset, offsets->offsets()->Data() + std::size_t{index} * sizeof(offset),
                sizeof(offset));
    if (offset > bytes->size()) {
        return Error{ErrorCode::BadFormat, fmt::format("data {} leads out of its segment", index)};
    }
    return bytes->subspan(offset);
}

Result<std::optional<Tensor>> PteData::constant(const executorch::Tensor &tensor,
                                                const TensorInfo &info)
{
    constexpr std::int8_t kInAnotherFile = 1;
    const auto *extra = tensor.extra_tensor_info();
    if (extra != nullptr && extra->location() == kInAnotherFile) {
        return Error{ErrorCode::Unsupported, "its data lies in another file, which is not read"};
    }
    if (tensor.data_buffer_idx() == 0) {
        return std::optional<Tensor>();
    }
    const auto data = dataFrom(tensor);
    if (!data) {
        return data.error();
    }
    const auto elements = elementCount(info.shape);
    const std::size_t needed = elements ? storageBytes(info.dtype, *elements).value_or(0) : 0;
    const auto axes = storedAxes(tensor, info.shape.size());
    if (!elements || (needed == 0 && *elements > 0) || !axes || needed > data->size()) {
        return Error{ErrorCode::BadFormat, fmt::format("{} bytes cannot hold {} {}", data->size(),
                                                       dtypeName(info.dtype), toText(info.shape))};
    }
    Shape storedShape;
    std::vector<std::size_t> back(axes->size());
    for (std::size_t i = 0; i < axes->size(); ++i) {
        storedShape.push_back(info.shape[(*axes)[i]]);
        back[(*axes)[i]] = i;
    }
    auto stored = Tensor::wrap({info.dtype, storedShape, nullptr}, data->first(needed), m_file);
    if (stored && !std::is_sorted(axes->begin(), axes->end())) {
        m_copiedBytes += needed;
        if (m_copiedBytes > kMostCopiedBytes) {
            return Error{ErrorCode::Limit, "too many constants have axes that are not in order"};
        }
        stored = permuted(*stored, back);
    }
    if (!stored) {
        return stored.error();
    }
    return std::optional<Tensor>(std::move(stored).value());
}

std::uint64_t PteData::compiledBytes(const executorch::BackendDelegate &delegate) const
{
    constexpr std::int8_t kInSegment = 1;
    const auto *place = delegate.processed();
    if (place == nullptr) {
        return 0;
    }
    if (place->location() == kInSegment) {
        const auto bytes = segment(place->index());
        return bytes ? bytes->size() : 0;
    }
    return place->index() < countOf(m_program.backend_delegate_data())
               ? countOf(m_program.backend_delegate_data()->Get(place->index())->data())
               : 0;
}

} // namespace syncpoint
