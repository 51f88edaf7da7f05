#include "core/formats/msprobe/api_store.h"

#include "core/formats/npy/npy_loader.h"
#include "core/formats/pytorch/saved_tensors.h"
#include "core/formats/pytorch/storages.h"

#include <fmt/format.h>

namespace syncpoint::msprobe {

namespace {
Result<Tensor> tensorOfFile(const std::filesystem::path &path)
{
    const auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    if (path.extension() == ".npy") {
        return parseNpy((*file)->bytes(), *file);
    }
    std::uint64_t copyBudget = pytorch::kMostCopiedBytes;
    auto saved = pytorch::readSavedTensors({(*file)->bytes(), *file}, copyBudget);
    if (!saved) {
        return saved.error();
    }
    if (saved->tensors.size() != 1) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("it holds {} tensors instead of one", saved->tensors.size())};
    }
    return std::move(saved->tensors.front().tensor);
}
} // namespace

ApiStore::ApiStore(std::filesystem::path folder, std::vector<Item> items)
    : m_folder(std::move(folder)), m_files(m_folder / "file")
{
    for (Item &item : items) {
        m_entries.push_back(std::move(item.entry));
        m_fileNames.push_back(std::move(item.file));
        m_summaries.push_back(item.summary);
    }
    buildIndex();
}

Result<Tensor> ApiStore::open(TensorId id) const
{
    const TensorEntry &entry = m_entries[id.index()];
    const std::string &name = m_fileNames[id.index()];
    if (name.empty()) {
        return Error{ErrorCode::BadInput, "the dump holds only max, min, mean and norm of it"};
    }
    const auto path = m_files.find(name);
    if (!path) {
        return path.error();
    }
    if (path->empty()) {
        return Error{ErrorCode::Io, fmt::format("its file '{}' is missing", name)};
    }
    auto tensor = tensorOfFile(*path);
    if (tensor &&
        (tensor->info().dtype != entry.info.dtype || tensor->info().shape != entry.info.shape)) {
        return Error{ErrorCode::BadFormat,
                     fmt::format("its file holds {} {} where dump.json says {} {}",
                                 dtypeName(tensor->info().dtype), toText(tensor->info().shape),
                                 dtypeName(entry.info.dtype), toText(entry.info.shape))};
    }
    return tensor;
}

Result<Tensor> ApiStore::read(TensorId id) const
{
    auto tensor = open(id);
    return tensor ? std::move(tensor)
                  : tensor.error().withContext(fmt::format(
                        "reading '{}' from {}", m_entries[id.index()].name, m_folder.string()));
}

Result<Tensor> ApiStore::readRange(TensorId id, std::uint64_t first, std::uint64_t count) const
{
    const auto whole = read(id);
    return whole ? whole->range(first, count) : whole;
}

} // namespace syncpoint::msprobe
