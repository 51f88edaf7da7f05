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

/// "root/data/weights/" and "root/data/constants/" hold NAME.pt, or NAME_…config.json and the
/// members it lists.
void addWeights(const ZipArchive &archive, const std::string &root, std::string_view name,
                ProgramFiles &files)
{
    for (std::size_t i = 0; i < archive.members().size(); ++i) {
        const std::string_view member = archive.members()[i].name;
        for (const char *folder : {"data/weights/", "data/constants/"}) {
            const std::string start = root + folder + std::string(name);
            if (!member.starts_with(start)) {
                continue;
            }
            const std::string_view rest = member.substr(start.size());
            if (rest == ".pt") {
                files.savedTensors.push_back(i);
            } else if (rest.starts_with('_') && rest.ends_with("config.json")) {
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
