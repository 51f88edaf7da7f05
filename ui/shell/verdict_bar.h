#pragma once
#include "compare/session/comparison_result.h"

#include <QWidget>
#include <memory>

class QLabel;
class QToolButton;

namespace syncpoint {

class ElidedLabel;
class Selection;
class Theme;

/// What a comparison found in two lines: where the error starts and what the outputs cost, then
/// coverage, counts and the module that adds most.
class VerdictBar : public QWidget
{
    Q_OBJECT
public:
    VerdictBar(Selection &selection, const Theme &theme, QWidget *parent = nullptr);
    void setResult(std::shared_ptr<const ComparisonResult> result);

private:
    void fill();
    void fillAlone(); ///< one model without a comparison
    void showCounts();
    void goToStart();

    Selection &m_selection;
    const Theme &m_theme;
    std::shared_ptr<const ComparisonResult> m_result;
    QLabel *m_shape;
    ElidedLabel *m_sentence;
    QToolButton *m_start;
    ElidedLabel *m_facts;
    QLabel *m_counts;
};

/// "int4.onnx against baseline.onnx" facts for tests and the bar, separated by " · ".
QString outputText(const ComparisonResult &result);
QString coverageText(const ComparisonResult &result);
/// The outermost module that introduces most error, with its parameter share; empty when none does
/// and when the verdict's sentence names a module already.
QString worstModuleText(const ComparisonResult &result);
/// The worst severity among the model outputs; nothing when none was compared.
std::optional<Severity> outputSeverity(const ComparisonResult &result);

} // namespace syncpoint
