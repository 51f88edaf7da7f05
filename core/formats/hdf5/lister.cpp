#include "core/formats/hdf5/lister.h"

#include "core/formats/hdf5/attribute_reader.h"
#include "core/formats/hdf5/dataset_lister.h"
#include "core/formats/hdf5/mapped_driver.h"

#include <algorithm>
#include <new>

namespace syncpoint::hdf5 {
namespace {

constexpr std::size_t kMostLinks = 1'000'000;
constexpr std::size_t kMostDepth = 64;
constexpr std::uint64_t kMostTextBytes = std::uint64_t{256} << 20U;

struct Link
{
    std::string name;
    bool isHard = false;
    haddr_t address = 0; ///< of hard links
};

herr_t collectLink(hid_t /*group*/, const char *name, const H5L_info_t *info, void *links)
{
    auto &list = *static_cast<std::vector<Link> *>(links);
    try { // no exception may cross the C library
        const bool isHard = info->type == H5L_TYPE_HARD;
        list.push_back({name, isHard, isHard ? info->u.address : haddr_t{0}});
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
        return Error{ErrorCode::BadFormat, "a group cannot be listed" + problemNote()};
    }
    return links;
}

class Lister
{
public:
    explicit Lister(std::span<const std::byte> file) : m_input{file, false, std::nullopt} {}

    Result<Listing> list()
    {
        const Handle access = accessTo(m_input);
        const Handle file{H5Fopen("file", H5F_ACC_RDONLY, access.get()), H5Fclose};
        const Handle root{file ? H5Gopen2(file.get(), "/", H5P_DEFAULT) : H5I_INVALID_HID,
                          H5Gclose};
        H5O_info_t info{};
        if (!root || H5Oget_info2(root.get(), &info, H5O_INFO_BASIC) < 0) {
            const std::string note = problemNote();
            const bool isCut = note.find("truncated file") != std::string::npos;
            return Error{ErrorCode::BadFormat,
                         (isCut ? "the HDF5 file is cut off" : "the HDF5 file is damaged") + note};
        }
        m_listing.attributes = readAttributes(root.get(), m_input.file.size());
        m_parents.push_back(info.addr);
        if (auto done = listGroup(root.get(), "/"); !done) {
            return done.error();
        }
        return std::move(m_listing);
    }

private:
    /// `prefix` ends with "/".
    Result<void> listGroup(hid_t group, const std::string &prefix)
    {
        auto links = linksOf(group);
        if (!links) {
            if (m_parents.size() == 1) {
                return links.error();
            }
            skip(prefix);
            return {};
        }
        m_links += links->size();
        if (m_links > kMostLinks) {
            return Error{ErrorCode::Limit, "the file has more than a million entries"};
        }
        for (const Link &link : *links) {
            if (auto done = listLink(group, link, prefix + link.name); !done) {
                return done;
            }
        }
        return {};
    }

    Result<void> listLink(hid_t group, const Link &link, std::string path)
    {
        // By address: finding a name in a large group takes as long as listing it.
        const Handle object{link.isHard ? H5Oopen_by_addr(group, link.address) : H5I_INVALID_HID,
                            H5Oclose};
        H5O_info_t info{};
        if (!object || H5Oget_info2(object.get(), &info, H5O_INFO_BASIC) < 0) {
            skip(std::move(path));
            return {};
        }
        if (info.type == H5O_TYPE_DATASET) {
            m_listing.datasets.push_back(
                listDataset(object.get(), std::move(path), m_input, isDump(m_listing), m_textRoom));
            return {};
        }
        const bool isCycle =
            std::find(m_parents.begin(), m_parents.end(), info.addr) != m_parents.end();
        if (info.type != H5O_TYPE_GROUP || isCycle) {
            return {};
        }
        if (m_parents.size() > kMostDepth) {
            skip(std::move(path));
            return {};
        }
        const std::size_t first = m_listing.datasets.size();
        m_parents.push_back(info.addr);
        auto done = listGroup(object.get(), path + "/");
        m_parents.pop_back();
        m_listing.groups.push_back({std::move(path), first, m_listing.datasets.size()});
        return done;
    }

    void skip(std::string path)
    {
        add(std::move(path), "this link leads out of the file, too deep or to something damaged; "
                             "it is not followed");
    }

    void add(std::string path, std::string why)
    {
        Dataset unusable;
        unusable.path = std::move(path);
        unusable.data = Unusable{std::move(why)};
        m_listing.datasets.push_back(std::move(unusable));
    }

    MappedInput m_input;
    Listing m_listing;
    std::vector<haddr_t> m_parents; ///< and the group itself: hard links may form cycles
    std::size_t m_links = 0;
    std::uint64_t m_textRoom = kMostTextBytes;
};

} // namespace

Result<Listing> listFile(std::span<const std::byte> file)
{
    return Lister(file).list();
}

} // namespace syncpoint::hdf5
