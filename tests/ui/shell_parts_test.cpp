#include "ui/session/file_watch.h"
#include "ui/session/selection.h"
#include "ui/session/session_controller.h"
#include "ui/settings/settings.h"
#include "ui/shell/bookmark_menu.h"
#include "ui/shell/key_bindings.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/run_settings.h"
#include "ui/shell/shortcut_list.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/flow_layout.h"

#include <QAction>
#include <QFile>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <QVBoxLayout>
#include <gtest/gtest.h>

namespace syncpoint {
namespace {

class KeyBindingsTest : public testing::Test
{
protected:
    KeyBindingsTest()
    {
        open.setObjectName(QStringLiteral("file.open"));
        open.setShortcut(QKeySequence(Qt::CTRL | Qt::Key_O));
        fit.setObjectName(QStringLiteral("graph.fit"));
        fit.setShortcut(QKeySequence(Qt::Key_F));
        fit.setShortcutContext(Qt::WidgetWithChildrenShortcut);
        flip.setObjectName(QStringLiteral("tensor.flip"));
        flip.setShortcut(QKeySequence(Qt::Key_F));
        flip.setShortcutContext(Qt::WidgetWithChildrenShortcut);
    }
    ~KeyBindingsTest() override { KeyBindings(actions(), settings).resetAll(); }
    QList<QAction *> actions() { return {&open, &fit, &flip}; }

    Settings settings;
    QAction open, fit, flip;
};

TEST_F(KeyBindingsTest, ANewKeyOutlivesTheProgram)
{
    KeyBindings(actions(), settings).bind(&open, QKeySequence(Qt::Key_F9));
    open.setShortcut(QKeySequence(Qt::CTRL | Qt::Key_O)); // as the next start makes it
    const KeyBindings next(actions(), settings);
    EXPECT_EQ(open.shortcut(), QKeySequence(Qt::Key_F9));
    EXPECT_TRUE(next.isChanged(&open));
}

TEST_F(KeyBindingsTest, AKeyHasOneOwnerButPanesMayShareIt)
{
    KeyBindings bindings(actions(), settings);
    EXPECT_EQ(bindings.owner(QKeySequence(Qt::Key_F), &fit), nullptr);
    bindings.bind(&open, QKeySequence(Qt::Key_F));
    EXPECT_TRUE(fit.shortcut().isEmpty());
    EXPECT_TRUE(flip.shortcut().isEmpty());
    bindings.resetAll();
    EXPECT_EQ(fit.shortcut(), QKeySequence(Qt::Key_F));
    EXPECT_FALSE(bindings.isChanged(&open));
}

TEST_F(KeyBindingsTest, TheListSetsTheKeyOfTheSelectedAction)
{
    const Theme theme;
    KeyBindings bindings(actions(), settings);
    QWidget window;
    auto *list = new ShortcutList(bindings, theme, &window);
    list->show();
    auto *view = list->findChild<QTreeView *>();
    view->setCurrentIndex(view->model()->index(0, 0));
    list->findChild<QKeySequenceEdit *>()->setKeySequence(QKeySequence(Qt::Key_F7));
    for (auto *button : list->findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("&Set key")) {
            button->click();
        }
    }
    EXPECT_EQ(open.shortcut(), QKeySequence(Qt::Key_F7));
}

TEST(FileWatchTest, TellsOnceWhenAFileWasWrittenAgain)
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.onnx"));
    const auto write = [&path](const char *text) {
        QFile file(path);
        ASSERT_TRUE(file.open(QIODevice::WriteOnly));
        file.write(text);
    };
    write("one");
    SessionConfig config;
    config.baseline.model = path.toStdString();
    FileWatch watch;
    watch.watch(config);
    QSignalSpy changed(&watch, &FileWatch::changed);
    write("another");
    ASSERT_TRUE(changed.wait(5000));
    EXPECT_EQ(changed.count(), 1);
    EXPECT_EQ(changed[0][0].toStringList(), QStringList{path});

    ASSERT_TRUE(QFile::remove(path)); // exporters replace files
    write("a third one");
    ASSERT_TRUE(changed.wait(5000));
}

TEST(NoticeBarTest, IsHiddenUntilThereIsSomethingToDo)
{
    NoticeBar bar;
    EXPECT_TRUE(bar.isHidden());
    bar.ask(QStringLiteral("a.onnx changed"), QStringLiteral("&Compare again"));
    EXPECT_FALSE(bar.isHidden());
    QSignalSpy accepted(&bar, &NoticeBar::accepted);
    for (auto *button : bar.findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("&Compare again")) {
            button->click();
        }
    }
    EXPECT_TRUE(bar.isHidden());
    EXPECT_EQ(accepted.count(), 1);
}

