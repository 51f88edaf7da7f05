#pragma once
#include "core/base/result.h"
#include "core/launch/run_request.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syncpoint {

/// Inputs as people write them in options and forms. Errors (BadInput) name the option.

/// "NAME=VALUE" at the last "=": names may hold one. `option` is for the error.
Result<std::pair<std::string, std::string>> splitAssignment(const std::string &text,
                                                            std::string_view option);
/// Adds "NAME=FILE" (or a folder), "NAME=zeros", "ones", "random", "random:LOW..HIGH" or a number,
/// as
/// --input takes them.
Result<void> addInputFill(InputSource &inputs, const std::string &text);
/// Adds "NAME=1,3,224,224", as --shape takes it.
Result<void> addInputShape(InputSource &inputs, const std::string &text);
/// "0.5" or "0.485,0.456,0.406", as --mean takes them; nothing for an empty text.
Result<std::vector<double>> numbersFromText(const std::string &text, std::string_view option);

/// The same texts back.
std::string toText(const std::string &name, const InputFill &fill);
std::string toText(const std::string &name, const Shape &shape);
std::string toText(const std::vector<double> &numbers);

} // namespace syncpoint
