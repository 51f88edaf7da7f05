#include "core/run/input_files.h"
#include "core/formats/registry.h"
#include "core/run/number_encoding.h"
#include "core/run/picture_data.h"
#include "core/run/sound_data.h"

#include <fmt/format.h>
#include <utility>
#include <vector>

namespace syncpoint {

InputFiles::Found InputFiles::single(const std::filesystem::path &file, const ModelPort &port) const
{
    const auto found = findMedia(file);
    if (!found) {
        return found.error();
    }
    if (*found) {
        return media(**found, port);
    }
    const auto dump = loadDump(file, m_job);
    if (!dump) {
        return dump.error();
    }
    if ((*dump)->samples.size() != 1 || (*dump)->samples[0]->entries().size() != 1) {
        return Error{ErrorCode::BadInput,
                     fmt::format("{} does not hold exactly one array, which input '{}' needs",
                                 file.string(), port.name)};
    }
    return arrays(**dump, TensorId{0}, port);
}

InputFiles::Found InputFiles::media(const MediaFiles &files, const ModelPort &port) const
{
    return files.kind == MediaKind::Picture ? pictureData(files.files, port, m_source.pictures)
                                            : soundData(files.files, port, m_notes);
}

InputFiles::Found InputFiles::arrays(const TensorDump &dump, TensorId tensor,
                                     const ModelPort &port) const
{
    const std::string name = dump.samples.front()->entry(tensor).name;
    const bool rowsAreSamples = m_source.samples > 0 && dump.samples.size() == 1;
    std::vector<Tensor> arrays;
    for (const auto &store : dump.samples) {
        const auto id = store->find(name);
        if (!id) {
            return Error{ErrorCode::BadInput,
                         fmt::format("a sample of {} has no '{}'", dump.path.string(), name)};
        }
        const auto read = store->read(*id);
        if (!read) {
            return read.error();
        }
        const TensorInfo &info = read->info();
        const auto count = sampleCount(info.shape, port, rowsAreSamples);
        const bool oneEach = dump.samples.size() == 1 || count == 1U;
        if (!count || !oneEach || *count > kMostSamples || !isConvertible(info.dtype, port.dtype)) {
            return Error{ErrorCode::BadInput,
                         fmt::format("{}: '{}' is {}, but the model's input '{}' takes {}",
                                     dump.path.string(), name, describe(info), port.name,
                                     describe(port))};
        }
        const auto parts = splitSamples(*read, *count);
        if (!parts) {
            return parts.error().withContext(dump.path.string());
        }
        arrays.insert(arrays.end(), parts->begin(), parts->end());
    }
    const DType dtype = arrays.front().info().dtype;
    if (dtype != port.dtype) {
        m_notes.push_back(
            {Diagnostic::Severity::Warning, port.name,
             fmt::format("converted from {} in {} to the model's {}", dtypeName(dtype),
                         dump.path.string(), dtypeName(port.dtype))});
    }
    return arrayData(std::move(arrays));
}

} // namespace syncpoint
