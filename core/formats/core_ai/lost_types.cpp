#include "core/formats/core_ai/lost_types.h"

#include "core/formats/npy/npy_loader.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fmt/format.h>
#include <optional>

namespace syncpoint::core_ai {

namespace {
constexpr std::size_t kMostTensors = 256;
constexpr std::size_t kMostElements = 1024;
/// So many numbers that are not 0 by chance all end in 16 zero bits only where they are few.
constexpr std::size_t kFewestNumbers = 64;

/// Whether all looked-at elements fit bfloat16; nothing when they are too few to tell.
std::optional<bool> fitsBFloat16(const NpyItem &item)
{
    const auto file = item.open();
    const auto tensor = file ? parseNpy(file->bytes, file->owner) : file.error();
    if (!tensor) {
        return std::nullopt;
    }
    const auto bytes = tensor->bytes();
    const std::size_t count = std::min(bytes.size() / sizeof(std::uint32_t), kMostElements);
    std::size_t numbers = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, bytes.data() + i * sizeof(bits), sizeof(bits));
        if ((bits & 0xFFFFU) != 0) {
            return false;
        }
        numbers += bits != 0 ? 1U : 0U;
    }
    return numbers >= kFewestNumbers ? std::optional(true) : std::nullopt;
}
} // namespace

void noteLostBFloat16(std::span<const NpyItem> items, Diagnostics &diagnostics)
{
    std::size_t told = 0;
    std::size_t fitting = 0;
    std::size_t seen = 0;
    for (const NpyItem &item : items) {
        const bool isRun = item.entry.kind == TensorEntry::Kind::Intermediate ||
                           item.entry.kind == TensorEntry::Kind::Output;
        if (!isRun || item.entry.info.dtype != DType::Float32) {
            continue;
        }
        if (++seen > kMostTensors) {
            break;
        }
        if (const auto fits = fitsBFloat16(item)) {
            ++told;
            fitting += *fits ? 1U : 0U;
        }
    }
    if (fitting * 2 > told) {
        diagnostics.push_back(
            {Diagnostic::Severity::Warning, "",
             fmt::format("{} of {} float32 tensors hold only numbers of bfloat16: the run was in "
                         "bfloat16, which this format stores and labels as float32",
                         fitting, told)});
    }
}

} // namespace syncpoint::core_ai
