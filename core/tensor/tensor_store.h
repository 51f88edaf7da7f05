#pragma once
#include "core/base/diagnostic.h"
#include "core/base/mapped_file.h"
#include "core/base/result.h"
#include "core/base/strong_id.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace syncpoint {

using TensorId = StrongId<struct TensorTag>;

/// What a dump says of one tensor.
struct TensorEntry
{
    enum class Kind { Input, Output, Intermediate, Parameter };

    std::string name;
    TensorInfo info;
    Kind kind = Kind::Intermediate;
    std::string node; ///< op that produced it, "" when unknown
    std::string opType;
    std::string module; ///< dotted path, "" when unknown
    std::string layout; ///< "NCHW", "" when unknown
};

/// Named tensors of one sample: metadata at once, data when asked. All members are safe to call
/// from several threads.
class TensorStore
{
public:
    virtual ~TensorStore() = default;

    virtual std::span<const TensorEntry> entries() const = 0;
    /// A whole tensor: a view of the mapped file where possible, else a copy. Shape and dtype are
    /// those of the entry. The error names the file and the tensor.
    virtual Result<Tensor> read(TensorId id) const = 0;
    /// Elements [first, first + count) as a 1-D tensor of the same dtype without quantization. For
    /// packed types `first` must be a multiple of the elements per byte.
    virtual Result<Tensor> readRange(TensorId id, std::uint64_t first,
                                     std::uint64_t count) const = 0;
    /// Tells the store that [first, first + count) is not needed soon, so that mapped pages can go.
    virtual void release(TensorId id, std::uint64_t first, std::uint64_t count) const
    {
        (void)id;
        (void)first;
        (void)count;
    }

    std::optional<TensorId> find(std::string_view name) const;
    const TensorEntry &entry(TensorId id) const { return entries()[id.index()]; }

protected:
    /// Call once at the end of construction; duplicate names keep the first.
    void buildIndex();

private:
    struct TextHash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, TensorId, TextHash, std::equal_to<>> m_index;
};

/// A store whose tensors are at hand: in memory, or views of a mapped file.
class MemoryTensorStore final : public TensorStore
{
public:
    struct Item
    {
        TensorEntry entry; ///< info is taken from the tensor
        Tensor tensor;
    };
    /// `mapping` is the file that tensors are views of, if any: its pages are given back on
    /// release().
    explicit MemoryTensorStore(std::vector<Item> items,
                               std::shared_ptr<const MappedFile> mapping = nullptr);
    std::span<const TensorEntry> entries() const override { return m_entries; }
    Result<Tensor> read(TensorId id) const override;
    Result<Tensor> readRange(TensorId id, std::uint64_t first, std::uint64_t count) const override;
    void release(TensorId id, std::uint64_t first, std::uint64_t count) const override;

private:
    std::vector<TensorEntry> m_entries;
    std::vector<Tensor> m_tensors;
    std::shared_ptr<const MappedFile> m_mapping;
};

} // namespace syncpoint
