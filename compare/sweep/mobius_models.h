#pragma once
#include "compare/sweep/sweep_overview.h"

namespace syncpoint {

/// Fills SweepRow::model with the packages that lie where möbius puts them: variants in folders of
/// their names beside the report, the baseline in a folder beside that one. What is not found stays
/// empty; nothing outside of these folders is looked at.
void findMobiusModels(SweepOverview &overview, const std::filesystem::path &folder);

/// The package of a component in a folder of packages: as its metadata.json says, else by its name.
std::filesystem::path packageIn(const std::filesystem::path &folder, const std::string &component);

} // namespace syncpoint
