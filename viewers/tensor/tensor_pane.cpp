#include "viewers/tensor/tensor_pane.h"

#include "ui/theme/theme.h"
#include "viewers/tensor/axis_bar.h"
#include "viewers/tensor/color_planes.h"
#include "viewers/tensor/range_bar.h"
#include "viewers/tensor/tensor_details.h"
#include "viewers/tensor/tensor_export.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSplitter>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace syncpoint {

namespace {
/// An energy ratio as a signal-to-noise ratio: "23.1 dB".
QString ratioText(double nsr)
{
    return nsr > 0.0 ? QStringLiteral("%1 dB").arg(-10.0 * std::log10(nsr), 0, 'f', 1)
                     : TensorPane::tr("exact");
}

bool hasNonfinite(const Plane &plane, std::size_t tile)
{
    const std::size_t top = tile / plane.tilesAcross * plane.tileRows();
    const std::size_t left = tile % plane.tilesAcross * plane.tileColumns();
    for (std::size_t row = top; row < top + plane.tileRows(); ++row) {
        for (std::size_t column = left; column < left + plane.tileColumns(); ++column) {
            if (!std::isfinite(plane.at(row, column))) {
                return true;
            }
        }
    }
    return false;
}

} // namespace

TensorPane::TensorPane(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_stack(new QStackedLayout),
      m_pictures(new PlanePictures(theme, this)), m_message(new QLabel(this)),
      m_readout(new QLabel(this)), m_badge(new QLabel(this)), m_index(new QLineEdit(this)),
      m_rangeBar(new RangeBar(theme, this)), m_candidateBar(new RangeBar(theme, this)),
      m_axisBar(new AxisBar(this)), m_details(new TensorDetails(theme, this)),
      m_sheet(addToggle(QStringLiteral("tensor.sheet"), tr("Contact sheet of all slices"))),
      m_color(addToggle(QStringLiteral("tensor.color"), tr("Three channels as a colour picture"))),
      m_ownRanges(addToggle(QStringLiteral("tensor.ownRanges"), tr("Each side in its own range"))),
      m_marksOutside(
          addToggle(QStringLiteral("tensor.markOutside"), tr("Mark values outside the range"))),
      m_marksNegative(addToggle(QStringLiteral("tensor.markNegative"), tr("Mark negative values"))),
      m_showsDetails(addToggle(QStringLiteral("tensor.details"),
                               tr("Statistics, numbers, profile, scatter and channels")))
{
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setContentsMargins(24, 24, 24, 24);
    m_readout->setFont(theme.monoFont());
    m_readout->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_index->setFont(theme.monoFont());
    m_index->setPlaceholderText(tr("index, as 0, 3, 17"));
    m_index->setAccessibleName(tr("Go to index"));
    m_index->setMaximumWidth(m_index->fontMetrics().averageCharWidth() * 24);
    m_index->hide();
    connect(m_index, &QLineEdit::returnPressed, this, &TensorPane::goToTypedIndex);
    connect(m_index, &QLineEdit::editingFinished, m_index, &QWidget::hide);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_index);
    foot->addWidget(m_readout, 1);
    foot->addWidget(m_badge);

    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(8, 4, 8, 4);
    column->setSpacing(4);
    column->addWidget(makeControls());
    auto *middle = new QSplitter(Qt::Horizontal, content);
    middle->setChildrenCollapsible(false);
    middle->addWidget(m_pictures);
    middle->addWidget(m_details);
    middle->setStretchFactor(0, 1);
    m_details->hide();
    column->addWidget(middle, 1);
    column->addWidget(m_rangeBar);
    column->addWidget(m_candidateBar);
    m_candidateBar->hide();
    column->addLayout(foot);

    setLayout(m_stack);
    m_stack->addWidget(m_message);
    m_stack->addWidget(content);

    connect(m_rangeBar, &RangeBar::rangeDragged, this, &TensorPane::keepDragged);
    connect(m_candidateBar, &RangeBar::rangeDragged, this, &TensorPane::keepDragged);
    connect(m_ownRanges, &QAction::toggled, this, &TensorPane::resetRanges);
    connect(m_color, &QAction::toggled, m_axisBar, &AxisBar::setColor);
    connect(m_axisBar, &AxisBar::axesChanged, this, &TensorPane::updatePlanes);
    connect(&m_pictures->camera(), &PlaneCamera::cursorChanged, this, &TensorPane::updateReadout);
    connect(m_sheet, &QAction::toggled, this, [this](bool on) {
        m_pictures->camera().pick(std::nullopt);
        m_pictures->camera().fit();
        m_axisBar->setSheet(on);
    });
    m_showsDetails->setShortcut(Qt::SHIFT | Qt::Key_V);
    connect(m_showsDetails, &QAction::toggled, this, [this](bool on) {
        m_details->setVisible(on);
        m_details->setContent(&m_content);
    });
    connect(m_details, &TensorDetails::cellClicked, this, [this](QPoint cell) {
        m_pictures->camera().hover(std::nullopt);
        m_pictures->camera().pick(cell);
    });
    connect(m_details, &TensorDetails::channelClicked, this, &TensorPane::showChannel);
    connect(m_marksOutside, &QAction::toggled, this, &TensorPane::updateColors);
    connect(m_marksNegative, &QAction::toggled, this, &TensorPane::updateColors);
}

