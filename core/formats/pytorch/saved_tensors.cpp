#include "core/formats/pytorch/saved_tensors.h"

#include "core/base/byte_reader.h"
#include "core/formats/pytorch/storages.h"
#include "core/formats/pytorch/tensor_records.h"
#include "core/formats/zip/zip_archive.h"

#include <algorithm>
#include <fmt/format.h>

namespace syncpoint::pytorch {
namespace {

constexpr std::string_view kPickle = "data.pkl";

/// The pickle and, as a prefix of the other members, the folder it lies in.
struct Home
{
    std::size_t pickle = 0;
    std::string folder;
};

Result<Home> findHome(const ZipArchive &archive)
{
    const auto &members = archive.members();
    const auto isPickle = [](const ZipMember &member) {
        return member.name == kPickle ||
               (member.name.ends_with(kPickle) &&
                member.name.find('/') == member.name.size() - kPickle.size() - 1);
    };
    const auto found = std::find_if(members.begin(), members.end(), isPickle);
    if (found == members.end()) {
        return Error{ErrorCode::BadFormat, "the archive has no data.pkl: torch.save() did not "
                                           "write it"};
    }
    Home home{static_cast<std::size_t>(found - members.begin()),
              found->name.substr(0, found->name.size() - kPickle.size())};
    if (archive.find(home.folder + "constants.pkl")) {
        return Error{ErrorCode::Unsupported,
                     "this is a TorchScript program; export it with torch.export.save() or "
                     "torch.onnx.export()"};
    }
    return home;
}

Result<void> checkByteOrder(const ZipArchive &archive, const Home &home)
{
    const auto member = archive.find(home.folder + "byteorder");
    const auto text = member ? archive.unpackStart(*member, 8) : std::vector<std::byte>{};
    if (!text) {
        return text.error().withContext("member 'byteorder'");
    }
    if (asText(*text).starts_with("big")) {
        return Error{ErrorCode::Unsupported, "the elements are big-endian"};
    }
    return {};
}

} // namespace

Result<SavedTensors> readSavedTensors(OwnedBytes bytes, std::uint64_t &copyBudget)
{
    const auto archive = ZipArchive::open(std::move(bytes), kArchiveLimits);
    if (!archive) {
        return archive.error();
    }
    const auto home = findHome(**archive);
    if (!home) {
        return home.error();
    }
    if (auto fits = checkByteOrder(**archive, *home); !fits) {
        return fits.error();
    }
    const auto text = (*archive)->contents(home->pickle);
    if (!text) {
        return text.error().withContext("member 'data.pkl'");
    }
    const auto pickle = readPickle(text->bytes);
    if (!pickle) {
        return pickle.error();
    }
    auto records = tensorRecords(*pickle);
    if (!records) {
        return records.error();
    }
    SavedTensors saved;
    Storages storages(**archive, copyBudget);
    for (TensorRecord &record : *records) {
        auto tensor =
            storages.tensor(fmt::format("{}data/{}", home->folder, record.storage), record.layout);
        if (tensor) {
            saved.tensors.push_back({std::move(record.name), std::move(*tensor)});
        } else {
            saved.diagnostics.push_back({Diagnostic::Severity::Warning, std::move(record.name),
                                         "the tensor is not used: " + tensor.error().message});
        }
    }
    return saved;
}

} // namespace syncpoint::pytorch
