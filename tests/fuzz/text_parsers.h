#pragma once
#include <string_view>

namespace syncpoint::fuzz {

/// Parses a text in every way that its kind is parsed.
using TextParser = void (*)(std::string_view);

/// Parsers of texts that stand deep inside of files, where the fuzzers of these formats rarely get;
/// null for an unknown id.
TextParser textParser(std::string_view id);

} // namespace syncpoint::fuzz
