#include "ui/models/sync_point_query.h"

#include <gtest/gtest.h>

namespace syncpoint {
namespace {

bool isNumber(const QString &id)
{
    return id == QStringLiteral("psnr") || id == QStringLiteral("delta");
}

bool matches(const char *search)
{
    RowFacts row{QStringLiteral("/decoder/up0/Conv\nconv_out"),
                 QStringLiteral("Conv"),
                 QStringLiteral("decoder.up0"),
                 QStringLiteral("compared"),
                 QStringLiteral("CPU"),
                 QStringLiteral("int8"),
                 QStringLiteral("bad"),
                 QStringLiteral("exact_name"),
                 {}};
    row.number = [](const QString &id) {
        return id == QStringLiteral("psnr") ? std::optional(25.0) : std::nullopt;
    };
    return SyncPointQuery::parse(QString::fromUtf8(search), isNumber).matches(row);
}

TEST(SyncPointQueryTest, WordsAreAndedWithoutCase)
{
    EXPECT_TRUE(matches("CONV decoder"));
    EXPECT_FALSE(matches("conv encoder"));
    EXPECT_TRUE(matches(""));
}

TEST(SyncPointQueryTest, QuotesMatchExactly)
{
    EXPECT_TRUE(matches("\"up0/Conv\""));
    EXPECT_FALSE(matches("\"up0/conv\""));
}

TEST(SyncPointQueryTest, FiltersAskOneColumn)
{
    EXPECT_TRUE(matches("op:conv module:up0 on:CPU dtype:int8 severity:bad rule:exact"));
    EXPECT_FALSE(matches("op:decoder"));
    EXPECT_FALSE(matches("op:\"Con\""));
    EXPECT_TRUE(matches("op:")) << "still being typed";
}

TEST(SyncPointQueryTest, NumbersAreCompared)
{
    EXPECT_TRUE(matches("psnr<30"));
    EXPECT_TRUE(matches("psnr>=25"));
    EXPECT_FALSE(matches("psnr>25"));
    EXPECT_FALSE(matches("delta>0")) << "an absent number matches nothing";
}

TEST(SyncPointQueryTest, WhatIsNotUnderstoodIsSaid)
{
    EXPECT_FALSE(SyncPointQuery::parse(QStringLiteral("loss<3"), isNumber).problem().isEmpty());
    EXPECT_FALSE(SyncPointQuery::parse(QStringLiteral("psnr<abc"), isNumber).problem().isEmpty());
    EXPECT_TRUE(SyncPointQuery::parse(QStringLiteral("psnr<"), isNumber).problem().isEmpty());
}

} // namespace
} // namespace syncpoint
