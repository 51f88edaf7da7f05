#pragma once
#include "core/tensor/shape.h"

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

/// Fields of JSON from untrusted files: what is missing or of another type than expected reads as
/// absent.
namespace syncpoint {

/// The value under `key`; null when there is none or it is JSON's null.
const nlohmann::json *fieldOf(const nlohmann::json &object, const char *key);
/// The text under `key`, a view of the JSON; empty when there is none.
std::string_view textOf(const nlohmann::json &object, const char *key);
/// The text itself; empty when `json` is something else.
std::string_view plainText(const nlohmann::json &json);
/// The list under `key`, or an empty one.
const nlohmann::json &listOf(const nlohmann::json &object, const char *key);
/// The object under `key`, or an empty one.
const nlohmann::json &objectOf(const nlohmann::json &object, const char *key);
/// A finite number: JSON's own, or text that is one.
std::optional<double> numberOf(const nlohmann::json &json);
std::optional<double> numberOf(const nlohmann::json &object, const char *key);
/// Extents that make a plausible shape: a list of integers, none negative, at most 64.
std::optional<Shape> shapeOf(const nlohmann::json &object, const char *key);

} // namespace syncpoint
