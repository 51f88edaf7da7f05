#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace syncpoint {

/// `levels` are red, green and blue of every pixel.
void writePng(const std::filesystem::path &path, std::size_t width,
              const std::vector<std::uint8_t> &levels);
void writeJpeg(const std::filesystem::path &path, std::size_t width,
               const std::vector<std::uint8_t> &levels);
/// 16-bit PCM, channels interleaved.
void writeWav(const std::filesystem::path &path, std::size_t channels,
              const std::vector<std::int16_t> &samples);

} // namespace syncpoint
