#include "core/formats/hdf5/mapped_driver.h"

#include <cstring>

namespace syncpoint::hdf5 {
namespace {

struct DriverInfo
{
    MappedInput *input;
};

struct OpenFile
{
    H5FD_t shared; ///< the library's part, first
    MappedInput *input;
    haddr_t endOfAddresses;
};

OpenFile *mine(H5FD_t *file)
{
    return reinterpret_cast<OpenFile *>(file);
}

const OpenFile *mine(const H5FD_t *file)
{
    return reinterpret_cast<const OpenFile *>(file);
}

H5FD_t *openFile(const char * /*name*/, unsigned flags, hid_t access, haddr_t /*maxaddr*/)
{
    const auto *info = static_cast<const DriverInfo *>(H5Pget_driver_info(access));
    if (info == nullptr || flags != H5F_ACC_RDONLY) {
        return nullptr;
    }
    return &(new OpenFile{{}, info->input, 0})->shared;
}

herr_t closeFile(H5FD_t *file)
{
    delete mine(file);
    return 0;
}

haddr_t endOfAddresses(const H5FD_t *file, H5FD_mem_t /*type*/)
{
    return mine(file)->endOfAddresses;
}

herr_t setEndOfAddresses(H5FD_t *file, H5FD_mem_t /*type*/, haddr_t address)
{
    mine(file)->endOfAddresses = address;
    return 0;
}

haddr_t endOfFile(const H5FD_t *file, H5FD_mem_t /*type*/)
{
    return mine(file)->input->file.size();
}

herr_t readPart(H5FD_t *file, H5FD_mem_t type, hid_t /*transfer*/, haddr_t address,
                std::size_t size, void *buffer)
{
    MappedInput &input = *mine(file)->input;
    if (input.isLocating && type == H5FD_MEM_DRAW) {
        input.located = Extent{address, size};
        return 0;
    }
    if (address > input.file.size() || size > input.file.size() - address) {
        return -1;
    }
    std::memcpy(buffer, input.file.data() + address, size);
    return 0;
}

herr_t refuseToWrite(H5FD_t * /*file*/, H5FD_mem_t /*type*/, hid_t /*transfer*/,
                     haddr_t /*address*/, std::size_t /*size*/, const void * /*buffer*/)
{
    return -1;
}

H5FD_class_t driverClass()
{
    H5FD_class_t driver{};
    driver.name = "mapped";
    driver.maxaddr = HADDR_MAX;
    driver.fc_degree = H5F_CLOSE_STRONG;
    driver.fapl_size = sizeof(DriverInfo);
    driver.open = openFile;
    driver.close = closeFile;
    driver.get_eoa = endOfAddresses;
    driver.set_eoa = setEndOfAddresses;
    driver.get_eof = endOfFile;
    driver.read = readPart;
    driver.write = refuseToWrite;
    return driver;
}

} // namespace

Handle accessTo(MappedInput &input)
{
    static const H5FD_class_t driver = driverClass(); // the library keeps a pointer to it
    const Handle registered{H5FDregister(&driver), H5FDunregister};
    const DriverInfo info{&input};
    Handle access{H5Pcreate(H5P_FILE_ACCESS), H5Pclose};
    static_cast<void>(H5Pset_driver(access.get(), registered.get(), &info));
    return access;
}

} // namespace syncpoint::hdf5
