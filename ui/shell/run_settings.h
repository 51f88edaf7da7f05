#pragma once
#include "compare/session/session_config.h"
#include "core/base/result.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace syncpoint {

class PathField;
class Theme;

/// What a run and its scoring may be told beyond models and inputs: the options of the command line
/// under the same names.
class RunSettings : public QWidget
{
    Q_OBJECT
public:
    explicit RunSettings(const Theme &theme, QWidget *parent = nullptr);

    void setConfig(const SessionConfig &config);
    /// Writes the form into `config`; fails (BadInput) on text that is not of the documented form.
    Result<void> applyTo(SessionConfig &config) const;

private:
    Result<void> applyInputs(InputSource &inputs) const;
    Result<void> applyPictures(PictureSettings &pictures) const;
    Result<void> applyMap(SessionConfig &config) const;
    void addPictureRows();
    QSpinBox *addNumber(const QString &label, const QString &toolTip, int most);
    void addRow(const QString &label, QWidget *field, const QString &toolTip);

    QComboBox *m_metric;
    QComboBox *m_peak;
    QDoubleSpinBox *m_fixedPeak;
    QComboBox *m_attribute;
    QLineEdit *m_provider;
    QLineEdit *m_fills;
    QLineEdit *m_shapes;
    QLineEdit *m_mean;
    QLineEdit *m_std;
    QComboBox *m_fit;
    QComboBox *m_layout;
    QDoubleSpinBox *m_minCoverage;
    PathField *m_map;
    QSpinBox *m_seed;
    QSpinBox *m_samples;
    QSpinBox *m_repeat;
    QSpinBox *m_warmup;
    int m_rows = 0;
};

} // namespace syncpoint
