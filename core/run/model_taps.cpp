#include "core/run/model_taps.h"
#include "core/graph/topology.h"
#include "core/run/onnx_fields.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <regex>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_set>

namespace syncpoint {

namespace {
using namespace onnx_field;

std::unordered_set<std::string> outputsOfNodes(std::span<const std::byte> model)
{
    std::unordered_set<std::string> names;
    protozero::pbf_reader reader(reinterpret_cast<const char *>(model.data()), model.size());
    while (reader.next(kModelGraph, protozero::pbf_wire_type::length_delimited)) {
        protozero::pbf_reader graph = reader.get_message();
        while (graph.next(kGraphNode, protozero::pbf_wire_type::length_delimited)) {
            protozero::pbf_reader node = graph.get_message();
            while (node.next(kNodeOutput, protozero::pbf_wire_type::length_delimited)) {
                names.insert(node.get_string());
            }
        }
    }
    return names;
}

std::string tapsAsModel(std::span<const std::string> taps)
{
    std::string text;
    protozero::pbf_writer model(text);
    protozero::pbf_writer graph(model, kModelGraph);
    for (const std::string &name : taps) {
        protozero::pbf_writer output(graph, kGraphOutput);
        output.add_string(kValueInfoName, name);
    }
    graph.commit();
    return text;
}

Error systemError(const std::filesystem::path &path)
{
    return {ErrorCode::Io, fmt::format("cannot read {}: {}", path.string(), std::strerror(errno))};
}
} // namespace

Result<std::vector<std::string>> valuesToTap(const Graph &graph, std::span<const std::byte> model,
                                             const std::string &only)
{
    std::vector<std::string> taps;
    try {
        const std::regex filter(only, std::regex::ECMAScript | std::regex::optimize);
        const auto known = outputsOfNodes(model);
        const auto constant = constantValues(graph);
        for (std::size_t i = 0; i < graph.values().size(); ++i) {
            const Value &value = graph.values()[i];
            const bool inMainGraph = value.scope.index() == 0 && value.producer.isValid();
            if (inMainGraph && !value.isOutput && !constant[i] && known.count(value.name) != 0 &&
                (only.empty() || std::regex_search(value.name, filter))) {
                taps.push_back(value.name);
            }
        }
    } catch (const std::regex_error &) {
        return Error{ErrorCode::BadInput,
                     fmt::format("'{}' is not a valid regular expression", only)};
    } catch (const protozero::exception &) {
        return Error{ErrorCode::BadFormat, "the model is damaged: it is not valid protobuf"};
    }
    return taps;
}

Result<std::unique_ptr<TappedModel>> TappedModel::map(const std::filesystem::path &path,
                                                      std::span<const std::string> taps)
{
    const std::string suffix = taps.empty() ? std::string() : tapsAsModel(taps);
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat info = {};
    if (file < 0) {
        return systemError(path);
    }
    if (::fstat(file, &info) != 0) {
        const Error error = systemError(path);
        ::close(file);
        return error;
    }
    const auto size = static_cast<std::size_t>(info.st_size);
    std::unique_ptr<TappedModel> model(new TappedModel);
    // Anonymous memory for everything, the file over its start: the suffix then begins in the
    // private copy of the file's last page.
    void *start = ::mmap(nullptr, size + suffix.size() + 1, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start != MAP_FAILED) {
        model->m_mapped = size + suffix.size() + 1;
        model->m_bytes = {static_cast<const std::byte *>(start), size + suffix.size()};
    }
    const bool isMapped = start != MAP_FAILED &&
                          (size == 0 || ::mmap(start, size, PROT_READ | PROT_WRITE,
                                               MAP_PRIVATE | MAP_FIXED, file, 0) != MAP_FAILED);
    const Error error = isMapped ? Error{} : systemError(path);
    ::close(file);
    if (!isMapped) {
        return error;
    }
    std::memcpy(static_cast<std::byte *>(start) + size, suffix.data(), suffix.size());
    return model;
}

std::unique_ptr<TappedModel> TappedModel::of(std::string model, std::span<const std::string> taps)
{
    std::unique_ptr<TappedModel> tapped(new TappedModel);
    tapped->m_owned = std::move(model);
    tapped->m_owned += tapsAsModel(taps);
    tapped->m_bytes = std::as_bytes(std::span(tapped->m_owned));
    return tapped;
}

TappedModel::~TappedModel()
{
    if (m_mapped > 0) {
        ::munmap(const_cast<std::byte *>(m_bytes.data()), m_mapped);
    }
}

} // namespace syncpoint