TEST(RunSettingsTest, WhatIsShownIsWhatComesBack)
{
    const Theme theme;
    RunSettings form(theme);
    SessionConfig config;
    config.metric = "sqnr";
    config.settings.peak = {Peak::Mode::Fixed, 2.5};
    config.attribution = AttributionLevel::Replay;
    config.inputs.seed = 7;
    config.inputs.samples = 3;
    config.inputs.shapes["image"] = Shape{1, 3, 8, 8};
    config.inputs.perInput["scale"] = {InputFill::Kind::Number, 0.5, {}};
    config.inputs.pictures = {
        {0.485, 0.456, 0.406}, {0.229}, PictureSettings::Layout::Nhwc, PictureSettings::Fit::Crop};
    config.repeat = 4;
    config.warmup = 1;
    config.minCoverage = 0.25;
    config.map.pairs = {{"a", "b"}}; // made by hand: no file stands for them
    form.setConfig(config);
    SessionConfig back = config;
    ASSERT_TRUE(form.applyTo(back));
    EXPECT_EQ(back, config);
}

TEST(RunSettingsTest, TextThatIsNotOfTheFormIsASentence)
{
    const Theme theme;
    RunSettings form(theme);
    for (auto *edit : form.findChildren<QLineEdit *>()) {
        if (edit->accessibleName() == QStringLiteral("Dynamic extents")) {
            edit->setText(QStringLiteral("image=1,x"));
        }
    }
    SessionConfig config;
    const auto applied = form.applyTo(config);
    ASSERT_FALSE(applied);
    EXPECT_NE(applied.error().message.find("1,x"), std::string::npos);
}

TEST(RunSettingsTest, ADeviationOfZeroIsRefused)
{
    const Theme theme;
    RunSettings form(theme);
    SessionConfig config;
    config.inputs.pictures.std = {0.5, 0.0};
    form.setConfig(config);
    const auto applied = form.applyTo(config);
    ASSERT_FALSE(applied);
    EXPECT_NE(applied.error().message.find("--std"), std::string::npos);
}

TEST(ElidedLabelTest, KeepsRoomForAllItsLinesWhenOthersPress)
{
    QWidget window;
    auto *label = new ElidedLabel(&window);
    label->setMostLines(2);
    label->setFullText(QStringLiteral("many words that do not fit into one line of this width"));
    auto *column = new QVBoxLayout(&window);
    column->addWidget(label);
    auto *greedy = new QWidget(&window);
    greedy->setMinimumHeight(400);
    column->addWidget(greedy);
    window.resize(200, 100);
    window.show();
    QCoreApplication::processEvents();
    EXPECT_EQ(label->text().count(QLatin1Char('\n')), 1) << "two lines";
    EXPECT_GE(label->height(), 2 * label->fontMetrics().lineSpacing());
}

TEST(FlowLayoutTest, GoesOnInAFurtherRowWhereTheWidthEnds)
{
    QWidget bar;
    auto *flow = new FlowLayout(&bar);
    flow->setContentsMargins(0, 0, 0, 0);
    flow->setSpacing(4);
    for (int i = 0; i < 3; ++i) {
        auto *control = new QWidget(&bar);
        control->setFixedSize(100, 20);
        flow->insertWidget(0, control); // the first stands last
    }
    EXPECT_EQ(flow->minimumSize(), QSize(100, 20));
    EXPECT_EQ(flow->sizeHint(), QSize(308, 20));
    EXPECT_EQ(flow->heightForWidth(308), 20);
    EXPECT_EQ(flow->heightForWidth(307), 44);
    flow->setGeometry({0, 0, 210, 100});
    EXPECT_EQ(flow->itemAt(1)->geometry().topLeft(), QPoint(104, 0));
    EXPECT_EQ(flow->itemAt(2)->geometry().topLeft(), QPoint(0, 24));
}

TEST(BookmarkMenuTest, WithoutAComparisonNothingIsSet)
{
    Theme theme;
    Selection selection;
    SessionController controller{CompareEnvironment{}};
    QWidget window;
    BookmarkMenu menu({selection, controller, theme}, &window);
    menu.set(1);
    EXPECT_TRUE(menu.saveState().isEmpty());
    const QJsonObject state{
        {QStringLiteral("3"), QJsonObject{{QStringLiteral("value"), QStringLiteral("masks")}}}};
    menu.restoreState(state);
    EXPECT_EQ(menu.saveState(), state);
    EXPECT_EQ(menu.keyActions()[2]->text(), QStringLiteral("Bookmark 3: masks"));
    menu.go(3); // nothing to go to yet
}

} // namespace
} // namespace syncpoint