void TensorPane::setContent(TensorContent content)
{
    const bool sameShape = content.shape == m_content.shape;
    m_pictures->clear();
    m_content = std::move(content);
    if (m_content.reference.values.empty() && m_content.candidate.values.empty()) {
        showMessage(m_content.problem.empty() ? tr("No values were captured here.")
                                              : QString::fromStdString(m_content.problem));
        return;
    }
    m_stack->setCurrentIndex(1);
    if (!sameShape) {
        m_pictures->camera().pick(std::nullopt);
        m_pictures->camera().fit();
    }
    m_axisBar->setShape(m_content.shape);
    m_pictures->baseline().setSubtitle(QString::fromStdString(m_content.reference.type));
    m_pictures->candidate().setSubtitle(QString::fromStdString(m_content.candidate.type));
    m_pictures->baseline().setToolTip(QString::fromStdString(m_content.reference.name));
    m_pictures->candidate().setToolTip(QString::fromStdString(m_content.candidate.name));
    updateDifference();
    resetRanges();
    updatePlanes();
    m_details->setContent(&m_content);
}

void TensorPane::showMessage(const QString &text)
{
    m_pictures->clear();
    m_content = {};
    m_details->setContent(nullptr);
    m_message->setText(text);
    m_stack->setCurrentIndex(0);
}

DifferenceKind TensorPane::differenceKind() const
{
    return static_cast<DifferenceKind>(m_kind->currentIndex());
}

void TensorPane::updateDifference()
{
    m_pictures->difference().setPlane({}, Reduction::Largest);
    m_difference = m_content.hasBoth()
                       ? difference(m_content.reference.values, m_content.candidate.values,
                                    differenceKind(), m_content.step)
                       : FloatArray();
    const ValueRange extent = extentOf(m_difference.values(), {});
    m_largestDifference = std::max(std::abs(extent.low), std::abs(extent.high));
}

void TensorPane::updatePlanes()
{
    const PlaneAxes &axes = m_axisBar->axes();
    const auto show = [this, &axes](PlaneView &view, const std::vector<float> &values) {
        if (axes.color) {
            view.setColorPlanes(extractColors(values, m_content.shape, axes));
        } else {
            view.setPlane(extractPlane(values, m_content.shape, axes), Reduction::Mean);
        }
    };
    show(m_pictures->baseline(), m_content.reference.values);
    show(m_pictures->candidate(), m_content.candidate.values);
    m_pictures->difference().setPlane(
        axes.color ? largestOf(extractColors(m_difference.values(), m_content.shape, axes))
                   : extractPlane(m_difference.values(), m_content.shape, axes),
        Reduction::Largest);
    m_details->renewPlanes();
    const QStringList names = tileNames();
    for (PlaneView *view :
         {&m_pictures->baseline(), &m_pictures->candidate(), &m_pictures->difference()}) {
        view->setTileNames(names);
    }
    updateColors();
    updateReadout();
}

/// Of a contact sheet: the slice's index, and how good it is where channels were scored.
QStringList TensorPane::tileNames() const
{
    QStringList names;
    const auto sheet = m_axisBar->axes().sheet;
    const auto &channels = m_content.channels;
    for (std::size_t i = 0; sheet && i < m_pictures->plane().tiles; ++i) {
        QString name = QString::number(i);
        if (channels && channels->axis == *sheet && i < channels->nsr.size()) {
            // Scores are of pairs of finite numbers: "exact" would hide the others.
            const Plane &errors = m_pictures->difference().plane();
            const bool isLost = !errors.isEmpty() && hasNonfinite(errors, i);
            name += QStringLiteral(" · ") + (isLost ? tr("NaN") : ratioText(channels->nsr[i]));
        }
        names << name;
    }
    return names;
}

void TensorPane::exportTensor()
{
    if (const QString said = askAndExport(*this); !said.isEmpty()) {
        m_readout->setText(said);
    }
}

void TensorPane::copyValue()
{
    QGuiApplication::clipboard()->setText(m_readout->text());
}

void TensorPane::copyPictures()
{
    QGuiApplication::clipboard()->setImage(pictureWithBars(*m_pictures));
}

void TensorPane::setMode(PictureMode mode)
{
    m_mode->setCurrentIndex(static_cast<int>(mode));
}

void TensorPane::cycleMode()
{
    m_mode->setCurrentIndex((m_mode->currentIndex() + 1) % kPictureModes);
}

} // namespace syncpoint
