#pragma once
#include <QApplication>

namespace syncpoint::bench {

/// What widgets need to be painted without a display.
class OffscreenApplication
{
    bool m_isOffscreen = qputenv("QT_QPA_PLATFORM", "offscreen");
    int m_count = 1;
    char m_name[16] = "syncpoint-bench";
    char *m_arguments[2] = {m_name, nullptr};
    QApplication m_application{m_count, m_arguments};
};

} // namespace syncpoint::bench
