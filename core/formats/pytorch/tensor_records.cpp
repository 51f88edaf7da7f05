#include "core/formats/pytorch/tensor_records.h"

#include "core/formats/pytorch/torch_globals.h"

#include <array>
#include <fmt/format.h>
#include <optional>

namespace syncpoint::pytorch {
namespace {

using Kind = PickleValue::Kind;

constexpr int kDeepest = 32;
constexpr std::size_t kMostVisits = 2'000'000; // values can be shared, so the walk can be long
constexpr std::size_t kMostNameBytes = std::size_t{64} << 20U;
constexpr std::size_t kMostAxes = 64;

class Collector
{
public:
    explicit Collector(const Pickle &pickle) : m_pickle(pickle) {}

    Result<std::vector<TensorRecord>> run()
    {
        if (auto done = visit(stateDict(), "", 0); !done) {
            return done.error();
        }
        return std::move(m_records);
    }

private:
    PickleId stateDict() const;
    Result<void> visit(PickleId id, const std::string &name, int depth);
    Result<void> visitChild(PickleId id, const std::string &name, std::string_view key, int depth);
    std::optional<TensorRecord> recordOf(const PickleValue &call, int depth) const;
    std::optional<TensorRecord> rebuilt(std::string_view global,
                                        const std::vector<PickleId> &arguments) const;
    bool readStorage(PickleId id, TensorRecord &record) const;
    std::shared_ptr<const Quantization> quantizer(const PickleValue &parameters) const;
    std::optional<std::vector<std::int64_t>> integers(PickleId id) const;
    const PickleValue &at(PickleId id) const { return m_pickle[id]; }

    const Pickle &m_pickle;
    std::vector<TensorRecord> m_records;
    std::size_t m_visits = 0;
    std::size_t m_nameBytes = 0;
};

/// Training scripts keep the state dict in a dictionary beside the optimizer's state.
PickleId Collector::stateDict() const
{
    const PickleValue &root = at(m_pickle.root);
    if (root.kind == Kind::Dict) {
        for (const std::string_view wrapper : {"state_dict", "model_state_dict"}) {
            for (std::size_t i = 0; i + 1 < root.items.size(); i += 2) {
                if (at(root.items[i]).text == wrapper && at(root.items[i + 1]).kind == Kind::Dict) {
                    return root.items[i + 1];
                }
            }
        }
    }
    return m_pickle.root;
}

std::string keyText(const PickleValue &key)
{
    return key.kind == Kind::Integer ? std::to_string(key.integer) : std::string(key.text);
}

Result<void> Collector::visitChild(PickleId id, const std::string &name, std::string_view key,
                                   int depth)
{
    const std::string child = name.empty() ? std::string(key) : fmt::format("{}.{}", name, key);
    m_nameBytes += child.size();
    return visit(id, child, depth + 1);
}

Result<void> Collector::visit(PickleId id, const std::string &name, int depth)
{
    if (depth > kDeepest || ++m_visits > kMostVisits || m_nameBytes > kMostNameBytes) {
        return Error{ErrorCode::Limit, "the pickle nests its values too deep or without end"};
    }
    const PickleValue &value = at(id);
    if (value.kind == Kind::Dict) {
        for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) {
            auto done = visitChild(value.items[i + 1], name, keyText(at(value.items[i])), depth);
            if (!done) {
                return done;
            }
        }
    } else if (value.kind == Kind::List || value.kind == Kind::Tuple) {
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            if (auto done = visitChild(value.items[i], name, std::to_string(i), depth); !done) {
                return done;
            }
        }
    } else if (value.kind == Kind::Call && at(value.items[0]).text.starts_with("torch._")) {
        auto record = recordOf(value, 0);
        if (!record) {
            return Error{ErrorCode::BadFormat,
                         fmt::format("tensor '{}' is not written as PyTorch writes tensors", name)};
        }
        record->name = name;
        m_records.push_back(std::move(*record));
    }
    return {};
}

