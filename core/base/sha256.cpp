#include "core/base/sha256.h"
#include "core/base/mapped_file.h"

#include <array>
#include <fmt/format.h>
#include <memory>
#include <openssl/evp.h>

namespace syncpoint {

Result<std::string> sha256OfFile(const std::filesystem::path &path, const JobContext &job)
{
    const auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) {
        return Error{ErrorCode::Internal, "SHA-256 is not available"};
    }
    constexpr std::size_t kBlock = std::size_t{16} << 20U;
    for (auto rest = (*file)->bytes(); !rest.empty();) {
        if (job.isCancelled()) {
            return JobContext::cancelledError();
        }
        const auto block = rest.first(std::min(kBlock, rest.size()));
        EVP_DigestUpdate(context.get(), block.data(), block.size());
        (*file)->release(block);
        rest = rest.subspan(block.size());
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(context.get(), digest.data(), &size);
    return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + size, ""));
}

} // namespace syncpoint
