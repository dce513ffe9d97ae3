"""One feature: how its two distributions differ, and which bins make the difference."""

from dashboard import loading, parts

report = loading.compared()
parts.feature_card(parts.chosen(report.features), heading="h1")
