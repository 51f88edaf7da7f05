#include "ui/pairing/counterpart_dialog.h"

#include "ui/models/result_index.h"
#include "ui/theme/theme.h"

#include <QDialogButtonBox>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QRegularExpression>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QVBoxLayout>
#include <algorithm>

namespace syncpoint {

namespace {

constexpr int kNameRole = Qt::UserRole;

struct Offer
{
    std::string name;
    QString text;
    int distance = 0; ///< 0 fits best
};

std::string opTypeOf(const Graph &graph, ValueId value)
{
    const NodeId producer = graph.value(value).producer;
    return producer.isValid() ? graph.node(producer).opType : std::string("input");
}

/// Constants are never compared; everything else may be the counterpart.
std::vector<Offer> offersFor(const ComparisonResult &result, Side side, ValueId value)
{
    const Side other = side == Side::Baseline ? Side::Candidate : Side::Baseline;
    const Graph &own = *sideOf(result, side).graph;
    const Graph &graph = *sideOf(result, other).graph;
    const auto &outcomes =
        other == Side::Baseline ? result.alignment.reference : result.alignment.candidate;
    const std::string type = opTypeOf(own, value);
    std::vector<Offer> offers;
    for (std::size_t i = 0; i < graph.values().size() && i < outcomes.size(); ++i) {
        const Value &data = graph.values()[i];
        if (data.isConstant) {
            continue;
        }
        const bool isFree = outcomes[i].lacksCounterpart();
        const std::string otherType = opTypeOf(graph, ValueId{i});
        Offer offer;
        offer.name = graph.qualifiedName(ValueId{i});
        offer.text = QStringLiteral("%1   %2%3")
                         .arg(QString::fromStdString(offer.name), QString::fromStdString(otherType),
                              isFree ? QStringLiteral("   no counterpart yet") : QString());
        offer.distance = (isFree ? 0 : 4) + (otherType == type ? 0 : 2) +
                         (data.shape == own.value(value).shape ? 0 : 1);
        offers.push_back(std::move(offer));
    }
    std::stable_sort(offers.begin(), offers.end(),
                     [](const Offer &a, const Offer &b) { return a.distance < b.distance; });
    return offers;
}

} // namespace

CounterpartDialog::CounterpartDialog(const std::shared_ptr<const ComparisonResult> &result,
                                     const Selection::Item &item, QWidget *parent)
    : QDialog(parent), m_side(item.side), m_search(new QLineEdit(this)),
      m_view(new QListView(this)), m_filter(new QSortFilterProxyModel(this))
{
    constexpr QSize kSize(640, 440);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(QStringLiteral("Pair by hand"));
    const ValueId value = pairedValueOf(*result, item);
    m_name = sideOf(*result, m_side).graph->qualifiedName(value);
    auto *model = new QStandardItemModel(this);
    for (const Offer &offer : offersFor(*result, m_side, value)) {
        auto *row = new QStandardItem(offer.text);
        row->setData(QString::fromStdString(offer.name), kNameRole);
        row->setEditable(false);
        model->appendRow(row);
    }
    m_filter->setSourceModel(model);
    m_view->setModel(m_filter);
    m_view->setUniformItemSizes(true);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setAccessibleName(QStringLiteral("Values of the other side"));
    m_search->setPlaceholderText(QStringLiteral("Search names and op types"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);

    auto *question =
        new QLabel(QStringLiteral("Which value of the %1 holds the same numbers as %2?")
                       .arg(m_side == Side::Baseline ? QStringLiteral("candidate")
                                                     : QStringLiteral("baseline"),
                            QString::fromStdString(m_name)),
                   this);
    question->setTextFormat(Qt::PlainText);
    question->setWordWrap(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto *accept = buttons->addButton(QStringLiteral("&Pair"), QDialogButtonBox::AcceptRole);
    accept->setProperty("primary", true);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(2 * Theme::kGrid);
    layout->addWidget(question);
    layout->addWidget(m_search);
    layout->addWidget(m_view, 1);
    layout->addWidget(buttons);
    resize(kSize);
    connect(buttons, &QDialogButtonBox::accepted, this, &CounterpartDialog::choose);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_view, &QListView::doubleClicked, this, &CounterpartDialog::choose);
    connect(m_search, &QLineEdit::textChanged, this, &CounterpartDialog::search);
    search({});
    m_search->setFocus();
}

void CounterpartDialog::search(const QString &words)
{
    QString pattern = QStringLiteral("^");
    for (const QString &word : words.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        pattern += QStringLiteral("(?=.*%1)").arg(QRegularExpression::escape(word));
    }
    m_filter->setFilterRegularExpression(
        QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption));
    m_view->setCurrentIndex(m_filter->index(0, 0));
}

void CounterpartDialog::choose()
{
    const QModelIndex index = m_view->currentIndex();
    if (!index.isValid()) {
        return;
    }
    const std::string other = index.data(kNameRole).toString().toStdString();
    accept();
    Q_EMIT chosen(m_side == Side::Baseline ? NamePair{m_name, other} : NamePair{other, m_name});
}

} // namespace syncpoint
