#pragma once
#include <sstream>
#include <string>
#include <vector>

namespace syncpoint::fuzz {

/// One line of targets.txt.
struct Target
{
    std::string name;
    std::string kind; ///< "model", "dump", "report", "text"
    std::string id;   ///< of the loader, importer or parser
    bool opensFolder = false;
    std::string archive;            ///< its name, when the files are members of one
    std::vector<std::string> files; ///< that an input becomes; the first is opened, or the folder
};

/// Of a line that is neither empty nor a comment.
inline Target targetOf(const std::string &line)
{
    std::istringstream words(line);
    Target target;
    std::string reader;
    words >> target.name >> reader;
    const std::size_t colon = reader.find(':');
    target.kind = reader.substr(0, colon);
    target.id = colon == std::string::npos ? "" : reader.substr(colon + 1);
    for (std::string file; words >> file;) {
        if (file == ".") {
            target.opensFolder = true;
        } else if (file == "zip") {
            words >> target.archive;
        } else {
            target.files.push_back(file);
        }
    }
    return target;
}

} // namespace syncpoint::fuzz
