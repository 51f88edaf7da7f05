#include "tests/ui/synthetic_result.h"
#include "ui/theme/theme.h"
#include "viewers/inspector/inspector_content.h"
#include "viewers/inspector/inspector_page.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

InspectorContent describePoint(const ComparisonResult &result, std::size_t point)
{
    return describeSelection(result, ResultIndex(result), itemForPoint(result, SyncPointId{point}));
}

const InspectorRow *findRow(const InspectorContent &content, const char *section, const char *label)
{
    for (const InspectorSection &part : content.sections) {
        for (const InspectorRow &row : part.rows) {
            if (part.id == QLatin1String(section) && row.label == QLatin1String(label)) {
                return &row;
            }
        }
    }
    return nullptr;
}

TEST(InspectorContentTest, AttributesThatDifferAreMarked)
{
    const auto result = makeSyntheticResult();
    const InspectorContent content = describePoint(*result, 3);
    const InspectorRow *axis = findRow(content, "attributes", "axis");
    ASSERT_NE(axis, nullptr);
    EXPECT_TRUE(axis->differs);
    const InspectorRow *type = findRow(content, "identity", "Type");
    ASSERT_NE(type, nullptr);
    EXPECT_FALSE(type->differs);
}

TEST(InspectorContentTest, UnknownPlacementIsNeverAGuess)
{
    const auto result = makeSyntheticResult();
    const InspectorContent content = describePoint(*result, 3);
    const InspectorRow *place = findRow(content, "performance", "Ran on");
    ASSERT_NE(place, nullptr);
    EXPECT_EQ(place->candidate, QStringLiteral("unknown"));
}

TEST(InspectorContentTest, QuantizationIsShownPerChannel)
{
    const auto result = makeSyntheticResult();
    const InspectorContent content = describePoint(*result, 3);
    const InspectorRow *granularity = findRow(content, "quantization", "Granularity");
    ASSERT_NE(granularity, nullptr);
    EXPECT_EQ(granularity->candidate, QStringLiteral("axis 1, 3 scales"));
    EXPECT_NE(content.quantization, nullptr);
}

TEST(InspectorContentTest, AnUnmatchedValueSaysWhy)
{
    const auto result = makeSyntheticResult();
    Selection::Item item;
    item.side = Side::Candidate;
    item.value = *result->candidate.graph->findValue("extra_out");
    item.node = result->candidate.graph->value(item.value).producer;
    const InspectorContent content = describeSelection(*result, ResultIndex(*result), item);
    const bool isSaid = std::any_of(
        content.sections.begin(), content.sections.end(), [](const InspectorSection &section) {
            return section.rows.front().baseline.contains(QStringLiteral("no op of the baseline"));
        });
    EXPECT_TRUE(isSaid);
}

TEST(InspectorPageTest, TextFromFilesIsEscaped)
{
    const auto result = makeSyntheticResult();
    const Theme theme;
    const QString html = inspectorPage(describePoint(*result, 3), {}, theme);
    EXPECT_TRUE(html.contains(QStringLiteral("&lt;all&gt;")));
    EXPECT_FALSE(html.contains(QStringLiteral("<all>")));
}

TEST(InspectorPageTest, FoldedSectionsShowOnlyTheirTitle)
{
    const auto result = makeSyntheticResult();
    const Theme theme;
    const InspectorContent content = describePoint(*result, 3);
    const QString html = inspectorPage(content, {QStringLiteral("attributes")}, theme);
    EXPECT_TRUE(html.contains(QStringLiteral("▸ Attributes")));
    EXPECT_FALSE(html.contains(QStringLiteral("axis</td>")));
}

} // namespace
} // namespace syncpoint