std::optional<std::vector<std::int64_t>> Collector::integers(PickleId id) const
{
    const PickleValue *list = &at(id);
    if (list->kind == Kind::Call && at(list->items[0]).text == "torch.Size" &&
        at(list->items[1]).items.size() == 1) {
        list = &at(at(list->items[1]).items[0]);
    }
    if ((list->kind != Kind::Tuple && list->kind != Kind::List) || list->items.size() > kMostAxes) {
        return std::nullopt;
    }
    std::vector<std::int64_t> numbers;
    for (const PickleId item : list->items) {
        if (at(item).kind != Kind::Integer) {
            return std::nullopt;
        }
        numbers.push_back(at(item).integer);
    }
    return numbers;
}

/// ('storage', type, key, location, number of elements)
bool Collector::readStorage(PickleId id, TensorRecord &record) const
{
    const PickleValue &reference = at(id);
    if (reference.kind != Kind::Persistent) {
        return false;
    }
    const PickleValue &fields = at(reference.items[0]);
    if (fields.kind != Kind::Tuple || fields.items.size() < 5 ||
        at(fields.items[0]).text != "storage" || at(fields.items[2]).kind != Kind::Text) {
        return false;
    }
    const auto dtype = dtypeOfGlobal(at(fields.items[1]).text);
    record.storage = at(fields.items[2]).text;
    record.layout.info.dtype = dtype.value_or(DType::Undefined);
    return dtype.has_value();
}

/// (torch.per_tensor_affine, scale, zero point). Per channel the parameters are tensors.
std::shared_ptr<const Quantization> Collector::quantizer(const PickleValue &parameters) const
{
    if (parameters.items.size() != 3 || at(parameters.items[1]).kind != Kind::Real ||
        at(parameters.items[2]).kind != Kind::Integer) {
        return nullptr;
    }
    Quantization quantization;
    quantization.scales = {at(parameters.items[1]).real};
    quantization.zeroPoints = {at(parameters.items[2]).integer};
    return std::make_shared<const Quantization>(std::move(quantization));
}

/// _rebuild_tensor[_v2|_v3](storage, offset, size, stride, …), in v3 with the element type seventh.
std::optional<TensorRecord> Collector::rebuilt(std::string_view global,
                                               const std::vector<PickleId> &arguments) const
{
    TensorRecord record;
    if (arguments.size() < 4 || at(arguments[1]).kind != Kind::Integer ||
        !readStorage(arguments[0], record)) {
        return std::nullopt;
    }
    auto shape = integers(arguments[2]);
    auto strides = integers(arguments[3]);
    if (!shape || !strides) {
        return std::nullopt;
    }
    record.layout.offset = at(arguments[1]).integer;
    record.layout.info.shape = std::move(*shape);
    record.layout.strides = std::move(*strides);
    if (global.ends_with("_v3")) {
        const auto dtype =
            arguments.size() > 6 ? dtypeOfGlobal(at(arguments[6]).text) : std::nullopt;
        if (!dtype) {
            return std::nullopt;
        }
        record.layout.info.dtype = *dtype;
    }
    if (global.ends_with("_rebuild_qtensor") && arguments.size() > 4) {
        record.layout.info.quantization = quantizer(at(arguments[4]));
    }
    return record;
}

std::optional<TensorRecord> Collector::recordOf(const PickleValue &call, int depth) const
{
    if (call.kind != Kind::Call || depth > 4) {
        return std::nullopt;
    }
    const std::string_view global = at(call.items[0]).text;
    const std::vector<PickleId> &arguments = at(call.items[1]).items;
    if (global.starts_with("torch._utils._rebuild_parameter")) { // (tensor, …)
        return arguments.empty() ? std::nullopt : recordOf(at(arguments[0]), depth + 1);
    }
    if (global == "torch._tensor._rebuild_from_type_v2") { // (function, type, arguments, state)
        if (arguments.size() < 3) {
            return std::nullopt;
        }
        PickleValue inner{Kind::Call, 0, 0.0, {}, {arguments[0], arguments[2]}};
        return recordOf(inner, depth + 1);
    }
    return rebuilt(global, arguments);
}

} // namespace

Result<std::vector<TensorRecord>> tensorRecords(const Pickle &pickle)
{
    return Collector(pickle).run();
}

} // namespace syncpoint::pytorch
