#include "core/formats/pytorch/program_weights.h"

#include "core/base/byte_reader.h"
#include "core/formats/bounded_json.h"
#include "core/formats/pytorch/program_json.h"
#include "core/formats/pytorch/saved_tensors.h"
#include "core/formats/pytorch/storages.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace syncpoint::pytorch {
namespace {

class Reader
{
public:
    explicit Reader(const ZipArchive &archive)
        : m_archive(archive), m_storages(archive, m_copyBudget)
    {
    }

    Result<void> addSaved(const std::string &member, const std::string &onlyName);
    Result<void> addConfig(std::size_t member);
    ProgramWeights take() { return std::move(m_weights); }

private:
    Result<void> addListed(const std::string &name, const Json &facts, const std::string &folder);
    void note(std::string name, const std::string &why)
    {
        m_weights.diagnostics.push_back(
            {Diagnostic::Severity::Warning, std::move(name), "the tensor is not used: " + why});
    }

    const ZipArchive &m_archive;
    std::uint64_t m_copyBudget = kMostCopiedBytes;
    Storages m_storages;
    ProgramWeights m_weights;
};

/// A single tensor has no name of its own.
Result<void> Reader::addSaved(const std::string &member, const std::string &onlyName)
{
    auto bytes = m_storages.read(member);
    auto saved = bytes ? readSavedTensors(*std::move(bytes), m_copyBudget)
                       : Result<SavedTensors>(bytes.error());
    if (!saved) {
        return saved.error().withContext(member);
    }
    for (NamedTensor &each : saved->tensors) {
        std::string name = each.name.empty() ? onlyName : std::move(each.name);
        m_weights.tensors.emplace(std::move(name), std::move(each.tensor));
    }
    for (Diagnostic &diagnostic : saved->diagnostics) {
        m_weights.diagnostics.push_back(std::move(diagnostic));
    }
    return {};
}

/// {"path_name": "weight_0", "use_pickle": false, "tensor_meta": {…}}: the member is the whole
/// storage, of which tensors may share one.
Result<void> Reader::addListed(const std::string &name, const Json &facts,
                               const std::string &folder)
{
    const std::string path = folder + std::string(textOf(facts, "path_name"));
    const Json *isPickled = fieldOf(facts, "use_pickle");
    const Json *meta = fieldOf(facts, "tensor_meta");
    if (isPickled != nullptr && *isPickled == true) {
        return addSaved(path, name);
    }
    if (meta == nullptr) {
        return {}; // an object that is no tensor
    }
    auto tensor = m_storages.tensor(path, layoutOf(*meta));
    if (tensor) {
        m_weights.tensors.emplace(name, std::move(*tensor));
    } else {
        note(name, tensor.error().message);
    }
    return {};
}

Result<void> Reader::addConfig(std::size_t member)
{
    const std::string &path = m_archive.members()[member].name;
    const auto text = m_archive.contents(member);
    if (!text) {
        return text.error().withContext(path);
    }
    const auto json = parseBoundedJson(asText(text->bytes));
    if (!json) {
        return json.error().withContext(path);
    }
    const Json *config = fieldOf(*json, "config");
    if (config == nullptr || !config->is_object()) {
        return Error{ErrorCode::BadFormat, path + " does not list weights"};
    }
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    for (auto each = config->begin(); each != config->end(); ++each) {
        if (auto done = addListed(each.key(), *each, folder); !done) {
            return done;
        }
    }
    return {};
}

} // namespace

Result<ProgramWeights> readProgramWeights(const ZipArchive &archive, const ProgramFiles &files)
{
    Reader reader(archive);
    for (const std::size_t member : files.savedTensors) {
        if (auto done = reader.addSaved(archive.members()[member].name, ""); !done) {
            return done.error();
        }
    }
    for (const std::size_t member : files.weightConfigs) {
        if (auto done = reader.addConfig(member); !done) {
            return done.error();
        }
    }
    return reader.take();
}

} // namespace syncpoint::pytorch
