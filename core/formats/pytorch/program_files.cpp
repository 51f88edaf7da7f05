#include "core/formats/pytorch/program_files.h"

#include <algorithm>
#include <optional>

namespace syncpoint::pytorch {
namespace {

constexpr std::string_view kFlatProgram = "serialized_exported_program.json";
constexpr std::string_view kArchiveFormat = "archive_format";

ProgramFiles flatFiles(const ZipArchive &archive, std::size_t program)
{
    ProgramFiles files;
    files.program = program;
    for (const char *name : {"serialized_state_dict.pt", "serialized_constants.pt"}) {
        if (const auto member = archive.find(name)) {
            files.savedTensors.push_back(*member);
        }
    }
    return files;
}

/// The folder of all members, with its slash; nothing when this is no PT2 archive.
std::optional<std::string> rootOf(const ZipArchive &archive)
{
    for (const ZipMember &member : archive.members()) {
        const std::string_view name = member.name;
        if (name == kArchiveFormat || (name.ends_with(kArchiveFormat) &&
                                       name[name.size() - kArchiveFormat.size() - 1] == '/')) {
            return std::string(name.substr(0, name.size() - kArchiveFormat.size()));
        }
    }
    return std::nullopt;
}

/// "model" for the member "root/models/model.json".
std::string_view programName(std::string_view member, const std::string &root)
{
    constexpr std::string_view kEnding = ".json";
    const std::string folder = root + "models/";
    if (!member.starts_with(folder) || !member.ends_with(kEnding)) {
        return {};
    }
    member.remove_prefix(folder.size());
    member.remove_suffix(std::min(kEnding.size(), member.size()));
    return member;
}

/// Whether a file of weights is called after this program, and not after one with a longer name:
/// NAME.pt, or NAME_…config.json.
bool belongsTo(std::string_view file, std::string_view name, const ProgramFiles &files)
{
    const auto isOthers = [&](const std::string &other) {
        return other.size() > name.size() && file.starts_with(other);
    };
    return file.starts_with(name) &&
           std::none_of(files.otherPrograms.begin(), files.otherPrograms.end(), isOthers);
}

/// The weights and the constants, each pickled or as JSON that lists members.
void addWeights(const ZipArchive &archive, const std::string &root, std::string_view name,
                ProgramFiles &files)
{
    for (const std::string &folder : {root + "data/weights/", root + "data/constants/"}) {
        for (std::size_t i = 0; i < archive.members().size(); ++i) {
            std::string_view file = archive.members()[i].name;
            if (!file.starts_with(folder)) {
                continue;
            }
            file.remove_prefix(folder.size());
            if (!belongsTo(file, name, files)) {
                continue;
            }
            file.remove_prefix(name.size());
            if (file == ".pt") {
                files.savedTensors.push_back(i);
            } else if (file.starts_with('_') && file.ends_with("config.json")) {
                files.weightConfigs.push_back(i);
            }
        }
    }
}

Result<ProgramFiles> archiveFiles(const ZipArchive &archive, const std::string &root)
{
    ProgramFiles files;
    std::string chosen;
    for (std::size_t i = 0; i < archive.members().size(); ++i) {
        const std::string name(programName(archive.members()[i].name, root));
        if (name.empty()) {
            continue;
        }
        if (chosen.empty() || name == "model") {
            if (!chosen.empty()) {
                files.otherPrograms.push_back(chosen);
            }
            chosen = name;
            files.program = i;
        } else {
            files.otherPrograms.push_back(name);
        }
    }
    if (chosen.empty()) {
        return Error{ErrorCode::Unsupported,
                     "the archive holds no exported program, only compiled code or data"};
    }
    addWeights(archive, root, chosen, files);
    return files;
}

} // namespace

Result<ProgramFiles> findProgram(const ZipArchive &archive)
{
    if (const auto program = archive.find(kFlatProgram)) {
        return flatFiles(archive, *program);
    }
    if (const auto root = rootOf(archive)) {
        return archiveFiles(archive, *root);
    }
    return Error{ErrorCode::BadFormat, "the zip archive is not one that torch.export.save() wrote"};
}

bool isProgramMember(std::string_view firstMember)
{
    return firstMember == kFlatProgram || firstMember == kArchiveFormat ||
           firstMember.ends_with("/archive_format");
}

} // namespace syncpoint::pytorch
