#include "core/formats/onnx/debug_database_store.h"

#include "core/base/byte_reader.h"
#include "core/formats/onnx/onnx_parser.h"
#include "core/formats/onnx/onnx_types.h"
#include "core/formats/onnx/tensor_reader.h"
#include "core/formats/protobuf_cursor.h"

#include <fmt/format.h>
#include <limits>

namespace syncpoint {
namespace {

constexpr std::size_t kShownName = 80;
constexpr std::uint64_t kStart = 4096; // dimensions, type and name come before the data

SqliteFile::Cell cellOf(std::int64_t row)
{
    return {"Tensors", "Value", row};
}

/// What a TensorProto says before its raw data; nothing when its start does not get to them.
std::optional<TensorInfo> infoBeforeData(std::string_view start)
{
    TensorInfo info;
    ProtobufCursor cursor(start);
    while (cursor.next()) {
        switch (cursor.field()) {
        case varintField(1):
            info.shape.push_back(cursor.integer());
            break;
        case bytesField(1):
            cursor.packedVarints(info.shape);
            break;
        case varintField(2):
            info.dtype = dtypeOfOnnx(cursor.integer());
            break;
        case bytesField(8):
            cursor.bytes();
            break;
        case bytesField(9):
            return info;
        default:
            return std::nullopt;
        }
    }
    return std::nullopt;
}

Result<Tensor> readWhole(const SqliteFile &database, const std::filesystem::path &path,
                         std::int64_t row)
{
    auto cell = database.readCell(cellOf(row), std::numeric_limits<std::uint64_t>::max());
    if (!cell) {
        return cell.error();
    }
    const auto bytes =
        std::make_shared<const std::vector<std::byte>>(std::move(cell).value().bytes);
    const auto proto = parseOnnxTensor(asText(*bytes));
    if (!proto) {
        return proto.error();
    }
    Diagnostics problems;
    auto tensor = OnnxTensorReader(path, bytes, problems).read(*proto);
    if (!tensor) {
        return tensor.error();
    }
    if (!*tensor) {
        return Error{ErrorCode::BadFormat,
                     problems.empty() ? "it has no data" : problems.front().text};
    }
    return **std::move(tensor);
}

} // namespace

Result<TensorInfo> ortDebugTensorInfo(const SqliteFile &database, const std::filesystem::path &path,
                                      std::int64_t row)
{
    const auto start = database.readCell(cellOf(row), kStart);
    if (!start) {
        return start.error();
    }
    const auto info = infoBeforeData(asText(start->bytes));
    const auto elements = info ? elementCount(info->shape) : std::nullopt;
    const auto needed = elements ? storageBytes(info->dtype, *elements) : std::nullopt;
    if (info && info->dtype != DType::String && needed && *needed <= start->size) {
        return *info;
    }
    auto tensor = readWhole(database, path, row); // says what is wrong, or has typed data
    return tensor ? Result<TensorInfo>(tensor->info()) : tensor.error();
}

OrtDebugDatabaseStore::OrtDebugDatabaseStore(std::shared_ptr<const SqliteFile> database,
                                             std::filesystem::path path,
                                             std::vector<OrtDebugTensor> tensors)
    : m_database(std::move(database)), m_path(std::move(path))
{
    for (OrtDebugTensor &tensor : tensors) {
        TensorEntry entry;
        entry.name = std::move(tensor.name);
        entry.info = std::move(tensor.info);
        m_entries.push_back(std::move(entry));
        m_rows.push_back(tensor.row);
    }
    buildIndex();
}

Result<Tensor> OrtDebugDatabaseStore::read(TensorId id) const
{
    if (auto kept = m_kept.find(id)) {
        return std::move(*kept);
    }
    const TensorEntry &entry = m_entries[id.index()];
    const auto place =
        fmt::format("{}: tensor '{}'", m_path.string(), entry.name.substr(0, kShownName));
    auto tensor = readWhole(*m_database, m_path, m_rows[id.index()]);
    if (!tensor) {
        return tensor.error().withContext(place);
    }
    if (tensor->info().dtype != entry.info.dtype || tensor->info().shape != entry.info.shape) {
        return Error{ErrorCode::BadFormat, "its type or shape is given twice, and differently"}
            .withContext(place);
    }
    return tensor;
}

Result<Tensor> OrtDebugDatabaseStore::readRange(TensorId id, std::uint64_t first,
                                                std::uint64_t count) const
{
    const auto whole = read(id);
    if (!whole) {
        return whole.error();
    }
    m_kept.keep(id, *whole);
    return whole->range(first, count);
}

void OrtDebugDatabaseStore::release(TensorId id, std::uint64_t first, std::uint64_t count) const
{
    if (first + count == m_entries[id.index()].info.elements()) {
        m_kept.forget(id);
    }
}

} // namespace syncpoint
