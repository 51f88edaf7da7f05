#include "core/formats/hdf5/dataset_lister.h"

#include "core/formats/hdf5/attribute_reader.h"
#include "core/formats/hdf5/chunk_lister.h"
#include "core/formats/hdf5/element_type.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace syncpoint::hdf5 {
namespace {

Error unsupported(std::string message)
{
    return {ErrorCode::Unsupported, std::move(message)};
}

Result<Shape> shapeOf(hid_t dataset)
{
    const Handle space{H5Dget_space(dataset), H5Sclose};
    const int rank = space ? H5Sget_simple_extent_ndims(space.get()) : -1;
    if (rank < 0 || H5Sget_simple_extent_type(space.get()) == H5S_NULL) {
        return unsupported("it has no shape");
    }
    std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
    if (H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr) < 0) {
        return Error{ErrorCode::BadFormat, "its shape cannot be read" + problemNote()};
    }
    const Shape shape(extents.begin(), extents.end());
    if (!elementCount(shape)) {
        return Error{ErrorCode::Limit, "its shape is too large"};
    }
    return shape;
}

herr_t readElements(hid_t dataset, hid_t type, void *buffer)
{
    return H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
}

Result<std::vector<Filter>> filtersOf(hid_t properties)
{
    std::vector<Filter> filters;
    const int count = H5Pget_nfilters(properties);
    if (count < 0) {
        return Error{ErrorCode::BadFormat, "its filters cannot be read" + problemNote()};
    }
    for (int i = 0; i < count; ++i) {
        std::array<unsigned, 16> values{};
        std::array<char, 64> name{};
        std::size_t valueCount = values.size();
        unsigned flags = 0;
        const H5Z_filter_t id =
            H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &valueCount, values.data(),
                           name.size() - 1, name.data(), nullptr);
        switch (id) {
        case H5Z_FILTER_DEFLATE:
            filters.push_back({Filter::Kind::Deflate, 0});
            break;
        case H5Z_FILTER_SHUFFLE:
            filters.push_back({Filter::Kind::Shuffle, values[0]});
            break;
        case H5Z_FILTER_FLETCHER32:
            filters.push_back({Filter::Kind::Fletcher32, 0});
            break;
        default:
            return unsupported(fmt::format(
                "it is packed with the HDF5 filter {} ({}), which is not read", id, name.data()));
        }
    }
    return filters;
}

class DatasetLister
{
public:
    DatasetLister(hid_t dataset, Dataset &result, MappedInput &input)
        : m_dataset(dataset), m_result(result), m_input(input),
          m_type(H5Dget_type(dataset), H5Tclose),
          m_properties(H5Dget_create_plist(dataset), H5Pclose)
    {
    }

    Result<void> list(bool readsTexts, std::uint64_t &textRoom)
    {
        auto shape = shapeOf(m_dataset);
        if (!shape) {
            return shape.error();
        }
        m_result.shape = std::move(shape).value();
        const auto type = m_type ? elementTypeOf(m_type.get()) : std::nullopt;
        if (!type) {
            return unsupported("its elements are not numbers of a usual kind");
        }
        m_result.stored = type->dtype;
        m_result.bigEndian = type->bigEndian;
        const H5D_layout_t layout =
            m_properties ? H5Pget_layout(m_properties.get()) : H5D_LAYOUT_ERROR;
        // A foreign dump could point them anywhere.
        if (layout == H5D_LAYOUT_ERROR || layout == H5D_VIRTUAL ||
            H5Pget_external_count(m_properties.get()) != 0) {
            return unsupported("its data is in another file, which is not followed");
        }
        if (type->dtype == DType::String) {
            return readsTexts ? listTexts(textRoom) : unsupported("it is text");
        }
        listFill();
        return layout == H5D_COMPACT   ? listCompact()
               : layout == H5D_CHUNKED ? listChunked()
                                       : listContiguous();
    }

private:
    Result<void> listTexts(std::uint64_t &room)
    {
        auto texts = readTexts(m_type.get(), elementCount(m_result.shape).value_or(0), room,
                               readElements, m_dataset);
        if (!texts) {
            return Error{ErrorCode::BadFormat, "its text cannot be read" + problemNote()};
        }
        room -= texts->size();
        m_result.data = Inline{std::move(*texts)};
        return {};
    }

    void listFill()
    {
        H5D_fill_value_t state = H5D_FILL_VALUE_ERROR;
        if (H5Pfill_value_defined(m_properties.get(), &state) < 0 ||
            state != H5D_FILL_VALUE_USER_DEFINED) {
            return;
        }
        std::vector<std::byte> fill(bitWidth(m_result.stored) / 8);
        if (H5Pget_fill_value(m_properties.get(), m_type.get(), fill.data()) >= 0) {
            m_result.fill = std::move(fill);
        }
    }

    Result<void> listCompact()
    {
        const auto bytes = storageBytes(m_result.stored, elementCount(m_result.shape).value_or(0));
        constexpr std::size_t kMostCompact = 65536; // HDF5's own
        Inline data{std::vector<std::byte>(std::min(bytes.value_or(0), kMostCompact))};
        if (bytes.value_or(kMostCompact + 1) > kMostCompact ||
            readElements(m_dataset, m_type.get(), data.bytes.data()) < 0) {
            return Error{ErrorCode::BadFormat, "it cannot be read" + problemNote()};
        }
        m_result.data = std::move(data);
        return {};
    }

    Result<void> listContiguous()
    {
        // The offset alone does not tell: it is wrong in files with a user block.
        H5D_space_status_t status = H5D_SPACE_STATUS_ERROR;
        if (H5Dget_space_status(m_dataset, &status) < 0) {
            return Error{ErrorCode::BadFormat, "it cannot be read" + problemNote()};
        }
        if (status != H5D_SPACE_STATUS_NOT_ALLOCATED) {
            m_result.data = Contiguous{H5Dget_offset(m_dataset)};
        } else {
            m_result.data = neverWritten(m_result.shape);
        }
        return {};
    }

    Result<void> listChunked()
    {
        auto filters = filtersOf(m_properties.get());
        if (!filters) {
            return filters.error();
        }
        std::array<hsize_t, H5S_MAX_RANK> extents{};
        const int rank = H5Pget_chunk(m_properties.get(), H5S_MAX_RANK, extents.data());
        if (rank < 0 || static_cast<std::size_t>(rank) != m_result.shape.size() ||
            std::find(extents.begin(), extents.begin() + rank, 0U) != extents.begin() + rank) {
            return Error{ErrorCode::BadFormat, "the shape of its chunks is damaged"};
        }
        Chunked data{{extents.begin(), extents.begin() + rank}, std::move(filters).value(), {}};
        auto chunks =
            listChunks(m_dataset, m_properties.get(), m_result.shape, data.extents, m_input);
        if (!chunks) {
            return chunks.error();
        }
        data.chunks = std::move(chunks).value();
        m_result.data = std::move(data);
        return {};
    }

    hid_t m_dataset;
    Dataset &m_result;
    MappedInput &m_input;
    Handle m_type;
    Handle m_properties;
};

} // namespace

Dataset listDataset(hid_t dataset, std::string path, MappedInput &input, bool readsTexts,
                    std::uint64_t &textRoom)
{
    Dataset result;
    result.path = std::move(path);
    result.attributes = readAttributes(dataset, input.file.size());
    if (auto done = DatasetLister(dataset, result, input).list(readsTexts, textRoom); !done) {
        result.data = Unusable{"the dataset is not used: " + done.error().message};
    }
    return result;
}

} // namespace syncpoint::hdf5
