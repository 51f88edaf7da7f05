#include "ui/session/selection.h"

#include <QSignalSpy>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

Selection::Item itemOf(std::size_t node)
{
    Selection::Item item;
    item.node = NodeId{node};
    return item;
}

TEST(SelectionTest, TellsEveryoneWhoMadeTheChoice)
{
    Selection selection;
    QObject *heard = nullptr;
    QObject pane;
    QObject::connect(&selection, &Selection::changed,
                     [&](const Selection::Item &, QObject *origin) { heard = origin; });
    selection.select(itemOf(3), &pane);
    EXPECT_EQ(heard, &pane);
    EXPECT_EQ(selection.current().node, NodeId{3});
}

TEST(SelectionTest, TheSameChoiceAgainIsNoNews)
{
    Selection selection;
    QSignalSpy changed(&selection, &Selection::changed);
    selection.select(itemOf(1), nullptr);
    selection.select(itemOf(1), nullptr);
    EXPECT_EQ(changed.count(), 1);
}

TEST(SelectionTest, HistoryWorksAsInABrowser)
{
    Selection selection;
    selection.select(itemOf(1), nullptr);
    selection.select(itemOf(2), nullptr);
    selection.select(itemOf(3), nullptr);
    selection.back();
    selection.back();
    EXPECT_EQ(selection.current().node, NodeId{1});
    EXPECT_FALSE(selection.canGoBack());
    selection.forward();
    EXPECT_EQ(selection.current().node, NodeId{2});
    selection.select(itemOf(9), nullptr);
    EXPECT_FALSE(selection.canGoForward());
}

TEST(SelectionTest, ClearForgetsTheHistory)
{
    Selection selection;
    selection.select(itemOf(1), nullptr);
    selection.setSample(4, nullptr);
    selection.clear();
    EXPECT_EQ(selection.current(), Selection::Item{});
    EXPECT_EQ(selection.sample(), 0U);
    EXPECT_FALSE(selection.canGoBack());
}

} // namespace
} // namespace syncpoint
