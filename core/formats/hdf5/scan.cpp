#include "core/formats/hdf5/scan.h"

#include <algorithm>
#include <new>
#include <set>

namespace syncpoint::hdf5 {
namespace {

constexpr std::size_t kMostLinks = 1'000'000;
constexpr std::size_t kMostDepth = 64;

struct Link
{
    std::string name;
    bool isHard = false;
};

herr_t collectLink(hid_t /*group*/, const char *name, const H5L_info_t *info, void *links)
{
    auto &list = *static_cast<std::vector<Link> *>(links);
    try { // no exception may cross the C library
        list.push_back({name, info->type == H5L_TYPE_HARD});
    } catch (const std::bad_alloc &) {
        return -1;
    }
    return list.size() <= kMostLinks ? 0 : 1;
}

bool recordsCreationOrder(hid_t group)
{
    const Handle properties{H5Gget_create_plist(group), H5Pclose};
    unsigned flags = 0;
    return properties && H5Pget_link_creation_order(properties.get(), &flags) >= 0 &&
           (flags & H5P_CRT_ORDER_TRACKED) != 0;
}

Result<std::vector<Link>> linksOf(hid_t group)
{
    std::vector<Link> links;
    hsize_t position = 0;
    const H5_index_t order = recordsCreationOrder(group) ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
    if (H5Literate(group, order, H5_ITER_INC, &position, collectLink, &links) < 0) {
        return Error{ErrorCode::BadFormat, "a group cannot be listed (" + lastProblem() + ")"};
    }
    if (links.size() > kMostLinks) {
        return Error{ErrorCode::Limit, "a group has more than a million entries"};
    }
    return links;
}

class Scanner
{
public:
    explicit Scanner(std::vector<std::string> &skipped) : m_skipped(skipped) {}

    Result<void> scan(hid_t group, const std::string &prefix, std::size_t depth)
    {
        auto links = linksOf(group);
        if (!links) {
            if (depth == 0 || links.error().code == ErrorCode::Limit) {
                return links.error();
            }
            m_skipped.push_back(prefix);
            return {};
        }
        for (const Link &link : *links) {
            if (++m_links > kMostLinks) {
                return Error{ErrorCode::Limit, "the file has more than a million entries"};
            }
            if (auto done = visit(group, link, prefix + link.name, depth); !done) {
                return done;
            }
        }
        return {};
    }

    std::vector<std::string> take() { return std::move(m_datasets); }

private:
    Result<void> visit(hid_t group, const Link &link, std::string path, std::size_t depth)
    {
        H5O_info_t info{};
        if (!link.isHard || H5Oget_info_by_name2(group, link.name.c_str(), &info, H5O_INFO_BASIC,
                                                 H5P_DEFAULT) < 0) {
            m_skipped.push_back(std::move(path));
            return {};
        }
        if (info.type == H5O_TYPE_DATASET) {
            m_datasets.push_back(std::move(path));
            return {};
        }
        if (info.type != H5O_TYPE_GROUP || !m_visited.insert(info.addr).second) {
            return {};
        }
        const Handle child{H5Gopen2(group, link.name.c_str(), H5P_DEFAULT), H5Gclose};
        if (!child || depth >= kMostDepth) {
            m_skipped.push_back(std::move(path));
            return {};
        }
        return scan(child.get(), path + "/", depth + 1);
    }

    std::vector<std::string> &m_skipped;
    std::vector<std::string> m_datasets;
    std::set<haddr_t> m_visited; ///< hard links may form cycles
    std::size_t m_links = 0;
};

} // namespace

Result<std::vector<std::string>> scanDatasets(hid_t group, std::vector<std::string> &skipped)
{
    Scanner scanner(skipped);
    if (auto done = scanner.scan(group, {}, 0); !done) {
        return done.error();
    }
    return scanner.take();
}

Result<std::vector<std::string>> childGroups(hid_t group)
{
    auto links = linksOf(group);
    if (!links) {
        return links.error();
    }
    std::vector<std::string> names;
    for (Link &link : *links) {
        H5O_info_t info{};
        if (link.isHard &&
            H5Oget_info_by_name2(group, link.name.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) >=
                0 &&
            info.type == H5O_TYPE_GROUP) {
            names.push_back(std::move(link.name));
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace syncpoint::hdf5
