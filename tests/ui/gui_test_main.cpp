#include <QApplication>
#include <QStandardPaths>
#include <gtest/gtest.h>

int main(int argc, char **argv)
{
    // Tests need neither a display nor the user's own settings.
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    QApplication::setOrganizationName("syncpoint-test");
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
